//! What became of every row, and what is odd.

use crate::{Result, source::SourceDescription, staging::Staging};
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

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal $sentence:literal),+ $(,)?) => {
        /// What can be odd about a row, or why it is left out.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Oddity { $($(#[$doc])* #[doc = $sentence] $variant),+ }

        impl Oddity {
            /// All oddities.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code in the report.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What it is and what was done, for people.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence),+ }
            }
        }
    };
}

codes! {
    UnreadableValue = "unreadable-value"
        "a value is missing or of another type: it counts as none",
    UnreadableRow = "unreadable-row" "a value that it needs is missing: left out",
    ReplacedText = "replaced-text"
        "a text has U+0000 or bytes that are no text: they were replaced by U+FFFD",
    Dangling = "dangling" "what it belongs to is not there: left out",
    DanglingReference = "dangling-reference"
        "it refers to something that is not there: the reference was left out",
    DuplicateRow = "duplicate" "the same link is there twice",
    NoAuthor = "no-author"
        "it has no author, or one who is not there: the placeholder \"Unknown person\" is",
    NoRecipient = "no-recipient"
        "it has no recipient, or one who is not there: the placeholder \"Unknown person\" is",
    NoOwner = "no-owner"
        "it has no owner: the first person responsible is, or the placeholder \"Unknown person\"",
    NoOwnerOfReminder = "no-owner-of-reminder" "it has no owner to be reminded: left out",
    Inactive = "inactive" "the person is inactive there and here",
    NotStaff = "not-staff"
        "the person could not sign in there (no staff): inactive here until `memoranda user \
         activate`",
    NoGroup = "no-group" "the person is in no group: a member",
    NoFullName = "no-full-name" "the person has no name: the username is shown",
    UsernameChanged = "username-changed" "the username cannot be used here: it was changed",
    NoEmail = "no-email"
        "the person has no address of their own that can be used: a placeholder stands there, and \
         no mail is sent",
    PasswordNotTaken = "password-not-taken"
        "the password's hash is of a kind that is not known here: set a new one with `memoranda \
         user password`",
    NoPassword = "no-password" "the person has no usable password there, and none here",
    PersonErased = "person-erased"
        "somebody with this address was erased here: the placeholder \"Unknown person\" stands \
         for them",
    AlreadyHere = "already-here" "there is one here already: it is used, and was not changed",
    ChangedHere = "changed-here" "it was changed there and here: it stays as it is here",
    DeletedHere = "deleted-here" "it was deleted here: it was not made again",
    GoneThere = "gone-there" "it is not there any more: it stays here",
    LinkGoneThere = "link-gone-there"
        "a person or tag was taken away there since the last import: it stays here",
    EmptyName = "empty-name" "it has no name: the first words of its text are, or \"(no name)\"",
    NameCleaned = "name-cleaned"
        "its name has line breaks or characters that turn the direction of text: they were left \
         out",
    NameTooLong = "name-too-long"
        "its name is longer than 250 characters: cut, and whole at the beginning of its text",
    TextTooLong = "text-too-long"
        "its text is longer than can be written here: the rest is in comments",
    LongTextKept = "long-text-kept"
        "its text is longer than can be written here: kept whole, and to be shortened when it is \
         next edited",
    TextCut = "text-cut" "its text has more than 200,000 characters: the rest was left out",
    LongMessage = "long-message" "it is longer than a comment: several comments",
    EmptyMessage = "empty-message" "the message has no text: left out",
    NoDate = "no-date" "it has no date: the other one is used, or that of this import",
    UnknownStage = "unknown-stage" "its stage is none of pen, pos and rev: pending",
    DraftActedOn = "draft-acted-on"
        "it is marked as a draft, but its recipient has acted on it: sent",
    InactiveWork = "inactive-work"
        "it is not active any more, but not done either: cancelled",
    NotForMemos = "not-for-memos" "a tag of tasks or projects, which have none here: left out",
    NoPlace = "no-place" "there is no place for it here: left out",
    OnOther = "on-other"
        "it is on something that cannot have it here: left out",
    SeesAnyway = "sees-anyway" "author and recipient need no subscription: left out",
    NotifiedOnly = "notified-only"
        "the person was notified once and does not subscribe any more: left out",
    ReadsNot = "reads-not" "the person is not one of the memo's people: left out",
    ReminderText = "reminder-text"
        "the reminder has a text, for which there is no place here: left out, the rest is made",
    NoMedia = "no-media" "no --media was given: left out; import again with it",
    NoPath = "no-path" "the row names no file: left out",
    FileMissing = "file-missing" "the file's bytes are not there: left out",
    FileEmpty = "file-empty" "the file is empty: made with no bytes",
    FileTwice = "file-twice" "the same file is attached twice: once here",
    FileNameChanged = "file-name-changed" "the file's name cannot be used here: it was changed",
    NotADeletion = "not-a-deletion" "the entry says when something was added or changed: read only",
    DeletedButThere = "deleted-but-there" "the log says deleted, but the memo is there: left out",
    GuessedRoles = "guessed-roles"
        "the log does not say who author and recipient of the deleted memo were: a guess",
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

/// An oddity of a row.
#[derive(Debug, Clone)]
pub(crate) struct NotedOddity {
    pub(crate) oddity: Oddity,
    pub(crate) table: String,
    /// The row's id there. A link has two.
    pub(crate) id: String,
    pub(crate) detail: Option<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_oddity_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<_> =
            Oddity::ALL.iter().map(|oddity| oddity.code()).collect();
        assert_eq!(codes.len(), Oddity::ALL.len());
        assert!(Oddity::ALL.iter().all(|oddity| !oddity.sentence().contains("  ")));
    }
}
