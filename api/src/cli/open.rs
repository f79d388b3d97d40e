//! Opens the database, and puts together what commands work with.

use super::Failure;
use crate::settings::{
    Values, sqlite_file,
    table::{DATABASE_URL, FILE_STORE},
};
use chrono::TimeDelta;
use migration::{Migrator, MigratorTrait};
use service::{
    DeletionSettings, Services,
    clock::{SystemClock, SystemRandomness},
    database::{self, Database},
    files::FileStore,
    memos,
};
use std::sync::Arc;

/// Opens the database; an SQLite file is made if it is not there.
pub(super) async fn connect(values: &Values) -> Result<Database, Failure> {
    let settings = values.database()?;
    database::connect(&settings).await.map_err(|error| {
        let text = error.to_string();
        // An address that cannot be read is quoted, with its password.
        if text.contains(&settings.url) {
            let remedy = "write characters of user and password that mean something in an address as %40 (@), %2F (/), %3A (:) and so on";
            return Failure::usage(values.refuse(&DATABASE_URL, format!("this is no address that can be read: {remedy}")));
        }
        let remedy = "check that it is there and can be reached, and that its address, user and password are right";
        Failure::failed(values.refuse(&DATABASE_URL, format!("it cannot be opened ({text}): {remedy}")))
    })
}

/// Opens the database if it lacks no migration.
pub(super) async fn connect_to_migrated(values: &Values, remedy: &str) -> Result<Database, Failure> {
    let database = connect_if_there(values).await?;
    let pending = pending(database.as_ref()).await?;
    match database {
        Some(database) if pending.is_empty() => Ok(database),
        _ => {
            let problem =
                format!("it lacks {} ({}): {remedy}", migrations(pending.len()), pending.join(", "));
            Err(Failure::failed(values.refuse(&DATABASE_URL, problem)))
        }
    }
}

/// Opens the database unless it is an SQLite file that is not there: asking does not make it.
pub(super) async fn connect_if_there(values: &Values) -> Result<Option<Database>, Failure> {
    if is_missing(values)? { Ok(None) } else { connect(values).await.map(Some) }
}

/// Whether the database is an SQLite file that is not there.
pub(super) fn is_missing(values: &Values) -> Result<bool, Failure> {
    Ok(sqlite_file(&values.get(&DATABASE_URL)?).is_some_and(|file| !file.exists()))
}

/// Names of the migrations that the database lacks; all of them if there is none yet.
pub(super) async fn pending(database: Option<&Database>) -> Result<Vec<String>, Failure> {
    let Some(database) = database else {
        return Ok(Migrator::get_migration_files()
            .iter()
            .map(|migration| migration.name().to_owned())
            .collect());
    };
    database.pending_migrations().await.map_err(|error| {
        if error.to_string().contains("has been applied but its file is missing") {
            return Failure::failed(format_args!(
                "a newer memoranda has migrated this database: run that one ({error})"
            ));
        }
        Failure::from(error)
    })
}

/// Applies the migrations that are missing, and answers their names.
pub(super) async fn migrate(database: &Database) -> Result<Vec<String>, Failure> {
    let missing = pending(Some(database)).await?;
    let Err(error) = database.migrate().await else {
        if !missing.is_empty() {
            // A migration may have made the index of words anew.
            memos::index_stale(database).await.map_err(Failure::failed)?;
        }
        return Ok(missing);
    };
    let left = pending(Some(database)).await?;
    Err(Failure::failed(match left.first() {
        Some(name) => format!(
            "{} of {} applied; {name} failed: {error}",
            missing.len() - left.len(),
            migrations(missing.len())
        ),
        None => error.to_string(),
    }))
}

/// `1 migration`, `2 migrations`.
pub(super) fn migrations(count: usize) -> String {
    format!("{count} {}", if count == 1 { "migration" } else { "migrations" })
}

/// Puts the parts together.
pub(super) fn services(database: Database, file_store: FileStore, deletion: DeletionSettings) -> Services {
    Services {
        database,
        file_store,
        clock: Arc::new(SystemClock),
        randomness: Arc::new(SystemRandomness),
        deletion,
        sends_mail: false,
    }
}

/// Puts the parts together for a command that deletes no memo.
pub(super) fn services_without_deletion(database: Database, file_store: FileStore) -> Services {
    let deletion = DeletionSettings { restorable_for: TimeDelta::zero(), confirmation_key: [0; 32] };
    services(database, file_store, deletion)
}

/// Puts the parts together for a command that touches no file either.
pub(super) fn services_without_files(database: Database) -> Result<Services, Failure> {
    // A folder that is there already: none is made.
    let folder = std::env::temp_dir();
    Ok(services_without_deletion(database, FileStore::open(&folder.to_string_lossy())?))
}

/// Opens the place of the files' bytes; a folder is made if it is not there.
pub(super) fn file_store(values: &Values) -> Result<FileStore, Failure> {
    FileStore::open(&values.get(&FILE_STORE)?).map_err(|error| {
        Failure::usage(format_args!("{error}. The value is from: {}", values.origin(&FILE_STORE)))
    })
}
