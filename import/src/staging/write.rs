//! The tables of the temporary database, and how they are filled.

use super::{Staging, failed};
use crate::{
    Result,
    source::{
        SourceRow, Value,
        schema::{Column, Kind, TABLES, Table},
    },
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::fmt::Write;

/// How many rows one statement inserts.
const PORTION: usize = 250;

/// The definition of all tables.
pub(super) fn create_statements() -> String {
    let mut sql = "CREATE TABLE oddities (number INTEGER PRIMARY KEY, code TEXT NOT NULL, \
        of_table TEXT NOT NULL, id TEXT NOT NULL, detail TEXT);\n"
        .to_owned();
    for table in TABLES {
        let columns: Vec<String> = table.columns.iter().map(definition).collect();
        let columns = columns.join(", ");
        // Writing to a text cannot fail.
        let _ = match table.is_link() {
            true => {
                let names: Vec<String> = table.columns.iter().map(quoted).collect();
                let names = names.join(", ");
                writeln!(
                    sql,
                    "CREATE TABLE {} ({columns}, PRIMARY KEY ({names})) WITHOUT ROWID;",
                    table.name
                )
            }
            false => writeln!(sql, "CREATE TABLE {} ({columns});", table.name),
        };
    }
    sql
}

/// What the import asks for besides rows by their ids.
const INDEXES: &str = "
CREATE INDEX of_memo ON tasks_memo (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX of_project ON tasks_memo (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX of_file ON common_thefile (content_type_id, object_id);
CREATE INDEX of_path ON common_thefile (file);
CREATE INDEX of_reminder ON common_reminder (content_type_id, object_id);
CREATE INDEX of_message ON chat_chatmessage (content_type_id, object_id);
CREATE INDEX of_log ON django_admin_log (content_type_id, object_id);
ANALYZE;
";

fn quoted(column: &Column) -> String {
    format!("\"{}\"", column.name)
}

fn definition(column: &Column) -> String {
    let of_type = match column.kind {
        Kind::Key => "INTEGER PRIMARY KEY",
        Kind::Reference | Kind::Person | Kind::Group | Kind::Number | Kind::Flag => "INTEGER",
        Kind::ContentType | Kind::Text | Kind::Moment | Kind::Day => "TEXT",
    };
    format!("{} {of_type}", quoted(column))
}

impl Staging {
    /// Begins to fill the tables.
    pub(crate) async fn begin(&self) -> Result<()> {
        self.execute("BEGIN").await
    }

    /// Makes the tables ready to be asked.
    pub(crate) async fn complete(&self) -> Result<()> {
        self.execute("COMMIT").await?;
        self.execute(INDEXES).await
    }

    /// Inserts rows of a table. Returns how many links were there already: ids are unique, so
    /// nothing else can be there twice.
    pub(crate) async fn insert(&self, table: &'static Table, rows: Vec<SourceRow>) -> Result<u64> {
        let one = format!("({})", vec!["?"; table.columns.len()].join(", "));
        let mut rows = rows.into_iter().peekable();
        let mut twice = 0;
        while rows.peek().is_some() {
            let portion: Vec<SourceRow> = rows.by_ref().take(PORTION).collect();
            let sql = format!(
                "INSERT OR IGNORE INTO {} VALUES {}",
                table.name,
                vec![one.as_str(); portion.len()].join(", ")
            );
            let count = u64::try_from(portion.len()).unwrap_or_default();
            let values = portion.into_iter().flat_map(|row| row.values).map(Value::into_sql);
            let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let inserted = self.connection.execute_raw(statement).await;
            let inserted = inserted.map_err(|error| failed(&self.folder, error))?;
            twice += count.saturating_sub(inserted.rows_affected());
        }
        Ok(twice)
    }

    /// Whether there are rows that only the placeholder can be the author, recipient or owner of.
    pub(crate) async fn needs_placeholder(&self) -> Result<bool> {
        let nobody = |column: &str| {
            format!("{column} IS NULL OR {column} NOT IN (SELECT id FROM auth_user)")
        };
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM tasks_memo WHERE {} OR {})
                OR EXISTS (SELECT 1 FROM chat_chatmessage WHERE {owner})
                OR EXISTS (SELECT 1 FROM tasks_task WHERE {owner})
                OR EXISTS (SELECT 1 FROM tasks_project WHERE {owner})
                OR EXISTS (SELECT 1 FROM django_admin_log
                    WHERE action_flag = 3 AND content_type_id = 'tasks.memo') AS n",
            nobody("owner_id"),
            nobody("to_id"),
            owner = nobody("owner_id"),
        );
        Ok(self.number(&sql).await? > 0)
    }
}
