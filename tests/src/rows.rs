//! Row counts of every table.
//!
//! But for the index of words (`memo_search`, and on SQLite `memo_words` with the tables that it consists of): triggers make it of the memos, and a test of
//! its own compares the two.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use service::database::Database;
use std::collections::BTreeMap;

/// The number of rows of each table.
pub type RowCounts = BTreeMap<String, i64>;

/// Counts the rows of every table that the database has.
pub async fn count_rows(database: &Database) -> RowCounts {
    let connection = database.connection();
    let backend = database.backend();
    let list = match backend {
        DbBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let tables =
        connection.query_all_raw(Statement::from_string(backend, list)).await.expect("the list of tables");
    let mut counts = RowCounts::new();
    for table in tables {
        let name: String = table.try_get("", "name").expect("a name");
        if name == "memo_search" || name.starts_with("memo_words") {
            continue;
        }
        let sql = format!("SELECT count(*) AS n FROM {name}");
        let row = connection
            .query_one_raw(Statement::from_string(backend, sql))
            .await
            .expect("a count")
            .expect("a row");
        counts.insert(name, row.try_get("", "n").expect("a number"));
    }
    counts
}

/// How the counts changed; tables that did not are left out.
pub fn difference(before: &RowCounts, after: &RowCounts) -> BTreeMap<String, i64> {
    after
        .iter()
        .map(|(table, count)| (table.clone(), count - before.get(table).copied().unwrap_or_default()))
        .filter(|(_, change)| *change != 0)
        .collect()
}
