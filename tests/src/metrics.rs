//! The metrics of a server, as `/metrics` shows them.

/// The text of `/metrics`.
#[derive(Debug, Clone)]
pub struct Metrics(pub String);

impl Metrics {
    /// The number of that series, written as `name{label="value"}`; `None` if there is none.
    pub fn get(&self, series: &str) -> Option<f64> {
        let line = self.0.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
        Some(line.parse().expect("a number"))
    }

    /// The series with that prefix.
    pub fn series(&self, beginning: &str) -> Vec<&str> {
        let series =
            self.0.lines().filter_map(|line| line.rsplit_once(' ')).map(|(series, _)| series);
        series.filter(|series| series.starts_with(beginning)).collect()
    }
}
