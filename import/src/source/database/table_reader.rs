//! Reads one table, page by page.

use super::sql::{as_text, count, quoted, read_text, rows, text};
use crate::{
    Result,
    error::ImportError,
    source::{
        RowProblem, RowSink, SourceRow, ValueProblem,
        schema::{Column, Kind, Table},
        value::{Value, of_text},
    },
};
use sea_orm::{DatabaseTransaction, DbBackend, QueryResult};
use service::progress::{Progress, Unit};
use std::collections::{BTreeSet, HashMap};

/// How many rows a page has.
const PAGE: usize = 2_000;

/// Reads one table.
pub(super) struct TableReader<'a> {
    pub(super) transaction: &'a DatabaseTransaction,
    pub(super) table: &'static Table,
    /// The columns that it has.
    pub(super) there: BTreeSet<String>,
    pub(super) backend: DbBackend,
}

impl TableReader<'_> {
    /// Reads it.
    pub(super) async fn read(
        &self,
        content_types: &HashMap<i64, String>,
        sink: &mut (impl RowSink + Send),
        progress: &dyn Progress,
    ) -> Result<()> {
        let total = count(self.transaction, self.table.name).await?;
        progress.begin(&format!("read {}", self.table.name), Some(total), Unit::Rows);
        let mut after = None;
        loop {
            let page = rows(self.transaction, self.page_statement(after)).await?;
            let count = page.len();
            let mut read = Vec::with_capacity(count);
            for row in &page {
                let key = text(self.backend, row, 0)?.and_then(|key| key.parse::<i64>().ok());
                // Without a key in order, the pages would never end.
                let key = key.filter(|key| after.is_none_or(|after| *key > after));
                after = Some(key.ok_or_else(|| {
                    ImportError::refused(format_args!(
                        "{}.{} is no number in order: the database is damaged",
                        self.table.name, self.table.key
                    ))
                })?);
                read.push(self.row(row, content_types)?);
            }
            sink.take(read).await?;
            progress.advance(u64::try_from(count).unwrap_or_default());
            if count < PAGE {
                return Ok(());
            }
        }
    }

    /// A page of rows, with the key first.
    fn page_statement(&self, after: Option<i64>) -> String {
        page_statement(self.backend, self.table, &self.there, after)
    }

    fn row(&self, row: &QueryResult, content_types: &HashMap<i64, String>) -> Result<SourceRow> {
        let (mut values, mut problems) = (Vec::new(), Vec::new());
        for (n, column) in self.table.columns.iter().enumerate() {
            let mut problem =
                |is: ValueProblem| problems.push(RowProblem { column: column.name, is });
            let value = match read_text(self.backend, row, n + 1)? {
                None => Value::Null,
                Some((text, replaced)) => {
                    if replaced {
                        problem(ValueProblem::Replaced);
                    }
                    of_text(column.kind, &text).unwrap_or_else(|_| {
                        problem(ValueProblem::Unreadable);
                        Value::Null
                    })
                }
            };
            let value = match (column.kind, value.number()) {
                (Kind::ContentType, Some(id)) => match content_types.get(&id) {
                    Some(name) => Value::Text(name.clone()),
                    None => {
                        problem(ValueProblem::Dangling);
                        Value::Null
                    }
                },
                _ => value,
            };
            values.push(value);
        }
        Ok(SourceRow { table: self.table, values, problems })
    }
}

fn page_statement(
    backend: DbBackend,
    table: &Table,
    there: &BTreeSet<String>,
    after: Option<i64>,
) -> String {
    let expression = |column: &Column| match there.contains(column.name) {
        true => as_text(backend, &quoted(backend, column.name)),
        false => "NULL".to_owned(),
    };
    // Without the table's name, PostgreSQL would take the text of the same name, and sort by it.
    let key = format!("{}.{}", table.name, quoted(backend, table.key));
    let columns: Vec<String> = table.columns.iter().map(expression).collect();
    let page = after.map_or(String::new(), |after| format!(" WHERE {key} > {after}"));
    format!(
        "SELECT {}, {} FROM {}{page} ORDER BY {key} LIMIT {PAGE}",
        as_text(backend, &key),
        columns.join(", "),
        table.name,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::schema::{TASK_STAGES, table};

    #[test]
    fn every_value_is_read_as_text() {
        let stages = table(TASK_STAGES).unwrap();
        let there: BTreeSet<String> = ["id", "name", "default", "done"].map(str::to_owned).into();
        let statement = |backend, after| page_statement(backend, stages, &there, after);
        // Lines of at most 100 columns.
        let lines = |sql: String| sql.replace(", ", ",\n").replace(" FROM", "\nFROM");
        insta::assert_snapshot!(lines(statement(DbBackend::Sqlite, None)), @r#"
        SELECT CAST(tasks_taskstage."id" AS BLOB),
        CAST("id" AS BLOB),
        CAST("name" AS BLOB),
        CAST("default" AS BLOB),
        CAST("done" AS BLOB),
        NULL
        FROM tasks_taskstage ORDER BY tasks_taskstage."id" LIMIT 2000
        "#);
        insta::assert_snapshot!(lines(statement(DbBackend::Postgres, Some(7))), @r#"
        SELECT (tasks_taskstage."id")::text,
        ("id")::text,
        ("name")::text,
        ("default")::text,
        ("done")::text,
        NULL
        FROM tasks_taskstage WHERE tasks_taskstage."id" > 7 ORDER BY tasks_taskstage."id" LIMIT 2000
        "#);
        insta::assert_snapshot!(lines(statement(DbBackend::MySql, Some(7))), @"
        SELECT CAST(tasks_taskstage.`id` AS CHAR),
        CAST(`id` AS CHAR),
        CAST(`name` AS CHAR),
        CAST(`default` AS CHAR),
        CAST(`done` AS CHAR),
        NULL
        FROM tasks_taskstage WHERE tasks_taskstage.`id` > 7 ORDER BY tasks_taskstage.`id` LIMIT 2000
        ");
    }
}
