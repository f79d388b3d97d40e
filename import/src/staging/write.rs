//! Fills the temporary database.

use super::{Staging, failed};
use crate::{
    Result,
    report::{Oddity, Report, Tally},
    source::{
        RowSink, SourceRow, Value, ValueProblem,
        schema::{Column, Kind, Need, TABLES, Table},
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

/// Takes the rows of a source.
pub(crate) struct StagingWriter<'a> {
    report: &'a mut Report,
    tally: Tally,
}

impl<'a> StagingWriter<'a> {
    /// Begins.
    pub(crate) async fn begin(report: &'a mut Report) -> Result<Self> {
        report.staging().execute("BEGIN").await?;
        Ok(Self { report, tally: Tally::default() })
    }

    /// Ends, and makes the rows ready to be asked for.
    pub(crate) async fn end(mut self) -> Result<()> {
        self.report.staging().execute("COMMIT").await?;
        self.report.staging().execute(INDEXES).await?;
        self.report.add(std::mem::take(&mut self.tally)).await
    }

    /// Whether a row has every value that it needs. Notes what is wrong with it.
    fn check(&mut self, row: &mut SourceRow) -> bool {
        let name = row.table.name;
        let id = id_of(row);
        self.tally.of(name).read += 1;
        for (column, value) in row.table.columns.iter().zip(&mut row.values) {
            if let Value::Text(text) = value
                && text.contains('\0')
            {
                *text = text.replace('\0', "\u{fffd}");
                self.tally.note(Oddity::ReplacedText, name, &id, Some(column.name));
            }
        }
        for problem in &row.problems {
            let oddity = match problem.is {
                ValueProblem::Unreadable => Oddity::UnreadableValue,
                ValueProblem::Replaced => Oddity::ReplacedText,
                ValueProblem::Dangling => Oddity::DanglingReference,
            };
            self.tally.note(oddity, name, &id, Some(problem.column));
        }
        let lacks = |(column, value): (&Column, &Value)| {
            column.need == Need::Value && *value == Value::Null
        };
        if row.table.columns.iter().zip(&row.values).any(lacks) {
            self.tally.leave_out(Oddity::UnreadableRow, name, id);
            return false;
        }
        true
    }

    async fn insert(&mut self, table: &'static Table, rows: Vec<SourceRow>) -> Result<()> {
        let one = format!("({})", vec!["?"; table.columns.len()].join(", "));
        let mut rows = rows.into_iter().peekable();
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
            let staging = self.report.staging();
            let inserted = staging.connection.execute_raw(statement).await;
            let inserted = inserted.map_err(|error| failed(&staging.folder, error))?;
            // Ids are unique, so only links can be there twice. They differ in nothing.
            let twice = count.saturating_sub(inserted.rows_affected());
            for _ in 0..twice {
                self.tally.of(table.name).merged += 1;
            }
        }
        Ok(())
    }
}

/// The id of a row, or the two ids of a link.
fn id_of(row: &SourceRow) -> String {
    let shown = |value: &Value| match value {
        Value::Null => "?".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    };
    let ids = if row.table.is_link() { 2 } else { 1 };
    row.values.iter().take(ids).map(shown).collect::<Vec<_>>().join("/")
}

impl RowSink for StagingWriter<'_> {
    async fn take(&mut self, rows: Vec<SourceRow>) -> Result<()> {
        let mut of_table: Vec<(&'static Table, Vec<SourceRow>)> = Vec::new();
        for mut row in rows {
            if !self.check(&mut row) {
                continue;
            }
            match of_table.iter_mut().find(|(table, _)| table.name == row.table.name) {
                Some((_, rows)) => rows.push(row),
                None => of_table.push((row.table, vec![row])),
            }
        }
        for (table, rows) in of_table {
            self.insert(table, rows).await?;
        }
        if self.tally.oddities.is_empty() {
            return Ok(());
        }
        self.report.add(std::mem::take(&mut self.tally)).await
    }

    fn skip(&mut self, table: &str, rows: u64, reason: &'static str) {
        self.report.skip(table, rows, reason);
    }

    fn unreadable(&mut self, table: &str, id: &str, problem: &str) {
        match crate::source::schema::table(table) {
            Some(known) => {
                self.tally.of(known.name).read += 1;
                self.tally.leave_out_quietly(Oddity::UnreadableRow, known.name);
            }
            None => {
                self.tally.of("dump").read += 1;
                self.tally.leave_out_quietly(Oddity::UnreadableRow, "dump");
            }
        }
        self.tally.note(Oddity::UnreadableRow, table, id, Some(problem));
    }
}

impl Staging {
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
