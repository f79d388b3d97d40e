//! `memoranda import django-crm`

use crate::{
    cli::{
        Failure, help_with, logging, open, output, progress,
        table::{Format, Tabular},
    },
    settings::{Group, Scope, SettingArgs, Values},
};
use clap::Args;
use entity::{UserRole, WorkStatus};
use import::{DEFAULT_NAME, ImportError, OddityCount, Options, Report, TableCounts};
use service::blobs::FileStore;
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

const EXAMPLES: &str = "  memoranda import django-crm --from sqlite:///srv/crm/db.sqlite3 --dry-run
  memoranda import django-crm --from postgres://crm@localhost/crm --media /srv/crm/media
  memoranda import django-crm --from mysql://crm@localhost/crm --media media.tar.gz \\
    --map chiefs=chief --map 'department heads=chief' --report report.json
  memoranda import django-crm --from dump.json.gz";

/// Take over people, memos, work, discussions and files of a Django CRM
///
/// Run it as often as you want: it brings what is new or has changed there, and leaves alone what
/// was changed or deleted here. If it is interrupted, run it again. Nobody is notified.
#[derive(Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct DjangoCrm {
    /// The CRM's database (sqlite://…, postgres://…, mysql://…), or a file that `manage.py
    /// dumpdata` wrote. Nothing is written there
    #[arg(long, value_name = "SOURCE")]
    from: String,
    /// The CRM's files: the folder `MEDIA_ROOT`, or a tar archive of it
    #[arg(long, value_name = "DIR|TAR")]
    media: Option<PathBuf>,
    /// Write nothing: only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Write the report as JSON into this file, with every oddity
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The role of the people in a group: member, chief or admin. Usually `chiefs=chief` and
    /// `is_superuser=admin`. The highest role counts
    #[arg(long = "map", value_name = "GROUP=ROLE", value_parser = role)]
    roles: Vec<(String, UserRole)>,
    /// The stage of tasks and projects at a stage of this name: `open`, `in_progress`,
    /// `done` or `cancelled`. Usually the stage's flags decide
    #[arg(long = "stage", value_name = "NAME=STAGE", value_parser = stage)]
    stages: Vec<(String, WorkStatus)>,
    /// The name by which rows remember where they come from. Each CRM needs its own
    #[arg(long, value_name = "NAME", default_value = DEFAULT_NAME, value_parser = source_name)]
    source_name: String,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for DjangoCrm {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Files, Group::Common];
}

impl DjangoCrm {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        // The server would keep what the import changes in its own memory and locks. On PostgreSQL
        // both share the database, so the server may go on.
        let _lock = match self.dry_run {
            true => None,
            false => open::lock_for_server(&values)?,
        };
        // An unwritable report is noticed before hours of work.
        let report_file = self.report.as_deref().map(create).transpose()?;
        let database =
            open::connect_to_migrated(&values, "apply them with `memoranda migrate`").await?;
        let services = open::services(database);
        let store = file_store(&values, &services, self.dry_run).await?;
        let options = Options {
            name: self.source_name,
            media: self.media,
            dry_run: self.dry_run,
            roles: self.roles,
            stages: self.stages,
            ..Options::new(self.from)
        };
        let terminal = progress::Terminal::default();
        let report = import::run(&services, &store, &options, &terminal).await.map_err(failure)?;
        services.database.close().await?;
        if let Some((path, file)) = report_file {
            report.write_json(BufWriter::new(file)).await.map_err(failure)?;
            output::note(&format!("report: {}", path.display()));
        }
        print(&self.format, &report)
    }
}

/// The file store. A dry run stores nothing, so it leaves alone the right one.
async fn file_store(
    values: &Values,
    services: &service::Services,
    dry_run: bool,
) -> Result<FileStore, Failure> {
    if dry_run {
        return Ok(FileStore::open(&std::env::temp_dir().display().to_string())?);
    }
    let store = open::file_store(values, &services.database).await?;
    open::verify_files(values, services, &store).await?;
    Ok(store)
}

fn create(path: &Path) -> Result<(PathBuf, File), Failure> {
    let file = File::create(path).map_err(|error| {
        Failure::usage(format_args!(
            "--report: {} cannot be written ({error}): give the path of a file",
            path.display()
        ))
    })?;
    Ok((path.to_owned(), file))
}

fn failure(error: ImportError) -> Failure {
    match error {
        ImportError::Service(error) => Failure::from(error),
        ImportError::Refused(text) => Failure::failed(text),
        other => Failure::failed(format_args!(
            "{other}. What was imported stays; run the same command again to go on"
        )),
    }
}

