//! `memoranda ledger`

use super::{Failure, help_with, logging, open, output};
use crate::{
    auth::TokenKeys,
    settings::{
        Group, Row, Scope, SettingArgs,
        table::{files::FILE_STORE_TIMEOUT, ledger::LEDGER},
    },
};
use clap::{ArgGroup, Args, Subcommand};
use entity::LedgerKind;
use service::{
    ids,
    ledger::{self, LedgerKeys, Obstacle, Step, Subject},
    ledger_replay::{self, StepResult},
};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "  memoranda ledger verify
  memoranda ledger replay --dry-run    after a backup was restored: what does the database lack?
  memoranda ledger replay --apply      repeat it, before the servers start";

const MIGRATE: &str = "apply them with `memoranda migrate`";

/// Check the ledger, and repeat on a restored database what the database lacks
#[derive(Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Ledger {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Verify(Verify),
    Replay(Replay),
}

/// Prove that nobody has changed, moved or removed a line
#[derive(Args)]
struct Verify {
    #[command(flatten)]
    former: FormerSecrets,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

/// Delete, restore, purge and erase again what the ledger knows and the database does not
#[derive(Args)]
#[command(group = ArgGroup::new("mode").required(true).args(["dry_run", "apply"]))]
struct Replay {
    /// Only list it
    #[arg(long)]
    dry_run: bool,
    /// Do it. If it is interrupted, run it again
    #[arg(long)]
    apply: bool,
    #[command(flatten)]
    former: FormerSecrets,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

#[derive(Args)]
struct FormerSecrets {
    /// A file with former values of jwt-secret, one on each line. They check the lines from their
    /// time
    #[arg(long, value_name = "FILE")]
    former_secrets: Option<PathBuf>,
}

impl Scope for Verify {
    const GROUPS: &'static [Group] = &[Group::Ledger, Group::Tokens, Group::Common];
    const SINGLE: &'static [&'static Row] = &[&FILE_STORE_TIMEOUT.row];
}

impl Scope for Replay {
    const GROUPS: &'static [Group] =
        &[Group::Ledger, Group::Database, Group::Connections, Group::Tokens, Group::Common];
    const SINGLE: &'static [&'static Row] = &[&FILE_STORE_TIMEOUT.row];
}

impl Ledger {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.what {
            What::Verify(verify) => verify.run().await,
            What::Replay(replay) => replay.run().await,
        }
    }
}

impl FormerSecrets {
    fn add_to(&self, keys: LedgerKeys) -> Result<LedgerKeys, Failure> {
        let Some(path) = &self.former_secrets else { return Ok(keys) };
        let secrets = read(path)?;
        secrets.lines().map(str::trim).filter(|line| !line.is_empty()).try_fold(
            keys,
            |keys, secret| match TokenKeys::ledger_key_of(secret) {
                Ok(key) => Ok(keys.with_former(key)),
                Err(problem) => Err(Failure::usage(format_args!("--former-secrets: {problem}"))),
            },
        )
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::usage(format_args!(
            "--former-secrets: {} cannot be read ({error}): give the path of a text file",
            path.display()
        ))
    })
}

impl Verify {
    async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let place = values.get(&LEDGER)?;
        let keys = self.former.add_to(values.keys()?.ledger_keys())?;
        let ledger = open::ledger_at(&values, &place, keys)?;
        let verified = ledger::verify(&ledger).await?.map_err(|bad| {
            Failure::failed(format_args!(
                "line {} of the ledger is not what was written: {}. Compare it with a copy, and \
                 find out who can write there",
                bad.number, bad.problem
            ))
        })?;
        if let Some((first, count)) = verified.unverified {
            return Err(Failure::failed(format_args!(
                "{count} of {} lines, from line {first} on, were hashed with another jwt-secret: \
                 give it with --former-secrets",
                verified.lines
            )));
        }
        if verified.incomplete {
            output::note(
                "an incomplete line follows: a server is just writing, or has died; the next one \
                 writes it again",
            );
        }
        let last = verified.last.map_or(String::new(), |last| format!(", the last of {last}"));
        output::print(&format!("the ledger is intact: {} lines{last}", verified.lines))
    }
}

