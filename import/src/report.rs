//! What became of every row, and what is odd.

use crate::{
    Result,
    oddity::{NotedOddity, Oddity},
    source::SourceDescription,
    staging::Staging,
};
use serde::Serialize;
use std::{collections::BTreeMap, io::Write, sync::Arc};

/// What became of the rows of one table. Each row that was read is counted in one other number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Rows that were read.
    pub read: u64,
    /// Something was made of them.
    pub made: u64,
    /// They became part of something that is already here or was made of another row.
    pub merged: u64,
    /// They were imported before, have changed there since, and were changed here alike.
    pub changed: u64,
    /// They were imported before and are the same.
    pub unchanged: u64,
    /// They were imported before, and what was made of them was changed or deleted here since. So
    /// it stays as it is.
    pub stayed: u64,
    /// They were left out, by reason.
    pub left_out: BTreeMap<String, u64>,
}

impl Counts {
    /// How many rows were left out.
    pub fn total_left_out(&self) -> u64 {
        self.left_out.values().sum()
    }

    /// Whether each row that was read is counted in one other number.
    pub fn is_balanced(&self) -> bool {
        let others = self.made + self.merged + self.changed + self.unchanged + self.stayed;
        self.read == others + self.total_left_out()
    }

    fn add(&mut self, other: Self) {
        self.read += other.read;
        self.made += other.made;
        self.merged += other.merged;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.stayed += other.stayed;
        for (reason, count) in other.left_out {
            *self.left_out.entry(reason).or_default() += count;
        }
    }
}

/// The counts of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableCounts {
    /// The table.
    pub table: String,
    /// Its counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// An oddity with a number of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OddityCount {
    /// The code.
    pub code: &'static str,
    /// What it is and what was done.
    pub sentence: &'static str,
    /// How many rows have it.
    pub rows: u64,
    /// The first of them, as `table id`.
    pub examples: Vec<String>,
}

/// How many examples an oddity has.
const EXAMPLES: usize = 3;

/// What a part of an import has done. It counts when the part is committed.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<&'static str, Counts>,
    pub(crate) oddities: Vec<NotedOddity>,
    inferred: BTreeMap<String, u64>,
}

impl Tally {
    /// The counts of a table.
    pub(crate) fn of(&mut self, table: &'static str) -> &mut Counts {
        self.counts.entry(table).or_default()
    }

    /// Notes an oddity of a row.
    pub(crate) fn note(
        &mut self,
        oddity: Oddity,
        table: &str,
        id: impl std::fmt::Display,
        detail: Option<&str>,
    ) {
        self.oddities.push(NotedOddity {
            oddity,
            table: table.to_owned(),
            id: id.to_string(),
            detail: detail.map(ToOwned::to_owned),
        });
    }

    /// Counts a row as left out, and notes it.
    pub(crate) fn leave_out(
        &mut self,
        oddity: Oddity,
        table: &'static str,
        id: impl std::fmt::Display,
    ) {
        self.leave_out_quietly(oddity, table);
        self.note(oddity, table, id, None);
    }

    /// Counts a row as left out without a note, because there are many of its kind.
    pub(crate) fn leave_out_quietly(&mut self, oddity: Oddity, table: &'static str) {
        *self.of(table).left_out.entry(oddity.code().to_owned()).or_default() += 1;
    }

    /// Counts a guess.
    pub(crate) fn infer(&mut self, what: &str) {
        *self.inferred.entry(what.to_owned()).or_default() += 1;
    }
}

/// What an import has done.
#[derive(Debug)]
pub struct Report {
    source: SourceDescription,
    dry_run: bool,
    counts: BTreeMap<String, Counts>,
    oddities: BTreeMap<Oddity, OddityCount>,
    inferred: BTreeMap<String, u64>,
    not_taken: BTreeMap<String, (u64, &'static str)>,
    /// It has every oddity with its row.
    staging: Arc<Staging>,
}

impl Report {
    pub(crate) fn new(staging: Arc<Staging>, dry_run: bool) -> Self {
        Self {
            source: SourceDescription::default(),
            dry_run,
            counts: BTreeMap::new(),
            oddities: BTreeMap::new(),
            inferred: BTreeMap::new(),
            not_taken: BTreeMap::new(),
            staging,
        }
    }

