//! Row counts of every table.
//!
//! Two kinds of tables are left out. Another test compares the index of words (`memo_search`, and
//! on SQLite `memo_words` with its tables) with the memos. A trigger derives the viewers of events
//! (`memo_event_viewers`) from the events.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use service::database::Database;
use std::collections::BTreeMap;

/// The beginnings of the tests' own statements, which read every row.
pub const BY_TESTS: &str = "/* tests */";

/// The number of rows of each table.
pub type RowCounts = BTreeMap<String, i64>;

/// Counts the rows of every table that the database has.
pub async fn count_rows(database: &Database) -> RowCounts {
    let mut counts = RowCounts::new();
    for name in tables(database).await {
        let count = format!("SELECT count(*) AS n FROM {name}");
        counts.insert(name, number(database, &count).await);
    }
    counts
}

/// Every row of every table as text. Each table has its own order. Columns with these names are
/// left out.
pub async fn dump_rows(database: &Database, without: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut dump = BTreeMap::new();
    for name in tables(database).await {
        let row = match database.backend() {
            DbBackend::Postgres => {
                let without: Vec<String> =
                    without.iter().map(|column| format!(" - '{column}'")).collect();
                format!("(to_jsonb({name}.*){})::text", without.concat())
            }
            _ => {
                let columns = format!("SELECT name AS t FROM pragma_table_info('{name}')");
                let mut columns = texts(database, &columns).await;
                columns.retain(|column| !without.contains(&column.as_str()));
                let columns: Vec<String> = columns
                    .iter()
                    .map(|column| format!("'{column} ' || quote({column})"))
                    .collect();
                columns.join(" || ' ' || ")
            }
        };
        dump.insert(
            name.clone(),
            texts(database, &format!("SELECT {row} AS t FROM {name} ORDER BY 1")).await,
        );
    }
    dump
}

async fn tables(database: &Database) -> Vec<String> {
    let list = match database.backend() {
        DbBackend::Postgres => {
            "SELECT tablename::text AS t FROM pg_tables WHERE schemaname = 'public'"
        }
        _ => {
            "SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
    };
    let mut tables = texts(database, list).await;
    tables.retain(|name| {
        !["memo_search", "memo_event_viewers"].contains(&name.as_str())
            && !name.starts_with("memo_words")
    });
    tables
}

async fn texts(database: &Database, query: &str) -> Vec<String> {
    let statement = Statement::from_string(database.backend(), format!("{BY_TESTS} {query}"));
    let rows = database.connection().query_all_raw(statement).await.expect("rows");
    rows.iter().map(|row| row.try_get("", "t").expect("a text")).collect()
}

async fn number(database: &Database, query: &str) -> i64 {
    let statement = Statement::from_string(database.backend(), format!("{BY_TESTS} {query}"));
    let row =
        database.connection().query_one_raw(statement).await.expect("a count").expect("a row");
    row.try_get("", "n").expect("a number")
}

/// How the counts changed. Unchanged tables are left out.
pub fn difference(before: &RowCounts, after: &RowCounts) -> BTreeMap<String, i64> {
    after
        .iter()
        .map(|(table, count)| {
            (table.clone(), count - before.get(table).copied().unwrap_or_default())
        })
        .filter(|(_, change)| *change != 0)
        .collect()
}
