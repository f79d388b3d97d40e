//! What commands find: a table for people, JSON for programs.

use super::{Failure, output};
use chrono::{DateTime, Utc};
use comfy_table::{Table, presets::NOTHING};
use serde::Serialize;

/// How a command prints what it finds.
#[derive(clap::Args)]
pub(super) struct Format {
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// What has a line in a table.
pub(super) trait Tabular: Serialize {
    /// The headings of the columns.
    const HEADINGS: &'static [&'static str];

    /// The cells of its line, one for each heading.
    fn cells(&self) -> Vec<String>;
}

impl Format {
    /// Whether programs read it.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints a list.
    pub(super) fn list<T: Tabular>(&self, rows: &[T]) -> Result<(), Failure> {
        if self.json {
            return output::json(&rows);
        }
        let mut table = Table::new();
        table.set_header(T::HEADINGS);
        for row in rows {
            table.add_row(row.cells());
        }
        print(table)
    }

    /// Prints one thing. In a table, each of its fields has a line with its name.
    pub(super) fn one<T: Serialize>(
        &self,
        thing: &T,
        lines: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<(), Failure> {
        if self.json {
            return output::json(thing);
        }
        let mut table = Table::new();
        for (name, value) in lines {
            table.add_row([name.to_owned(), value]);
        }
        print(table)
    }
}

/// Prints a table without borders.
fn print(mut table: Table) -> Result<(), Failure> {
    table.load_style(NOTHING);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    output::print(&table.trim_fmt())
}

/// The text of a yes or no.
pub(super) fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// A moment to the second, in UTC.
pub(super) fn moment(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M:%SZ").to_string()
}
