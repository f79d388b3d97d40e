//! Who may do what with a memo, besides deleting it, as synchronous functions of facts. No
//! database, no clock, no GraphQL. Each action has a rule of its own, and a denial that lists its
//! reasons.
//!
//! | action | who | refused when |
//! | --- | --- | --- |
//! | edit, detach files | author | the recipient has acted, or it is on hold |
//! | send | author | it is sent |
//! | conclude (conclusion, review date) | recipient | it is on hold |
//! | review, postpone, create a task or a project | recipient | it is a draft |
//! | transfer files, attach files, manage subscribers, tag | author, recipient | |
//! | comment | author, recipient, subscribers | it is a draft |
//! | copy, set a reminder, mark as read | whoever sees it | |
//!
//! A resolution says what the author wants the memo for, so it is edited as the text is, by its
//! author. A hold preserves what is there: the author no longer edits, the recipient no longer
//! concludes, and nobody changes or takes back what they have said. A memo on hold is reviewed
//! without a conclusion. The table of every case stands in `tests/snapshots`; a change here shows
//! there as a diff. The rules of deletion are in [`crate::memo_deletion::policy`].

use crate::access::MemoState;
use chrono::{DateTime, Utc};
use entity::MemoStage;

/// What a person does with a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
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

impl Action {
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

/// Why a person may not do something with a memo that they see: every reason of every rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
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
    /// The recipient has acted on it.
    RecipientHasActed(FirstAct),
    /// It is on hold.
    OnHold,
}

/// The stage to which the recipient moved a memo first, and when.
pub type FirstAct = Option<(MemoStage, DateTime<Utc>)>;

impl Denial {
    /// The code as in the API.
    pub fn as_str(self) -> &'static str {
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

/// The reasons of one rule, each of which is one of [`Denial`].
macro_rules! denial {
    ($(#[$doc:meta])* $name:ident { $($reason:ident $(($content:ident: $type:ty))?),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("As [`Denial::", stringify!($reason), "`].")] $reason $(($type))?,)+
        }

        impl From<$name> for Denial {
            fn from(denial: $name) -> Self {
                match denial {
                    $($name::$reason $(($content))? => Self::$reason $(($content))?,)+
                }
            }
        }
    };
}

denial!(
    /// Why the author's own text stays as it is.
    EditDenial { NotTheAuthor, RecipientHasActed(act: FirstAct), OnHold }
);
denial!(
    /// Why the conclusion stays as it is.
    ConcludeDenial { NotTheRecipient, OnHold }
);
denial!(
    /// Why a memo is not sent.
    SendDenial { NotTheAuthor, AlreadySent }
);
denial!(
    /// Why the recipient's act is refused.
    ActDenial { NotTheRecipient, Draft }
);
denial!(
    /// Why something is refused that author and recipient do.
    ParticipantDenial { NotAParticipant }
);
denial!(
    /// Why somebody says nothing.
    CommentDenial { NotInTheDiscussion, Draft }
);
denial!(
    /// Why what somebody has said stays as it is.
    ReviseDenial { NotInTheDiscussion, OnHold }
);

/// [`Action::Edit`] and [`Action::DetachFiles`].
///
/// # Errors
/// Why not.
pub fn edit(memo: &MemoState) -> Result<(), EditDenial> {
    let access = memo.access();
    if !access.is_author {
        return Err(EditDenial::NotTheAuthor);
    }
    if !access.is_recipient && memo.stage != MemoStage::Pending {
        return Err(EditDenial::RecipientHasActed(memo.first_act));
    }
    if memo.on_hold { Err(EditDenial::OnHold) } else { Ok(()) }
}

/// [`Action::Conclude`].
///
/// # Errors
/// Why not.
pub fn conclude(memo: &MemoState) -> Result<(), ConcludeDenial> {
    if !memo.access().is_recipient {
        return Err(ConcludeDenial::NotTheRecipient);
    }
    if memo.on_hold { Err(ConcludeDenial::OnHold) } else { Ok(()) }
}

/// [`Action::Send`].
///
/// # Errors
/// Why not.
pub fn send(memo: &MemoState) -> Result<(), SendDenial> {
    if !memo.access().is_author {
        return Err(SendDenial::NotTheAuthor);
    }
    if memo.draft { Ok(()) } else { Err(SendDenial::AlreadySent) }
}

/// [`Action::Review`], [`Action::Postpone`], [`Action::CreateTask`] and [`Action::CreateProject`].
///
/// # Errors
/// Why not.
pub fn act(memo: &MemoState) -> Result<(), ActDenial> {
    if !memo.access().is_recipient {
        return Err(ActDenial::NotTheRecipient);
    }
    if memo.draft { Err(ActDenial::Draft) } else { Ok(()) }
}

/// [`Action::TransferFiles`], [`Action::AttachFiles`], [`Action::ManageSubscribers`] and
/// [`Action::Tag`].
///
/// # Errors
/// Why not.
pub fn take_part(memo: &MemoState) -> Result<(), ParticipantDenial> {
    let access = memo.access();
    if access.is_author || access.is_recipient {
        Ok(())
    } else {
        Err(ParticipantDenial::NotAParticipant)
    }
}

/// [`Action::Comment`].
///
/// # Errors
/// Why not.
pub fn comment(memo: &MemoState) -> Result<(), CommentDenial> {
    if !is_in_discussion(memo) {
        return Err(CommentDenial::NotInTheDiscussion);
    }
    if memo.draft { Err(CommentDenial::Draft) } else { Ok(()) }
}

/// [`Action::ReviseComment`].
///
/// # Errors
/// Why not.
pub fn revise_comment(memo: &MemoState) -> Result<(), ReviseDenial> {
    if !is_in_discussion(memo) {
        return Err(ReviseDenial::NotInTheDiscussion);
    }
    if memo.on_hold { Err(ReviseDenial::OnHold) } else { Ok(()) }
}

fn is_in_discussion(memo: &MemoState) -> bool {
    let access = memo.access();
    access.is_author || access.is_recipient || access.is_subscriber
}

/// What the rules have against the viewer doing that with a memo that exists for them; `None` if
/// they may.
pub fn denial(action: Action, memo: &MemoState) -> Option<Denial> {
    match action {
        Action::Edit | Action::DetachFiles => edit(memo).err().map(Denial::from),
        Action::Conclude => conclude(memo).err().map(Denial::from),
        Action::Send => send(memo).err().map(Denial::from),
        Action::Review | Action::Postpone | Action::CreateTask | Action::CreateProject => {
            act(memo).err().map(Denial::from)
        }
        Action::TransferFiles | Action::AttachFiles | Action::ManageSubscribers | Action::Tag => {
            take_part(memo).err().map(Denial::from)
        }
        Action::Comment => comment(memo).err().map(Denial::from),
        Action::ReviseComment => revise_comment(memo).err().map(Denial::from),
        // Whoever sees the memo.
        Action::Copy | Action::Remind | Action::MarkRead => None,
    }
}
