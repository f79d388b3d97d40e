//! The tables of archives are those of the database.

use archive::tables::{Kind, LEFT_OUT, TABLES};
use memoranda_tests::{TestDatabase, is_postgres};
use sea_orm::{ConnectionTrait, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// A column: its type in the database, whether it may be null, and its place in the key, if any.
type Column = (String, bool, i64);

/// Every column of every table, by table and column.
async fn columns(test: &TestDatabase) -> BTreeMap<String, BTreeMap<String, Column>> {
    let database = test.connect().await;
    database.migrate().await.unwrap();
    let query = if is_postgres() {
        "SELECT c.table_name::text AS t, c.column_name::text AS c, c.data_type::text AS kind,
            c.is_nullable = 'YES' AS nullable,
            coalesce((
                SELECT k.ordinal_position::bigint
                FROM information_schema.key_column_usage k
                JOIN information_schema.table_constraints p
                    ON p.constraint_name = k.constraint_name AND p.constraint_type = 'PRIMARY KEY'
                WHERE k.table_name = c.table_name AND k.column_name = c.column_name
            ), 0) AS place
        FROM information_schema.columns c
        JOIN pg_tables t ON t.tablename = c.table_name AND t.schemaname = 'public'
        WHERE c.table_schema = 'public'"
    } else {
        "SELECT t.name AS t, c.name AS c, c.type AS kind,
            c.\"notnull\" = 0 AND c.pk = 0 AS nullable, c.pk AS place
        FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    };
    let statement = Statement::from_string(database.backend(), query);
    let rows = database.connection().query_all_raw(statement).await.unwrap();
    let mut tables: BTreeMap<String, BTreeMap<String, Column>> = BTreeMap::new();
    for row in rows {
        let text = |name| row.try_get::<String>("", name).unwrap();
        let column =
            (text("kind"), row.try_get("", "nullable").unwrap(), row.try_get("", "place").unwrap());
        tables.entry(text("t")).or_default().insert(text("c"), column);
    }
    database.close().await.unwrap();
    tables
}

/// The type of a column of that kind.
fn type_of(kind: Kind) -> &'static str {
    match (kind, is_postgres()) {
        (Kind::Text, true) => "text",
        (Kind::Uuid, true) => "uuid",
        (Kind::Integer, true) => "bigint",
        (Kind::Bool, true) => "boolean",
        (Kind::Time, true) => "timestamp with time zone",
        (Kind::Date, true) => "date",
        (Kind::Json, true) => "jsonb",
        (Kind::Uuid, false) => "BLOB",
        (Kind::Integer | Kind::Bool, false) => "INTEGER",
        (Kind::Text | Kind::Time | Kind::Date | Kind::Json, false) => "TEXT",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_and_column_is_in_archives_or_is_left_out_with_a_reason() {
    let test = TestDatabase::create().await;
    let mut found = columns(&test).await;
    for table in TABLES {
        let mut columns = found.remove(table.name).unwrap_or_else(|| panic!("no {}", table.name));
        for (place, column) in table.columns.iter().enumerate() {
            let name = format!("{}.{}", table.name, column.name);
            let found = columns.remove(column.name).unwrap_or_else(|| panic!("no {name}"));
            let (kind, nullable, in_key) = found;
            assert_eq!(kind.to_lowercase(), type_of(column.kind).to_lowercase(), "{name}");
            assert_eq!(nullable, column.nullable, "{name}");
            let expected = if place < table.key { i64::try_from(place).unwrap() + 1 } else { 0 };
            assert_eq!(in_key, expected, "{name}: the first columns are the key, in its order");
        }
        assert!(columns.is_empty(), "{} has more columns: {columns:?}", table.name);
    }
    let left_out: BTreeSet<&str> =
        LEFT_OUT.iter().filter_map(|(what, _)| what.split([' ', ':']).next()).collect();
    // On SQLite, the index of words has tables of its own.
    found.retain(|name, _| !left_out.contains(name.as_str()) && !name.starts_with("memo_words_"));
    let more: Vec<&String> = found.keys().collect();
    assert!(more.is_empty(), "{more:?}: add them to archive::tables, or say why they are left out");
    test.drop().await;
}

#[test]
fn the_documentation_lists_what_is_left_out() {
    let page = include_str!("../../../docs/export.md").replace('\n', " ");
    for (what, reason) in LEFT_OUT {
        let row = format!("| {what} | {reason} |");
        assert!(page.contains(&row), "docs/export.md lacks the row {row}");
    }
}
