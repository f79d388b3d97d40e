//! The table of results.

use crate::site::Site;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, time::Duration};

/// A round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    site: String,
    round: usize,
    fault: String,
    kills: usize,
    acknowledged: u64,
    errors: BTreeMap<String, u64>,
    recovery: Option<Duration>,
    /// Violations.
    pub(crate) violations: Vec<String>,
}

impl Row {
    /// The results of the site's round.
    pub(crate) fn of(
        site: &Site,
        round: usize,
        fault: String,
        kills: usize,
        recovery: Option<Duration>,
    ) -> Self {
        let tally = site.ledger.close_round();
        let (acknowledged, errors, violations) =
            (tally.acknowledged, tally.errors, tally.violations);
        Self {
            site: site.name.to_owned(),
            round,
            fault,
            kills,
            acknowledged,
            errors,
            recovery,
            violations,
        }
    }

    /// The sum of rows.
    pub(crate) fn sum(rows: &[Self]) -> Self {
        let mut errors: BTreeMap<String, u64> = BTreeMap::new();
        for (kind, count) in rows.iter().flat_map(|row| &row.errors) {
            *errors.entry(kind.clone()).or_default() += count;
        }
        Self {
            site: "both".to_owned(),
            round: rows.len(),
            fault: "in all; longest recovery".to_owned(),
            kills: rows.iter().map(|row| row.kills).sum(),
            acknowledged: rows.iter().map(|row| row.acknowledged).sum(),
            errors,
            recovery: rows.iter().filter_map(|row| row.recovery).max(),
            violations: rows.iter().flat_map(|row| row.violations.clone()).collect(),
        }
    }
}

/// The table's first two lines.
pub(crate) const HEADING: &str = "\
| database | round | fault | kills | acknowledged | errors that clients saw | recovery | \
    violations |
| --- | --- | --- | --- | --- | --- | --- | --- |";

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors: Vec<String> =
            self.errors.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let recovery =
            self.recovery.map_or("–".to_owned(), |time| format!("{:.1} s", time.as_secs_f64()));
        write!(
            f,
            "| {} | {} | {} | {} | {} | {} | {recovery} | {} |",
            self.site,
            self.round,
            self.fault,
            self.kills,
            self.acknowledged,
            errors.join(", "),
            self.violations.len()
        )
    }
}
