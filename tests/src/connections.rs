//! All connections of a pool.

use sea_orm::{ConnectionTrait, DbBackend, Statement, sqlx};
use service::database::Database;

/// Runs SQL on every connection that the pool may have. It holds each connection until all have run
/// it.
///
/// # Errors
/// The database's error on one of them.
pub async fn on_every_connection(
    database: &Database,
    sql: impl Fn(u32) -> String,
) -> Result<(), sqlx::Error> {
    macro_rules! run {
        ($pool:expr) => {{
            let mut held = Vec::new();
            for n in 0..$pool.options().get_max_connections() {
                let mut connection = $pool.acquire().await?;
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql(n))).execute(&mut *connection).await?;
                held.push(connection);
            }
            Ok(())
        }};
    }
    match database.backend() {
        DbBackend::Postgres => run!(database.connection().get_postgres_connection_pool()),
        _ => run!(database.connection().get_sqlite_connection_pool()),
    }
}

/// Makes every connection write, and asks `witness`, another pool on the same database, for all the
/// rows.
pub async fn every_connection_writes(database: &Database, witness: &Database) {
    execute(witness, "CREATE TABLE IF NOT EXISTS written (n integer)").await;
    execute(witness, "DELETE FROM written").await;
    on_every_connection(database, |n| format!("INSERT INTO written VALUES ({n})"))
        .await
        .expect("every connection can write");
    assert_eq!(
        number(witness, "SELECT count(*) AS n FROM written").await,
        i64::from(database.pool().most)
    );
}

/// Waits until no connection of the pool is in use.
pub async fn until_idle(database: &Database) {
    while database.pool().busy > 0 {
        tokio::task::yield_now().await;
    }
}

/// Runs SQL.
pub async fn execute(database: &Database, sql: &str) {
    database.connection().execute_unprepared(sql).await.expect("SQL that the database accepts");
}

/// The whole number `n` that SQL returns.
pub async fn number(database: &Database, sql: &str) -> i64 {
    let statement = Statement::from_string(database.backend(), sql);
    let row = database.connection().query_one_raw(statement).await.expect("a row").expect("a row");
    row.try_get("", "n").expect("a number")
}