    pub(crate) fn describe(&mut self, source: SourceDescription) {
        self.source = source;
    }

    pub(crate) fn staging(&self) -> &Staging {
        &self.staging
    }

    pub(crate) fn skip(&mut self, table: &str, rows: u64, reason: &'static str) {
        self.not_taken.insert(table.to_owned(), (rows, reason));
    }

    /// Adds what a part has done.
    pub(crate) async fn add(&mut self, tally: Tally) -> Result<()> {
        for (table, counts) in tally.counts {
            self.counts.entry(table.to_owned()).or_default().add(counts);
        }
        for (what, count) in tally.inferred {
            *self.inferred.entry(what).or_default() += count;
        }
        for noted in &tally.oddities {
            let NotedOddity { oddity, table, id, .. } = noted;
            let count = self.oddities.entry(*oddity).or_insert_with(|| OddityCount {
                code: oddity.code(),
                sentence: oddity.sentence(),
                rows: 0,
                examples: Vec::new(),
            });
            count.rows += 1;
            if count.examples.len() < EXAMPLES {
                count.examples.push(format!("{table} {id}"));
            }
        }
        self.staging.note_oddities(&tally.oddities).await
    }

    /// Where the rows come from.
    pub fn source(&self) -> &SourceDescription {
        &self.source
    }

    /// Whether nothing was written.
    pub fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// The counts of each table that has a place here.
    pub fn tables(&self) -> Vec<TableCounts> {
        let of = |(table, counts): (&String, &Counts)| TableCounts {
            table: table.clone(),
            counts: counts.clone(),
        };
        self.counts.iter().map(of).collect()
    }

    /// The oddities with their numbers.
    pub fn oddities(&self) -> Vec<OddityCount> {
        self.oddities.values().cloned().collect()
    }

    /// Moments that are a guess: what they are guessed from, with the number of memos.
    pub fn inferred(&self) -> &BTreeMap<String, u64> {
        &self.inferred
    }

    /// Tables that have no place here: rows and reason.
    pub fn not_taken(&self) -> &BTreeMap<String, (u64, &'static str)> {
        &self.not_taken
    }

    /// Writes everything as JSON, with every oddity of every row.
    ///
    /// # Errors
    /// Returns errors of the writer as a refusal, and errors of the temporary database.
    pub async fn write_json(&self, mut to: impl Write) -> Result<()> {
        let summary = Summary {
            source: &self.source,
            dry_run: self.dry_run,
            tables: self.tables(),
            inferred: &self.inferred,
            not_taken: self
                .not_taken
                .iter()
                .map(|(table, (rows, reason))| NotTaken { table, rows: *rows, reason })
                .collect(),
            oddities: self.oddities(),
        };
        let failed =
            |error: std::io::Error| crate::ImportError::io("--report cannot be written", &error);
        let summary = serde_json::to_string_pretty(&summary).map_err(service::Error::from)?;
        let summary = summary.trim_end().trim_end_matches('}').trim_end();
        write!(to, "{summary},\n  \"rows\": [").map_err(failed)?;
        let (mut after, mut first) = (0, true);
        loop {
            let page = self.staging.oddities_after(after).await?;
            let Some(last) = page.last() else { break };
            after = last.number;
            for row in &page {
                let line = serde_json::to_string(row).map_err(service::Error::from)?;
                let comma = if std::mem::take(&mut first) { "" } else { "," };
                write!(to, "{comma}\n    {line}").map_err(failed)?;
            }
        }
        to.write_all(b"\n  ]\n}\n").and_then(|()| to.flush()).map_err(failed)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    source: &'a SourceDescription,
    dry_run: bool,
    tables: Vec<TableCounts>,
    inferred: &'a BTreeMap<String, u64>,
    not_taken: Vec<NotTaken<'a>>,
    oddities: Vec<OddityCount>,
}

#[derive(Serialize)]
struct NotTaken<'a> {
    table: &'a str,
    rows: u64,
    reason: &'static str,
}
