//! The cases of the table of erasures: every actor × record × hold × whether owners may erase.
//! These tests ask the rules directly, and the end-to-end tests ask through HTTP.

pub const ACTORS: [&str; 6] = ["author", "recipient", "subscriber", "stranger", "chief", "admin"];

/// What became of a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memo {
    /// Its author deleted it before it was sent.
    DeletedDraft,
    /// Its author was its recipient, and deleted it.
    DeletedToSelf,
    /// Its author deleted it.
    DeletedByAuthor,
    /// Its recipient deleted it.
    DeletedByRecipient,
    /// Its recipient deleted it, and its author restored it.
    Restored,
    /// Its recipient deleted it, and its time is over.
    Purged,
}

impl Memo {
    pub fn name(self) -> &'static str {
        match self {
            Self::DeletedDraft => "draft",
            Self::DeletedToSelf => "to oneself",
            Self::DeletedByAuthor => "deleted by author",
            Self::DeletedByRecipient => "deleted by recipient",
            Self::Restored => "restored",
            Self::Purged => "purged",
        }
    }

    pub fn is_by_recipient(self) -> bool {
        matches!(self, Self::DeletedByRecipient | Self::Restored | Self::Purged)
    }
}

/// A case of the table.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub memo: Memo,
    pub hold: bool,
    pub by_owner: bool,
}

/// The cases of an office. A draft cannot be held. The purged memo comes last, because a purge
/// erases the others too.
pub fn cases(by_owner: bool) -> Vec<Case> {
    let case = |memo, hold| Case { memo, hold, by_owner };
    vec![
        case(Memo::DeletedDraft, false),
        case(Memo::DeletedToSelf, false),
        case(Memo::DeletedToSelf, true),
        case(Memo::DeletedByAuthor, false),
        case(Memo::DeletedByAuthor, true),
        case(Memo::DeletedByRecipient, false),
        case(Memo::DeletedByRecipient, true),
        case(Memo::Restored, false),
        case(Memo::Purged, false),
    ]
}

impl Case {
    pub fn row(self, actor: &str, answer: &str) -> String {
        let yes = |condition: bool| if condition { "yes" } else { "no" };
        format!(
            "{actor:<10} | {:<20} | {:<4} | {:<8} | {answer}\n",
            self.memo.name(),
            yes(self.hold),
            yes(self.by_owner)
        )
    }
}

pub const HEAD: &str = "actor      | memo                 | hold | by owner | verdict, blockers\n";

pub fn answer(verdict: &str, blockers: &[&str]) -> String {
    let blockers = if blockers.is_empty() { "-".to_owned() } else { blockers.join(" ") };
    format!("{verdict}, {blockers}")
}
