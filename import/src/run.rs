//! An import from its beginning to its end.

use crate::{
    Result,
    bytes::{Media, below},
    error::ImportError,
    known::Known,
    options::{Options, STAFF, SUPERUSER},
    reading::Reading,
    report::Report,
    source::Source,
    staging::Staging,
    steps::{self, Context, Ids},
};
use sea_orm::FromQueryResult;
use service::{Services, accounts::NameNumbers, blobs::FileStore, progress::Progress};
use std::{collections::HashSet, path::PathBuf, sync::Arc};

/// Imports everything, or says in a dry run what it would import. An interrupted import goes on
/// when it runs again, and one that is complete imports what is new or has changed.
///
/// # Errors
/// [`ImportError::Refused`] if the operator has to change something. Otherwise, errors of the
/// databases or the file store. What was imported before stays.
pub async fn run(
    services: &Services,
    store: &FileStore,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Report> {
    let source = Source::at(&options.from)?;
    let staging = Arc::new(Staging::create().await?);
    let mut report = Report::new(staging.clone(), options.dry_run);
    let mut writer = Reading::begin(&mut report).await?;
    let connection = services.database.connection();
    let numbers = NameNumbers::read(connection).await?;
    let description = source.read(numbers, &mut writer, progress).await?;
    writer.end().await?;
    report.describe(description);
    check_groups(&staging, options).await?;
    let wanted = wanted_paths(&staging, options).await?;
    let media = Media::open(options.media.as_deref(), staging.folder(), wanted).await?;
    let mut context = Context {
        services,
        store,
        options,
        progress,
        media,
        known: Known::read(connection, &options.name).await?,
        ids: Ids::default(),
        now: services.now(),
        staging,
    };
    steps::people::run(&mut context, &mut report).await?;
    steps::catalogue::run(&mut context, &mut report).await?;
    steps::work::run(&mut context, &mut report).await?;
    steps::memos::run(&context, &mut report).await?;
    steps::work_files::run(&context, &mut report).await?;
    steps::deletions::run(&context, &mut report).await?;
    steps::rest::run(&context, &mut report).await?;
    progress.end();
    tracing::info!(source = %options.name, dry_run = options.dry_run, "import complete");
    Ok(report)
}

/// Refuses a mapping of a group that is not there, because its name may be misspelt.
async fn check_groups(staging: &Staging, options: &Options) -> Result<()> {
    let groups = staging.group_names().await?;
    let is_known = |name: &String| groups.contains(name) || name == SUPERUSER || name == STAFF;
    let Some((unknown, _)) = options.roles.iter().find(|(name, _)| !is_known(name)) else {
        return Ok(());
    };
    let groups: Vec<String> = groups.iter().map(|name| format!("{name:?}")).collect();
    Err(ImportError::refused(format_args!(
        "--map: there is no group {unknown:?}: give one of {}, or {SUPERUSER} or {STAFF}",
        groups.join(", ")
    )))
}

#[derive(FromQueryResult)]
struct PathRow {
    file: String,
}

/// The paths of all files. They are asked for only if an archive has to be unpacked.
async fn wanted_paths(staging: &Staging, options: &Options) -> Result<HashSet<PathBuf>> {
    if !options.media.as_deref().is_some_and(std::path::Path::is_file) {
        return Ok(HashSet::new());
    }
    let sql = "SELECT DISTINCT file FROM common_thefile WHERE coalesce(file, '') <> ''";
    let rows: Vec<PathRow> = staging.find(sql, []).await?;
    Ok(rows.iter().filter_map(|row| below(&row.file)).collect())
}
