//! Opens the database and the file store, and creates the services that commands use.

use super::Failure;
use crate::{
    auth::TokenKeys,
    settings::{
        Values, sqlite_file,
        table::{
            database::{DATABASE_URL, READ_DATABASE_URL},
            files::{FILE_STORE, FILE_STORE_TIMEOUT},
            ledger::LEDGER,
            tokens::JWT_SECRET,
        },
    },
};
use migration::{Migrator, MigratorTrait};
use service::{
    Services,
    blobs::{self, FileStore},
    clock::{SystemClock, SystemRandomness},
    database::{self, Database, DatabaseSettings},
    installation,
    ledger::{self, Ledger, LedgerKeys},
    memos,
};
use std::{
    fs::{File, TryLockError},
    path::PathBuf,
    sync::Arc,
};

/// Opens the database. A missing SQLite file is created.
pub(super) async fn connect(values: &Values) -> Result<Database, Failure> {
    let settings = values.read::<DatabaseSettings>()?;
    database::connect(&settings).await.map_err(|error| {
        let text = error.to_string();
        // The error quotes an address that it cannot parse, with its password.
        if text.contains(&settings.url) {
            let remedy = "in user and password, write special characters as %40 (@), %2F (/), %3A \
                (:) and so on";
            return Failure::usage(
                values.refuse(&DATABASE_URL, format!("this address cannot be read: {remedy}")),
            );
        }
        let remedy = "check that it is there and can be reached, and that its address, user and \
            password are right";
        Failure::failed(
            values.refuse(&DATABASE_URL, format!("it cannot be opened ({text}): {remedy}")),
        )
    })
}

/// How to connect to the standby, if the settings name one.
pub(super) fn standby(values: &Values) -> Result<Option<DatabaseSettings>, Failure> {
    let Some(url) = values.given(&READ_DATABASE_URL)? else { return Ok(None) };
    if sqlite_file(&values.get(&DATABASE_URL)?).is_some() {
        let problem = "database-url is SQLite, which has no standby: remove read-database-url";
        return Err(Failure::usage(values.refuse(&READ_DATABASE_URL, problem)));
    }
    Ok(Some(DatabaseSettings { url, ..values.read()? }))
}

/// The same database, with that standby. It need not answer yet.
pub(super) async fn with_standby(
    values: &Values,
    database: Database,
    settings: &DatabaseSettings,
) -> Result<Database, Failure> {
    let opened = database::with_standby(database, settings).await;
    opened.map_err(|error| Failure::usage(values.refuse(&READ_DATABASE_URL, error.to_string())))
}

/// Opens the database if it has no pending migrations.
pub(super) async fn connect_to_migrated(
    values: &Values,
    remedy: &str,
) -> Result<Database, Failure> {
    let database = connect_if_there(values).await?;
    let pending = pending(database.as_ref()).await?;
    match database {
        Some(database) if pending.is_empty() => Ok(database),
        _ => {
            let problem = format!(
                "it lacks {} ({}): {remedy}",
                migrations(pending.len()),
                pending.join(", ")
            );
            Err(Failure::failed(values.refuse(&DATABASE_URL, problem)))
        }
    }
}

/// Opens the database, unless it is an SQLite file that does not exist: it is not created.
pub(super) async fn connect_if_there(values: &Values) -> Result<Option<Database>, Failure> {
    if is_missing(values)? { Ok(None) } else { connect(values).await.map(Some) }
}

/// Whether the database is an SQLite file that does not exist.
pub(super) fn is_missing(values: &Values) -> Result<bool, Failure> {
    Ok(sqlite_file(&values.get(&DATABASE_URL)?).is_some_and(|file| !file.exists()))
}

/// Names of the migrations that the database lacks: all of them if it does not exist yet.
pub(super) async fn pending(database: Option<&Database>) -> Result<Vec<String>, Failure> {
    let Some(database) = database else { return Ok(known_migrations()) };
    let migrations = database.migrations().await?;
    if migrations.newer.is_empty() {
        return Ok(migrations.pending);
    }
    Err(Failure::failed(format_args!(
        "a newer memoranda has migrated this database: run that one (unknown here: {})",
        migrations.newer.join(", ")
    )))
}

/// Names of all migrations of this version, in their order.
pub(super) fn known_migrations() -> Vec<String> {
    let migrations = Migrator::get_migration_files();
    migrations.iter().map(|migration| migration.name().to_owned()).collect()
}