fn role(text: &str) -> Result<(String, UserRole), String> {
    const ROLES: [UserRole; 3] = [UserRole::Member, UserRole::Chief, UserRole::Admin];
    pair(text, "ROLE", "member, chief or admin", |word| {
        ROLES.into_iter().find(|role| role.as_str().eq_ignore_ascii_case(word))
    })
}

fn stage(text: &str) -> Result<(String, WorkStatus), String> {
    const STAGES: [WorkStatus; 4] =
        [WorkStatus::Open, WorkStatus::InProgress, WorkStatus::Done, WorkStatus::Cancelled];
    pair(text, "STAGE", "open, in_progress, done or cancelled", |word| {
        STAGES.into_iter().find(|stage| stage.as_str().eq_ignore_ascii_case(word))
    })
}

/// A name, and one of the words after the last equals sign. Names of groups may contain others.
fn pair<T>(
    text: &str,
    what: &str,
    words: &str,
    find: impl Fn(&str) -> Option<T>,
) -> Result<(String, T), String> {
    let (name, word) = text.rsplit_once('=').ok_or(format!("give NAME={what}"))?;
    let found = find(word.trim()).ok_or(format!("{what} is {words}"))?;
    Ok((name.trim().to_owned(), found))
}

fn source_name(text: &str) -> Result<String, String> {
    let fits = (1..=64).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if fits {
        return Ok(text.to_owned());
    }
    Err("give 1 to 64 letters, digits, dots, hyphens or underscores".to_owned())
}

fn print(format: &Format, report: &Report) -> Result<(), Failure> {
    let tables: Vec<TableRow> = report.tables().into_iter().map(TableRow).collect();
    format.list(&tables)?;
    let oddities: Vec<OddityRow> = report.oddities().into_iter().map(OddityRow).collect();
    if !oddities.is_empty() && !format.is_json() {
        output::print("")?;
        format.list(&oddities)?;
    }
    for (guess, memos) in report.inferred() {
        output::note(&format!("guessed for {memos} memos: {guess}"));
    }
    let others: Vec<String> = report
        .not_taken()
        .iter()
        .filter(|(_, (rows, _))| *rows > 0)
        .map(|(table, (rows, _))| format!("{table} ({rows})"))
        .collect();
    if !others.is_empty() {
        output::note(&format!("not taken over, with their rows: {}", others.join(", ")));
    }
    if report.is_dry_run() {
        output::note("nothing was written: this was a dry run");
    }
    Ok(())
}

#[derive(serde::Serialize)]
#[serde(transparent)]
struct TableRow(TableCounts);

impl Tabular for TableRow {
    const HEADINGS: &'static [&'static str] =
        &["SOURCE TABLE", "READ", "MADE", "MERGED", "CHANGED", "UNCHANGED", "STAYED", "LEFT OUT"];

    fn cells(&self) -> Vec<String> {
        let TableCounts { table, counts } = &self.0;
        let reasons: Vec<String> =
            counts.left_out.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        let left_out = match counts.total_left_out() {
            0 => "0".to_owned(),
            total => format!("{total}: {}", reasons.join(", ")),
        };
        let numbers = [
            counts.read,
            counts.made,
            counts.merged,
            counts.changed,
            counts.unchanged,
            counts.stayed,
        ];
        let mut cells = vec![table.clone()];
        cells.extend(numbers.map(|number| number.to_string()));
        cells.push(left_out);
        cells
    }
}

#[derive(serde::Serialize)]
#[serde(transparent)]
struct OddityRow(OddityCount);

impl Tabular for OddityRow {
    const HEADINGS: &'static [&'static str] = &["ODDITY", "ROWS", "WHAT WAS DONE", "FOR EXAMPLE"];

    fn cells(&self) -> Vec<String> {
        let OddityCount { code, sentence, rows, examples } = &self.0;
        let cells = [*code, &rows.to_string(), *sentence, &examples.join(", ")];
        cells.map(ToOwned::to_owned).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_name_a_group_and_a_role() {
        assert_eq!(role("chiefs=chief"), Ok(("chiefs".to_owned(), UserRole::Chief)));
        assert_eq!(role("a = b=ADMIN"), Ok(("a = b".to_owned(), UserRole::Admin)));
        assert_eq!(role("chiefs"), Err("give NAME=ROLE".to_owned()));
        assert_eq!(role("chiefs=boss"), Err("ROLE is member, chief or admin".to_owned()));
        assert_eq!(stage("on hold=open"), Ok(("on hold".to_owned(), WorkStatus::Open)));
        assert!(source_name("crm 2").is_err() && source_name("crm-2").is_ok());
    }
}
