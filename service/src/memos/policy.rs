//! Who may do what with a memo, beside deleting it, as a synchronous function of facts. No database, no clock, no GraphQL.
//!
//! | verb | who | refused when |
//! | --- | --- | --- |
//! | edit, detach files, send | author | edit, detach: the recipient has acted, or it is on hold; send: it is sent |
//! | conclude (conclusion, review date) | recipient | it is on hold |
//! | review, postpone, create a task or a project | recipient | it is a draft |
//! | transfer files, attach files, manage subscribers, tag | author, recipient | |
//! | comment | author, recipient, subscribers | it is a draft |
//! | copy, set a reminder, mark as read | whoever sees it | |
//!
//! A resolution says what the author wants the memo for, so it is edited as the text is, by its author. A hold preserves what is there: the author
//! no longer edits, the recipient no longer concludes, and nobody changes or takes back what they have said. A memo on hold is reviewed without a
//! conclusion. The table of every case stands in `tests/snapshots`; a change here shows there as a diff. The rules of deletion are in
//! [`crate::memo_deletion::policy`].

use crate::memo_deletion::policy::{Standing, roles};
use chrono::{DateTime, Utc};
use entity::{MemoRole, MemoStage};

/// What a person does with a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Changes what the author has written: name, description, recipient of a draft, deal,
    /// resolution.
    Edit,
    /// Changes the conclusion and the review date.
    Conclude,
    /// Sends a draft.
    Send,
    /// Makes a new draft of it.
    Copy,
    /// Settles it.
    Review,
    /// Puts it off.
    Postpone,
    /// Creates a task from it.
    CreateTask,
    /// Creates a project from it.
    CreateProject,
    /// Ties its files to a task or a project as well.
    TransferFiles,
    /// Ties files to it.
    AttachFiles,
    /// Unties files from it.
    DetachFiles,
    /// Adds and removes those who read along.
    ManageSubscribers,
    /// Adds and removes tags.
    Tag,
    /// Says something in its discussion.
    Comment,
    /// Changes or takes back what they have said in its discussion.
    ReviseComment,
    /// Sets a reminder of their own.
    Remind,
    /// Marks it as read or unread for themselves.
    MarkRead,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 17] = [
        Self::Edit,
        Self::Conclude,
        Self::Send,
        Self::Copy,
        Self::Review,
        Self::Postpone,
        Self::CreateTask,
        Self::CreateProject,
        Self::TransferFiles,
        Self::AttachFiles,
        Self::DetachFiles,
        Self::ManageSubscribers,
        Self::Tag,
        Self::Comment,
        Self::ReviseComment,
        Self::Remind,
        Self::MarkRead,
    ];
}

/// Why a person may not do something with a memo that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// Only its author does this.
    NotTheAuthor,
    /// Only its recipient does this.
    NotTheRecipient,
    /// Only author and recipient do this.
    NotAParticipant,
    /// Only author, recipient and subscribers take part in the discussion.
    NotInTheDiscussion,
    /// It has not been sent.
    Draft,
    /// It has been sent already.
    AlreadySent,
    /// The recipient has acted on it: the stage to which they moved it first, and when.
    RecipientHasActed(Option<(MemoStage, DateTime<Utc>)>),
    /// It is on hold.
    OnHold,
}

impl Objection {
    /// The code as in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotTheAuthor => "NOT_THE_AUTHOR",
            Self::NotTheRecipient => "NOT_THE_RECIPIENT",
            Self::NotAParticipant => "NOT_A_PARTICIPANT",
            Self::NotInTheDiscussion => "NOT_IN_THE_DISCUSSION",
            Self::Draft => "DRAFT",
            Self::AlreadySent => "ALREADY_SENT",
            Self::RecipientHasActed(_) => "RECIPIENT_HAS_ACTED",
            Self::OnHold => "ON_HOLD",
        }
    }
}

/// What the rules have against the viewer doing that with a memo that exists for them; `None` if they may.
pub fn objection(verb: Verb, standing: &Standing) -> Option<Objection> {
    let roles = roles(standing);
    let is_author = roles.contains(&MemoRole::Author);
    let is_recipient = roles.contains(&MemoRole::Recipient);
    let takes_part = is_author || is_recipient || roles.contains(&MemoRole::Subscriber);
    let (who, otherwise) = match verb {
        Verb::Edit | Verb::DetachFiles | Verb::Send => (is_author, Objection::NotTheAuthor),
        Verb::Conclude | Verb::Review | Verb::Postpone | Verb::CreateTask | Verb::CreateProject => {
            (is_recipient, Objection::NotTheRecipient)
        }
        Verb::TransferFiles | Verb::AttachFiles | Verb::ManageSubscribers | Verb::Tag => {
            (is_author || is_recipient, Objection::NotAParticipant)
        }
        Verb::Comment | Verb::ReviseComment => (takes_part, Objection::NotInTheDiscussion),
        Verb::Copy | Verb::Remind | Verb::MarkRead => (true, Objection::NotAParticipant),
    };
    if !who {
        return Some(otherwise);
    }
    let acted = is_author && !is_recipient && standing.stage != MemoStage::Pending;
    match verb {
        Verb::Edit | Verb::DetachFiles if acted => Some(Objection::RecipientHasActed(standing.first_act)),
        Verb::Edit | Verb::Conclude | Verb::DetachFiles | Verb::ReviseComment if standing.on_hold => {
            Some(Objection::OnHold)
        }
        Verb::Send if !standing.draft => Some(Objection::AlreadySent),
        Verb::Review | Verb::Postpone | Verb::CreateTask | Verb::CreateProject | Verb::Comment
            if standing.draft =>
        {
            Some(Objection::Draft)
        }
        _ => None,
    }
}
