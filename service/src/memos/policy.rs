//! Who may do what with a memo, except deleting it. The rules are synchronous functions of facts.
//! No database, no clock, no GraphQL. Each action has its own rule, and its own denial with the
//! possible reasons.
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
//! The author edits the resolution like the text, because it says what the author wants from the
//! recipient. A hold preserves what is there. The author may not edit, the recipient may not
//! conclude, and nobody may change or delete a comment. A memo on hold can be reviewed without a
//! conclusion. `tests/snapshots` contains the table of every case. A change of the rules shows
//! there as a diff. The rules of deletion are in [`crate::memo_deletion::policy`].

use crate::access::MemoState;
use chrono::{DateTime, Utc};
use entity::MemoStage;

/// An action of a person on a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Changes the author's part: name, description, recipient of a draft, deal, resolution.
    Edit,
    /// Changes the conclusion and the review date.
    Conclude,
    /// Sends a draft.
    Send,
    /// Copies it into a new draft.
    Copy,
    /// Marks it as reviewed.
    Review,
    /// Postpones it.
    Postpone,
    /// Creates a task from it.
    CreateTask,
    /// Creates a project from it.
    CreateProject,
    /// Adds its files to a task or a project as well.
    TransferFiles,
    /// Attaches files to it.
    AttachFiles,
    /// Detaches files from it.
    DetachFiles,
    /// Adds and removes subscribers.
    ManageSubscribers,
    /// Adds and removes tags.
    Tag,
    /// Adds a comment to its discussion.
    Comment,
    /// Changes or deletes their own comment in its discussion.
    ReviseComment,
    /// Sets a reminder for themselves.
    Remind,
    /// Marks it as read or unread for themselves.
    MarkRead,
}

impl Action {
    /// Every action.
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

/// Every reason why a person may not do something with a memo that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// Only its author may do this.
    NotTheAuthor,
    /// Only its recipient may do this.
    NotTheRecipient,
    /// Only author and recipient may do this.
    NotAParticipant,
    /// Only author, recipient and subscribers may take part in the discussion.
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

/// The stage to which the recipient's first act moved a memo, and the time of that act.
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

/// Defines the reasons of one rule. Each of them is also a reason of [`Denial`].
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
    /// Why the author's part must not be changed.
    EditDenial { NotTheAuthor, RecipientHasActed(act: FirstAct), OnHold }
);
denial!(
    /// Why the recipient's part must not be changed.
    ConcludeDenial { NotTheRecipient, OnHold }
);
denial!(
    /// Why a memo must not be sent.
    SendDenial { NotTheAuthor, AlreadySent }
);
denial!(
    /// Why the recipient's act is refused.
    ActDenial { NotTheRecipient, Draft }
);
denial!(
    /// Why an action is denied that author and recipient may do.
    ParticipantDenial { NotAParticipant }
);
denial!(
    /// Why a person must not comment.
    CommentDenial { NotInTheDiscussion, Draft }
);
denial!(
    /// Why a person must not change or delete a comment.
    ReviseDenial { NotInTheDiscussion, OnHold }
);

/// [`Action::Edit`] and [`Action::DetachFiles`].
///
/// # Errors
/// Returns the reason of the denial.
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
/// Returns the reason of the denial.
pub fn conclude(memo: &MemoState) -> Result<(), ConcludeDenial> {
    if !memo.access().is_recipient {
        return Err(ConcludeDenial::NotTheRecipient);
    }
    if memo.on_hold { Err(ConcludeDenial::OnHold) } else { Ok(()) }
}

/// [`Action::Send`].
///
/// # Errors
/// Returns the reason of the denial.
pub fn send(memo: &MemoState) -> Result<(), SendDenial> {
    if !memo.access().is_author {
        return Err(SendDenial::NotTheAuthor);
    }
    if memo.draft { Ok(()) } else { Err(SendDenial::AlreadySent) }
}

/// [`Action::Review`], [`Action::Postpone`], [`Action::CreateTask`] and [`Action::CreateProject`].
///
/// # Errors
/// Returns the reason of the denial.
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
/// Returns the reason of the denial.
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
/// Returns the reason of the denial.
pub fn comment(memo: &MemoState) -> Result<(), CommentDenial> {
    if !is_in_discussion(memo) {
        return Err(CommentDenial::NotInTheDiscussion);
    }
    if memo.draft { Err(CommentDenial::Draft) } else { Ok(()) }
}

/// [`Action::ReviseComment`].
///
/// # Errors
/// Returns the reason of the denial.
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

/// Why the viewer may not do the action. `None` if they may. The memo exists for them.
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
        // Everybody who sees the memo may do these.
        Action::Copy | Action::Remind | Action::MarkRead => None,
    }
}
