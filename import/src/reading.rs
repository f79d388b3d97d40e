//! Puts the rows of a source into the temporary database, and notes what is wrong with them.

use crate::{
    Result,
    oddity::Oddity,
    report::{Report, Tally},
    source::{
        RowSink, SourceRow, Value, ValueProblem,
        schema::{self, Column, Need, Table},
    },
};

/// Takes the rows of a source.
pub(crate) struct Reading<'a> {
    report: &'a mut Report,
    tally: Tally,
}

impl<'a> Reading<'a> {
    /// Begins.
    pub(crate) async fn begin(report: &'a mut Report) -> Result<Self> {
        report.staging().begin().await?;
        Ok(Self { report, tally: Tally::default() })
    }

    /// Ends, and makes the rows ready to be asked for.
    pub(crate) async fn end(mut self) -> Result<()> {
        self.report.staging().complete().await?;
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

impl RowSink for Reading<'_> {
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
            let twice = self.report.staging().insert(table, rows).await?;
            self.tally.of(table.name).merged += twice;
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
        match schema::table(table) {
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
