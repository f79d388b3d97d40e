//! Places in PostgreSQL's log of changes, and what servers say of themselves.

use sea_orm::sqlx::{self, PgConnection, Row};

/// How far a server's log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of the log's history. Each promotion of a standby begins a new one, and places of
    /// different histories cannot be compared.
    pub(super) timeline: i32,
    /// The bytes since the log began.
    pub(super) bytes: i64,
}

/// The place up to which the primary's commits are visible, with the cluster's identity.
///
/// What is committed is on the disk, unless the database does not wait for its disk. A client may
/// see a commit before that then.
pub(super) const OF_PRIMARY: &str = "SELECT pg_wal_lsn_diff(w.at, '0/0')::bigint AS bytes, \
     ('x' || left(pg_walfile_name(w.at), 8))::bit(32)::int AS timeline, \
     (SELECT s.system_identifier FROM pg_control_system() s) AS cluster \
     FROM (SELECT CASE current_setting('synchronous_commit') \
     WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END AS at) w";

const INSTANCE: &str = "pg_postmaster_start_time()::text || ' ' || \
    coalesce(inet_server_addr()::text, '') || ' ' || coalesce(inet_server_port()::text, '')";

/// What a server says of itself.
#[derive(Debug)]
pub(super) struct Server {
    /// Whether it repeats the changes of a primary.
    pub(super) is_standby: bool,
    /// The identity of its cluster. A standby has that of its primary.
    pub(super) cluster: i64,
    /// Which run of which server it is.
    pub(super) instance: String,
    /// How far it has repeated the changes. After the promotion of another standby, the number of
    /// the history is a few minutes old.
    pub(super) place: Place,
}

/// Asks the server about itself.
pub(super) async fn server(connection: &mut PgConnection) -> Result<Server, sqlx::Error> {
    let sql = format!(
        "SELECT pg_is_in_recovery() AS is_standby, s.system_identifier AS cluster, \
         c.timeline_id AS timeline, {INSTANCE} AS instance, \
         coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), 0)::bigint AS bytes \
         FROM pg_control_system() s, pg_control_checkpoint() c"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(connection).await?;
    Ok(Server {
        is_standby: row.try_get("is_standby")?,
        cluster: row.try_get("cluster")?,
        instance: row.try_get("instance")?,
        place: Place { timeline: row.try_get("timeline")?, bytes: row.try_get("bytes")? },
    })
}

/// Which run of which server a connection leads to.
pub(super) async fn instance(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    let sql = format!("SELECT {INSTANCE}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).persistent(false).fetch_one(connection).await
}

/// How far the standby has repeated the changes, in bytes.
pub(super) async fn repeated(connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    const SQL: &str =
        "SELECT coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0'), 0)::bigint";
    sqlx::query_scalar(SQL).fetch_one(connection).await
}