impl Replay {
    async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let place = values.get(&LEDGER)?;
        let keys = values.keys()?;
        let database = open::connect_to_migrated(&values, MIGRATE).await?;
        open::check_secret(&values, &database, &keys).await?;
        let ledger = open::ledger_at(&values, &place, self.former.add_to(keys.ledger_keys())?)?;
        let services = open::services(database);
        let mut counts = Counts::default();
        if self.dry_run {
            for step in ledger.compare(&services.database).await?.steps {
                counts.add(&step, step.obstacle);
                output::print(&line(&step, step.obstacle))?;
            }
        } else {
            let mut printed = Ok(());
            ledger_replay::repeat(&services, &ledger, |step, result| {
                let obstacle = match result {
                    StepResult::Repeated => None,
                    StepResult::Unnecessary => return,
                    StepResult::Hindered(obstacle) => Some(obstacle),
                };
                counts.add(step, obstacle);
                if printed.is_ok() {
                    printed = output::print(&line(step, obstacle));
                }
            })
            .await?;
            printed?;
        }
        services.database.close().await?;
        output::print(&counts.summary(self.apply))?;
        if counts.on_hold > 0 {
            return Err(Failure::failed(format_args!(
                "{} steps wait for holds: release the holds, and run this again",
                counts.on_hold
            )));
        }
        Ok(())
    }
}

/// One step, for the operator.
fn line(step: &Step, obstacle: Option<Obstacle>) -> String {
    let what = match step.line.entry.kind {
        LedgerKind::Started => "start",
        LedgerKind::Deleted => "delete",
        LedgerKind::Restored => "restore",
        LedgerKind::Purged => "purge",
        LedgerKind::Erased | LedgerKind::PersonErased => "erase",
    };
    let obstacle = match obstacle {
        None => "",
        Some(Obstacle::OnHold) => "  NOT DONE: on hold",
        Some(Obstacle::Erased) => "  NOT DONE: this database has erased it",
    };
    let subject = match step.subject {
        Subject::Deletion { record, memo } => {
            format!("{}  {}", ids::memo(memo), ids::memo_deletion(record))
        }
        Subject::Person(person) => ids::user(person).to_string(),
    };
    format!("{what:<8} {subject}  {}{obstacle}", step.line.entry.time.format("%F %T UTC"))
}

/// How many steps of each kind there are.
#[derive(Debug, Default)]
struct Counts {
    deletions: u64,
    restores: u64,
    purges: u64,
    erasures: u64,
    people: u64,
    on_hold: u64,
}

impl Counts {
    fn add(&mut self, step: &Step, obstacle: Option<Obstacle>) {
        let count = match (obstacle, step.line.entry.kind) {
            (Some(Obstacle::OnHold), _) => &mut self.on_hold,
            (Some(Obstacle::Erased), _) | (None, LedgerKind::Started) => return,
            (None, LedgerKind::Deleted) => &mut self.deletions,
            (None, LedgerKind::Restored) => &mut self.restores,
            (None, LedgerKind::Purged) => &mut self.purges,
            (None, LedgerKind::Erased) => &mut self.erasures,
            (None, LedgerKind::PersonErased) => &mut self.people,
        };
        *count += 1;
    }

    fn summary(&self, applied: bool) -> String {
        let Self { deletions, restores, purges, erasures, people, .. } = self;
        if deletions + restores + purges + erasures + people == 0 {
            return "nothing to repeat: the database has what the ledger says".to_owned();
        }
        let repeated = if applied { "repeated" } else { "would be repeated" };
        format!(
            "{repeated}: deletions {deletions}, restores {restores}, purges {purges}, erasures \
             {erasures}, erasures of people {people}"
        )
    }
}
