//! The table of results.

use crate::{cpu::Gauge, load::Measured, options::Options};

const COLUMNS: [&str; 9] = [
    "scenario",
    "requests",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "CPU ms",
    "of the server",
    "of the database",
    "yardstick",
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
         request, {whose}\n",
        options.memos, options.connections
    )
}

/// The rows with aligned columns: the first to the left, numbers to the right.
pub(crate) fn of(rows: &[Measured]) -> String {
    let mut lines: Vec<Vec<String>> = vec![COLUMNS.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(cells));
    let widths: Vec<usize> = (0..COLUMNS.len())
        .map(|column| {
            lines
                .iter()
                .filter_map(|line| line.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let lines: Vec<String> = lines.iter().map(|line| aligned(line, &widths)).collect();
    lines.join("\n")
}

fn aligned(cells: &[String], widths: &[usize]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .zip(widths)
        .enumerate()
        .map(
            |(column, (cell, width))| {
                if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            },
        )
        .collect();
    cells.join("  ")
}

#[expect(clippy::cast_precision_loss, reason = "numbers of requests are small")]
fn cells(row: &Measured) -> Vec<String> {
    let two =
        |number: Option<f64>| number.map_or("–".to_owned(), |number| format!("{number:.2}"));
    vec![
        row.name.to_owned(),
        row.requests.to_string(),
        format!("{:.0}", row.requests as f64 / row.elapsed.as_secs_f64()),
        format!("{:.1}", row.p50.as_secs_f64() * 1000.0),
        format!("{:.1}", row.p99.as_secs_f64() * 1000.0),
        two(row.cpu.map(|cpu| cpu.server + cpu.database.unwrap_or_default())),
        two(row.cpu.map(|cpu| cpu.server)),
        two(row.cpu.and_then(|cpu| cpu.database)),
        two(row.yardstick),
    ]
}