/// Applies the pending migrations and returns their names.
pub(super) async fn migrate(database: &Database) -> Result<Vec<String>, Failure> {
    let missing = pending(Some(database)).await?;
    let Err(error) = database.migrate().await else {
        if !missing.is_empty() {
            // A migration may have emptied the index of words.
            memos::index_stale(database, None).await.map_err(Failure::failed)?;
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

/// Fails if the servers of this database sign with another secret. Otherwise, servers would refuse
/// each other's tokens, and all sessions would end. The first server's secret is recorded.
pub(super) async fn claim_secret(
    values: &Values,
    database: &Database,
    keys: &TokenKeys,
) -> Result<(), Failure> {
    if installation::claim_secret(database, keys.fingerprint()).await? {
        return Ok(());
    }
    Err(other_secret(values))
}

/// The same for a command that starts no server. It records nothing.
pub(super) async fn check_secret(
    values: &Values,
    database: &Database,
    keys: &TokenKeys,
) -> Result<(), Failure> {
    if installation::has_other_secret(database, keys.fingerprint()).await? {
        return Err(other_secret(values));
    }
    Ok(())
}

fn other_secret(values: &Values) -> Failure {
    let problem = "the servers of this database sign with another secret: use that one. To change \
        it for all servers, run `memoranda confirm secret` with the new one; this ends all \
        sessions and tokens";
    Failure::failed(values.refuse(&JWT_SECRET, problem))
}

/// Locks an SQLite file against other servers, until the returned guard is dropped or the process
/// ends. On PostgreSQL any number of servers may run.
pub(super) fn lock_for_server(values: &Values) -> Result<Option<File>, Failure> {
    let Some(file) = sqlite_file(&values.get(&DATABASE_URL)?) else { return Ok(None) };
    let mut name = file.into_os_string();
    name.push("-server");
    let name = PathBuf::from(name);
    // A missing folder is reported when the database is opened.
    if name.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Ok(None);
    }
    let opened = File::options().create(true).truncate(false).write(true).open(&name);
    let lock = opened.map_err(|error| {
        let problem = format!(
            "{} cannot be written ({error}): allow this to the server's user",
            name.display()
        );
        Failure::failed(values.refuse(&DATABASE_URL, problem))
    })?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => {
            let problem = "another server runs on this file: stop it first, or give this server \
                its own database. Several servers can share a PostgreSQL database";
            Err(Failure::failed(values.refuse(&DATABASE_URL, problem)))
        }
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "this file system has no locks: a second server on the same \
                SQLite file would not be noticed");
            Ok(None)
        }
    }
}

/// `1 migration`, `2 migrations`.
pub(super) fn migrations(count: usize) -> String {
    format!("{count} {}", if count == 1 { "migration" } else { "migrations" })
}

/// The services on that database, with the system's clock. They send no mail.
pub(super) fn services(database: Database) -> Services {
    Services::new(database, Arc::new(SystemClock), Arc::new(SystemRandomness))
}

/// Opens the file store of a migrated database. A missing folder is created only if the database
/// has no files yet.
pub(super) async fn file_store(values: &Values, database: &Database) -> Result<FileStore, Failure> {
    if blobs::is_missing(database, &values.get(&FILE_STORE)?).await? {
        let problem = "there is no such folder, but this database keeps its files in one: mount \
            it, or correct file-store; if the files are lost, run `memoranda confirm file-store`";
        return Err(Failure::failed(values.refuse(&FILE_STORE, problem)));
    }
    open_file_store(values)
}

/// The same, but does not ask the database.
pub(super) fn open_file_store(values: &Values) -> Result<FileStore, Failure> {
    let timeout = values.get(&FILE_STORE_TIMEOUT)?;
    let store = FileStore::open(&values.get(&FILE_STORE)?).map_err(|error| {
        Failure::usage(format_args!(
            "{error}. The value comes from: {}",
            values.origin(&FILE_STORE)
        ))
    })?;
    Ok(store.with_timeout(timeout))
}

/// Fails if the file store is not the one that the database knows. A store that does not answer now
/// may answer later, so this is no failure.
pub(super) async fn verify_files(
    values: &Values,
    services: &Services,
    file_store: &FileStore,
) -> Result<(), Failure> {
    match blobs::verify(services, file_store).await {
        Ok(()) => Ok(()),
        Err(service::Error::FileStoreLost(problem)) => {
            Err(Failure::failed(values.refuse(&FILE_STORE, problem)))
        }
        Err(error) => {
            tracing::error!(%error, "the file store cannot be used now; the server tries it again \
                when it needs it");
            Ok(())
        }
    }
}

/// The ledger, if the settings name one. It is not read yet.
pub(super) fn ledger(values: &Values, keys: &TokenKeys) -> Result<Option<Ledger>, Failure> {
    let Some(place) = values.given(&LEDGER)? else { return Ok(None) };
    ledger_at(values, &place, keys.ledger_keys()).map(Some)
}

/// The ledger at that place.
pub(super) fn ledger_at(values: &Values, place: &str, keys: LedgerKeys) -> Result<Ledger, Failure> {
    let timeout = values.get(&FILE_STORE_TIMEOUT)?;
    Ledger::open(place, timeout, keys).map_err(|error| {
        Failure::usage(format_args!("{error}. The value comes from: {}", values.origin(&LEDGER)))
    })
}

/// Fails if the ledger is not the one that the database knows. Logs whether the database is older.
/// A ledger that does not answer now may answer later, so this is no failure.
pub(super) async fn verify_ledger(
    values: &Values,
    database: &Database,
    ledger: Option<&Ledger>,
) -> Result<(), Failure> {
    let Some(ledger) = ledger else {
        if ledger::status(database).await?.is_some() {
            tracing::warn!(
                "this database has a ledger, but this server has none: deletions are not appended \
                 to it until a server runs with ledger"
            );
        }
        return Ok(());
    };
    match ledger.compare(database).await {
        Ok(comparison) if comparison.missing() > 0 => tracing::warn!(
            missing = comparison.missing(),
            "the database is older than the ledger: run `memoranda ledger replay --dry-run`, which \
             lists what it lacks, and then `memoranda ledger replay --apply`"
        ),
        Ok(_) => {}
        Err(service::Error::Ledger(problem)) => {
            return Err(Failure::failed(values.refuse(&LEDGER, problem)));
        }
        Err(error) => {
            tracing::error!(%error, "the ledger cannot be read now; the server tries it again");
        }
    }
    Ok(())
}
