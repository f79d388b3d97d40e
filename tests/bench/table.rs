//! The table of results.

use crate::{gauge::Gauge, load::Measured, options::Options};

/// One operation.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) server: Measured,
    /// The same work without the server.
    pub(crate) alone: Option<Measured>,
    /// The server's memory afterwards, in bytes.
    pub(crate) resident: Option<u64>,
}

impl Line {
    /// Operations per second, as a ratio to the same work without the server.
    pub(crate) fn ratio(&self) -> Option<f64> {
        Some(self.server.rate() / self.alone?.rate())
    }
}

const COLUMNS: [&str; 12] = [
    "operation",
    "operations",
    "a second",
    "alone",
    "ratio",
    "p50 ms",
    "p99 ms",
    "CPU ms",
    "server",
    "database",
    "alone",
    "RSS MB",
];

/// Describes what was measured.
pub(crate) fn heading(options: &Options, database: &str, gauge: &Gauge) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let whose = match (gauge.read().is_some(), gauge.postmaster.is_some(), database) {
        (false, ..) => "is not known on this system",
        (true, true, _) => "is that of the server and of all of PostgreSQL's processes",
        (true, false, "PostgreSQL") => "is that of the server alone: PostgreSQL runs elsewhere",
        (true, false, _) => "is that of the server, which contains the database",
    };
    format!(
        "{database}, {} memos, {cores} cores, {} connections; processor time, in milliseconds per \
         operation, {whose}. \"Alone\" is the same work without the server, in the same run.\n",
        options.memos, options.connections
    )
}

/// The rows with aligned columns: the first to the left, numbers to the right.
pub(crate) fn of(lines: &[Line]) -> String {
    let mut rows: Vec<Vec<String>> = vec![COLUMNS.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(cells));
    aligned(&rows)
}

/// Rows of equal lengths, aligned.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, width))| {
                    if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
                })
                .collect();
            cells.join("  ")
        })
        .collect();
    lines.join("\n")
}

/// A number with two decimals; a dash if there is none.
pub(crate) fn two(number: Option<f64>) -> String {
    number.map_or("–".to_owned(), |number| format!("{number:.2}"))
}

fn cells(line: &Line) -> Vec<String> {
    let Line { name, server, alone, resident } = line;
    vec![
        name.clone(),
        server.operations.to_string(),
        format!("{:.0}", server.rate()),
        alone.map_or("–".to_owned(), |alone| format!("{:.0}", alone.rate())),
        two(line.ratio()),
        format!("{:.1}", server.p50.as_secs_f64() * 1000.0),
        format!("{:.1}", server.p99.as_secs_f64() * 1000.0),
        two(server.cpu.map(crate::gauge::Reading::total)),
        two(server.cpu.map(|cpu| cpu.server)),
        two(server.cpu.and_then(|cpu| cpu.database)),
        two(alone.and_then(|alone| alone.cpu?.database)),
        resident.map_or("–".to_owned(), |bytes| (bytes >> 20).to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn names_stand_on_the_left_and_numbers_on_the_right() {
        let rows = [["operation", "a second"], ["inbox – all", "7"]]
            .map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(aligned(&rows), "operation    a second\ninbox – all         7");
    }
}
