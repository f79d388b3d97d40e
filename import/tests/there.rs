//! The other side: copies of the sample, in each kind of source.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// The folder of the sample.
pub fn fixtures() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "tests", "fixtures", "django-crm"].iter().collect()
}

/// The archive of its files.
pub fn media() -> PathBuf {
    fixtures().join("sample-media.tar.gz")
}

/// Its dump.
pub fn dump() -> PathBuf {
    fixtures().join("sample-dump.json")
}

/// Its database.
pub fn database() -> PathBuf {
    fixtures().join("sample.sqlite3")
}

/// A copy of its database that a test changes.
pub struct Copy {
    pub path: PathBuf,
    connection: DatabaseConnection,
}

impl Copy {
    /// A copy in a folder. Keys of the database forbid nothing, as on `MyISAM`, or after a restore.
    pub async fn in_folder(folder: &Path) -> Self {
        let path = folder.join("crm.sqlite3");
        std::fs::copy(database(), &path).unwrap();
        let connection = Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
        let copy = Self { path, connection };
        copy.run("PRAGMA foreign_keys = OFF").await;
        copy
    }

    /// The address for `--from`.
    pub fn address(&self) -> String {
        format!("sqlite://{}", self.path.display())
    }

    /// Changes it.
    pub async fn run(&self, sql: &str) {
        let sql = format!("PRAGMA foreign_keys = OFF; {sql}");
        self.connection.execute_unprepared(&sql).await.unwrap();
    }

    /// A row of a query as texts.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        read(&self.connection, sql).await
    }
}

/// The rows of a query, each column as text.
pub async fn read(connection: &DatabaseConnection, sql: &str) -> Vec<Vec<Option<String>>> {
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            let columns = row.column_names().len();
            (0..columns).map(|n| row.try_get_by_index::<Option<String>>(n).unwrap()).collect()
        })
        .collect()
}

/// Copies the tables of the sample into a database of another kind, with that kind's types.
pub async fn copy_to(target: &DatabaseConnection) {
    let backend = target.get_database_backend();
    let sample = format!("sqlite://{}?mode=ro", database().display());
    let sample = Database::connect(sample).await.unwrap();
    let schema = std::fs::read_to_string(fixtures().join("schema.json")).unwrap();
    let schema: Json = serde_json::from_str(&schema).unwrap();
    let mut tables: Vec<String> = schema.as_object().unwrap().keys().cloned().collect();
    tables.extend(["crm_closingreason", "django_migrations", "crm_country"].map(str::to_owned));
    for table in tables {
        let info = format!("SELECT name, type FROM pragma_table_info('{table}') ORDER BY cid");
        let columns: Vec<(String, String)> = read(&sample, &info)
            .await
            .into_iter()
            .map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap().to_lowercase()))
            .collect();
        let quote = |name: &str| match backend {
            DbBackend::MySql => format!("`{name}`"),
            _ => format!("\"{name}\""),
        };
        let definitions: Vec<String> = columns
            .iter()
            .map(|(name, of_type)| format!("{} {}", quote(name), type_on(backend, of_type)))
            .collect();
        let create = format!("CREATE TABLE {table} ({})", definitions.join(", "));
        target.execute_unprepared(&create).await.unwrap();
        let selected: Vec<String> =
            columns.iter().map(|(name, _)| format!("CAST(\"{name}\" AS TEXT)")).collect();
        let rows = read(&sample, &format!("SELECT {} FROM {table}", selected.join(", "))).await;
        for rows in rows.chunks(50) {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| {
                    let values: Vec<String> = row
                        .iter()
                        .zip(&columns)
                        .map(|(value, (_, of_type))| literal(backend, value.as_deref(), of_type))
                        .collect();
                    format!("({})", values.join(", "))
                })
                .collect();
            let insert = format!("INSERT INTO {table} VALUES {}", rows.join(", "));
            target.execute_unprepared(&insert).await.unwrap();
        }
    }
    sample.close().await.unwrap();
}

/// The type of a column, as Django names it for each database.
fn type_on(backend: DbBackend, of_type: &str) -> String {
    let mysql = backend == DbBackend::MySql;
    match of_type {
        "integer" | "bigint" | "integer unsigned" => "bigint".to_owned(),
        "smallint" | "smallint unsigned" => "smallint".to_owned(),
        "bool" if mysql => "tinyint(1)".to_owned(),
        "bool" => "boolean".to_owned(),
        "datetime" if mysql => "datetime(6)".to_owned(),
        "datetime" => "timestamp with time zone".to_owned(),
        "text" if mysql => "longtext".to_owned(),
        "decimal" => "decimal(20, 2)".to_owned(),
        other if mysql && other.starts_with("varchar") => format!("{other} CHARACTER SET utf8mb4"),
        other => other.to_owned(),
    }
}

fn literal(backend: DbBackend, value: Option<&str>, of_type: &str) -> String {
    let Some(value) = value else { return "NULL".to_owned() };
    let value = value.replace('\'', "''");
    match (backend, of_type) {
        (DbBackend::Postgres, "bool") => format!("'{value}'::boolean"),
        (DbBackend::Postgres, "datetime") => format!("'{value}+00'"),
        (DbBackend::MySql, _) => format!("'{}'", value.replace('\\', "\\\\")),
        _ => format!("'{value}'"),
    }
}
