//! Opens the pool with the settings that each database needs.

use super::{
    Database,
    connections::{self, Connection},
    health::Health,
    settings::DatabaseSettings,
    standby::{Standby, Watched},
};
use crate::{Error, Result};
use sea_orm::{
    ConnectOptions, DbBackend, DbErr, RuntimeErr,
    sqlx::{
        self,
        postgres::PgConnectOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use std::{str::FromStr, sync::Arc};

/// SQLite truncates its write-ahead log to this many bytes when it restarts it. A long read makes
/// the log grow.
const LOG_BYTES: u64 = 16 << 20;

/// The minimum number of connections in a pool. A migration holds its lock on one and works on
/// another.
const MIN_CONNECTIONS: u32 = 2;

/// Opens a pool. SQLite's file is created if it is missing, but its folder must exist.
///
/// # Errors
/// [`Error::Setting`] if the address belongs to neither database. Also returns errors of the
/// database.
pub async fn connect(settings: &DatabaseSettings) -> Result<Database> {
    let health = Arc::new(Health::new(settings));
    let mut options = if settings.is_sqlite() {
        sqlite_options(settings, &health)?
    } else if settings.url.starts_with("postgres://") || settings.url.starts_with("postgresql://") {
        try_out(settings).await?;
        postgres_options(settings, &health)
    } else {
        return Err(Error::Setting(format!(
            "database-url is {:?}: give sqlite://path/to/file.db or \
             postgres://user:password@host/database",
            settings.masked_url()
        )));
    };
    limit(&mut options, settings);
    match sea_orm::Database::connect(options).await {
        Ok(connection) => Ok(Database::new(Connection::new(connection, health))),
        Err(error) => Err(explained(error, settings)),
    }
}

/// The limits of a pool.
fn limit<'a>(
    options: &'a mut ConnectOptions,
    settings: &DatabaseSettings,
) -> &'a mut ConnectOptions {
    options
        .max_connections(settings.max_connections.max(MIN_CONNECTIONS))
        .acquire_timeout(settings.acquire_timeout)
        // A broken connection shows at its first use. A test before each use would cost a round
        // trip.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
}

/// The same database, with a standby that answers the reads of queries. `settings` are those of the
/// standby. It need not answer yet.
///
/// # Errors
/// [`Error::Setting`] if the database or the address is not PostgreSQL's.
pub async fn with_standby(database: Database, settings: &DatabaseSettings) -> Result<Database> {
    if settings.is_sqlite() || database.backend() != DbBackend::Postgres {
        return Err(Error::Setting(
            "only a database of PostgreSQL has a standby: give postgres://user:password@host/\
             database"
                .to_owned(),
        ));
    }
    let address = PgConnectOptions::from_str(&settings.url).map_err(|_| unreadable())?;
    let watched = Watched::new(session(settings)(address));
    let health = Arc::new(Health::new(settings));
    let mut options = ConnectOptions::new(&settings.url);
    let (checked, by) = (health.clone(), watched.clone());
    options.map_sqlx_postgres_pool_opts(move |pool| connections::of_standby(pool, &checked, &by));
    options.map_sqlx_postgres_opts(session(settings));
    limit(&mut options, settings).connect_lazy(true);
    let pool = sea_orm::Database::connect(options).await.map_err(|_| unreadable())?;
    Ok(database.with_standby(Standby::new(pool, health, watched)))
}

fn unreadable() -> Error {
    Error::Setting(
        "this address cannot be read: in user and password, write special characters as %40 (@), \
         %2F (/), %3A (:) and so on"
            .to_owned(),
    )
}

/// Connects once, so that a failure of PostgreSQL is reported immediately and with its cause.
async fn try_out(settings: &DatabaseSettings) -> Result<()> {
    let tried = match PgConnectOptions::from_str(&settings.url) {
        Ok(postgres) => {
            connections::try_out(&session(settings)(postgres), settings.acquire_timeout).await
        }
        Err(error) => Err(error),
    };
    tried.map_err(|error| explained(DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))), settings))
}

