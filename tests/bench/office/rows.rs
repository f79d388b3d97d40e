//! Every row of the office follows from its number: id, people, stage, links. Rust and SQL compute
//! the same values, so the program knows what it asks for without reading it first.

use uuid::Uuid;

/// When the first memo was written, in milliseconds since 1970: 1 January 2025.
pub(crate) const BEGUN: i64 = 1_735_689_600_000;
/// The time from one memo to the next, in milliseconds: ten million memos in a year.
pub(crate) const GAP: i64 = 3_000;
/// How many memos share a search code.
const MEMOS_A_CODE: i64 = 50;
pub(super) const TAGS: i64 = 50;
pub(super) const SUBSCRIBERS: i64 = 3;
pub(super) const TAGS_A_MEMO: i64 = 2;
pub(super) const COMMENTS: i64 = 2;

/// The salts of the properties of a memo.
pub(super) mod salt {
    pub(in crate::office) const AUTHOR: i64 = 1;
    pub(in crate::office) const RECIPIENT: i64 = 2;
    pub(in crate::office) const DRAFT: i64 = 3;
    pub(in crate::office) const STAGE: i64 = 4;
    pub(in crate::office) const HAS_TASK: i64 = 5;
    pub(in crate::office) const TASK: i64 = 6;
    pub(in crate::office) const HAS_PROJECT: i64 = 7;
    pub(in crate::office) const PROJECT: i64 = 8;
    pub(in crate::office) const HAS_DEAL: i64 = 9;
    pub(in crate::office) const DEAL: i64 = 10;
    pub(in crate::office) const SUBSCRIBER: i64 = 11;
    pub(in crate::office) const TAG: i64 = 12;
    pub(in crate::office) const DELETER: i64 = 13;
    pub(in crate::office) const TEXT: i64 = 14;
    pub(in crate::office) const LENGTH: i64 = 15;
    pub(in crate::office) const SIZE: i64 = 16;
}

/// The multiplier of [Fibonacci hashing](https://en.wikipedia.org/wiki/Hash_function), and the
/// distance between salts.
const MULTIPLIER: i64 = 2_654_435_761;
const SALT: i64 = 1_000_003;

/// A number below 2²⁴ that looks random and always is the same.
pub(crate) fn mixed(number: i64, salt: i64) -> i64 {
    ((number + salt * SALT) * MULTIPLIER % (1 << 32)) >> 8
}

/// The same in SQL.
pub(super) fn mixed_sql(number: &str, salt: i64) -> String {
    format!("((({number} + {}) * {MULTIPLIER} % 4294967296) / 256)", salt * SALT)
}

/// What a row is, as it appears in its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Person = 1,
    Tag,
    Deal,
    Task,
    Project,
    Memo,
    File,
    TaskFile,
    Comment,
    Reminder,
}

impl Row {
    /// The id of the row of that number, created at that time: a UUIDv7.
    pub(crate) fn id(self, number: i64, at: i64) -> Uuid {
        let word = |value: i64| u128::try_from(value).unwrap_or_default();
        let id = word(at) << 80 | 7 << 76 | (self as u128) << 64 | 0x8000 << 48 | word(number);
        Uuid::from_u128(id)
    }
}

/// The id of a person.
pub(crate) fn person(number: i64) -> Uuid {
    Row::Person.id(number, BEGUN)
}

/// The word that a memo shares with 49 others.
pub(crate) fn code(memo: i64) -> String {
    format!("k{:08x}", memo / MEMOS_A_CODE)
}

/// What a request needs to know of a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memo {
    /// Its number.
    pub(crate) number: i64,
    /// Its id.
    pub(crate) id: Uuid,
    /// The number of its author.
    pub(crate) author: i64,
    /// The number of its recipient.
    pub(crate) recipient: i64,
    /// Whether it is a draft.
    pub(crate) draft: bool,
    /// Whether its recipient has not acted.
    pub(crate) pending: bool,
}

impl Memo {
    /// The memo of that number in an office with so many people.
    pub(crate) fn of(number: i64, people: i64) -> Self {
        let author = mixed(number, salt::AUTHOR) % people;
        let draft = mixed(number, salt::DRAFT) % 100 < 10;
        Self {
            number,
            id: Row::Memo.id(number, BEGUN + number * GAP),
            author,
            recipient: (author + 1 + mixed(number, salt::RECIPIENT) % (people - 1)) % people,
            draft,
            pending: draft || mixed(number, salt::STAGE) % 100 < 50,
        }
    }

    /// Somebody who may delete it: six of ten times its author, if both may.
    pub(crate) fn deleter(&self) -> i64 {
        let is_author = mixed(self.number, salt::DELETER) % 100 < 60;
        if self.draft || (self.pending && is_author) { self.author } else { self.recipient }
    }
}
