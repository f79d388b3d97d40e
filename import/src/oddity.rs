//! What can be odd about a row, and what is done then.

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

/// An oddity of a row.
#[derive(Debug, Clone)]
pub(crate) struct NotedOddity {
    pub(crate) oddity: Oddity,
    pub(crate) table: String,
    /// The row's id there. A link has two.
    pub(crate) id: String,
    pub(crate) detail: Option<String>,
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