fn explained(error: DbErr, settings: &DatabaseSettings) -> Error {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
            if !matches!(*error, sqlx::Error::Configuration(_)) =>
        {
            DbErr::Conn(RuntimeErr::SqlxError(error)).into()
        }
        // The library's text contains the address, and with it the password.
        _ => Error::Setting(format!(
            "database-url {:?} cannot be used: in it, write special characters of a password as \
             %XX",
            settings.masked_url()
        )),
    }
}

fn sqlite_options(settings: &DatabaseSettings, health: &Arc<Health>) -> Result<ConnectOptions> {
    let parsed = SqliteConnectOptions::from_str(&settings.url).map_err(|error| {
        Error::Setting(format!(
            "database-url {:?} cannot be used ({error}): give sqlite://path/to/file.db",
            settings.url
        ))
    })?;
    let path = parsed.get_filename();
    if settings.url.contains(":memory:")
        || settings.url.contains("mode=memory")
        || path.as_os_str().is_empty()
    {
        return Err(Error::Setting(
            "database-url: SQLite in memory is one database a connection; give a file, \
             sqlite://path/to/file.db"
                .to_owned(),
        ));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // Creating the folder would hide that the path is misspelt or its disk is not mounted.
        if !folder.is_dir() {
            let folder = folder.display();
            return Err(Error::Setting(format!(
                "there is no folder {folder}: make it, or correct the path"
            )));
        }
    }
    let busy = settings.lock_timeout;
    let mut options = ConnectOptions::new(&settings.url);
    let health = health.clone();
    options.map_sqlx_sqlite_pool_opts(move |pool| connections::of_sqlite(pool, &health));
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(busy)
            .pragma("journal_size_limit", LOG_BYTES.to_string())
            .statement_cache_capacity(256)
            .optimize_on_close(true, None)
    });
    Ok(options)
}

fn postgres_options(settings: &DatabaseSettings, health: &Arc<Health>) -> ConnectOptions {
    let mut options = ConnectOptions::new(&settings.url);
    let health = health.clone();
    options.map_sqlx_postgres_pool_opts(move |pool| connections::of_postgres(pool, &health));
    options.map_sqlx_postgres_opts(session(settings));
    options
}

/// The options of every session of PostgreSQL.
fn session(
    settings: &DatabaseSettings,
) -> impl Fn(PgConnectOptions) -> PgConnectOptions + Send + Sync + 'static {
    let statement_timeout = settings.statement_timeout.as_millis().to_string();
    let lock_timeout = settings.lock_timeout.as_millis().to_string();
    move |postgres| {
        postgres.application_name("memoranda").statement_cache_capacity(256).options([
            ("statement_timeout", statement_timeout.as_str()),
            ("lock_timeout", lock_timeout.as_str()),
            ("idle_in_transaction_session_timeout", "60000"),
            // A server frees the locks of clients whose network connection is lost.
            ("tcp_keepalives_idle", "30"),
            ("tcp_keepalives_interval", "10"),
            ("tcp_keepalives_count", "3"),
            ("tcp_user_timeout", "60000"),
            ("TimeZone", "UTC"),
            // Statements are prepared once and run with any ids. Planning them again finds the same
            // plan, at ten times the cost of running it.
            ("plan_cache_mode", "force_generic_plan"),
            // The working set is in memory or on a solid-state disk. The default is made for
            // rotating disks and leads to reads of whole tables.
            ("random_page_cost", "1.1"),
            // Every statement has an index. A plan that was made for a small table, or with old
            // statistics, must not read the table in whole after it has grown. Where there is no
            // index, PostgreSQL reads the table all the same.
            ("enable_seqscan", "off"),
            // Compiling a plan pays off for statements that run for seconds. There are none here.
            ("jit", "off"),
        ])
    }
}
