//! The enums of the schema, each with its twin in the lower crates.

use super::id::Kind;
use async_graphql::Enum;
use service::{memo_deletion as deletion, memo_deletion::policy, memos};

/// An enum of the schema that maps one to one to an enum of the lower crates.
macro_rules! remote_enum {
    (
        $(#[$doc:meta])*
        $name:ident = $remote:literal { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }
    ) => {
        $(#[$doc])*
        #[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[graphql(remote = $remote)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
    };
}

remote_enum! {
    /// What a person may do beside their own memos. No role gives a right to delete a memo.
    UserRole = "entity::UserRole" {
        /// Works with their own memos.
        Member,
        /// Company management: may read every sent memo.
        Chief,
        /// Runs the system: people, holds, the deletion log.
        Admin,
    }
}

remote_enum! {
    /// Where the recipient has taken a memo. It never goes back to PENDING.
    MemoStage = "entity::MemoStage" {
        /// Sent, not looked at.
        Pending,
        /// Looked at and put off.
        Postponed,
        /// Looked at and settled.
        Reviewed,
    }
}

remote_enum! {
    /// How far a deal, a task or a project is.
    WorkStage = "entity::WorkStage" {
        /// Not begun.
        Open,
        /// Begun.
        InProgress,
        /// Finished.
        Done,
        /// Given up.
        Cancelled,
    }
}

remote_enum! {
    /// What a person is to a memo.
    MemoRole = "entity::MemoRole" {
        /// Wrote it.
        Author,
        /// Got it.
        Recipient,
        /// Reads along.
        Subscriber,
        /// Reads every sent memo, as company management.
        Chief,
    }
}

remote_enum! {
    /// What the rules say of a deletion.
    DeletionVerdict = "entity::DeletionVerdict" {
        /// Nothing speaks against it: `deleteMemo` needs no confirmation.
        Allowed,
        /// Something speaks against it: `deleteMemo` needs the preview's `confirmationToken`.
        Discouraged,
        /// It is forbidden: `deleteMemo` will refuse.
        Denied,
    }
}

remote_enum! {
    /// Why a viewer may not delete a memo.
    MemoDeletionBlockerCode = "policy::BlockerCode" {
        /// The viewer is neither the memo's author nor its recipient.
        NotAParticipant,
        /// The recipient has postponed or reviewed the memo, which ended the author's right to
        /// delete it.
        RecipientHasActed,
        /// An administrator has placed a hold on the memo.
        OnHold,
    }
}

remote_enum! {
    /// Why memos cannot be passed on to somebody else.
    MemoReassignmentBlockerCode = "service::reassignment::policy::BlockerCode" {
        /// Both are one person.
        SamePerson,
        /// The person whose memos they are is active.
        StillActive,
        /// The person who is to get them is not active.
        NotActive,
    }
}

remote_enum! {
    /// Why a deletion is not a good idea.
    MemoDeletionWarningCode = "policy::WarningCode" {
        /// The recipient would delete somebody else's record; the author will be told.
        RecipientDeletion,
        /// The memo is the record of a task.
        DocumentsTask,
        /// The memo is the record of a project.
        DocumentsProject,
        /// The memo is the record of a deal.
        DocumentsDeal,
        /// Files that are attached to nothing else would go with it.
        UntransferredFiles,
        /// Other people's comments would go with it.
        HasDiscussion,
        /// Other people's future reminders would go with it.
        PendingReminders,
    }
}

remote_enum! {
    /// What a viewer might rather do than delete.
    MemoDeletionAlternativeCode = "policy::Alternative" {
        /// Mark the memo as reviewed with `reviewMemo`: it leaves the desk and stays on record.
        MarkAsReviewed,
        /// Transfer the memo's files to a task or a project, so that they stay.
        TransferFiles,
    }
}

remote_enum! {
    /// The kind of a thing that a deletion removes or keeps.
    DeletionItemKind = "deletion::ItemKind" {
        /// The memo itself.
        Memo,
        /// The link to a subscriber; the person stays.
        SubscriberLink,
        /// The link to a tag; the tag stays.
        TagLink,
        /// The link to the task; the task stays.
        TaskLink,
        /// The link to the project; the project stays.
        ProjectLink,
        /// The link to the deal; the deal stays.
        DealLink,
        /// The link to the resolution; the resolution stays.
        ResolutionLink,
        /// A comment.
        Comment,
        /// A reminder. Other people's are counted and never named.
        Reminder,
        /// That somebody has not read the memo.
        UnreadMark,
        /// The attachment of a file to the memo; the file itself goes or stays as its own item.
        Attachment,
        /// A file.
        File,
        /// A person.
        User,
        /// A task.
        Task,
        /// A project.
        Project,
        /// A deal.
        Deal,
        /// A tag.
        Tag,
        /// A resolution.
        Resolution,
    }
}

impl DeletionItemKind {
    /// What the node of an item is: the thing itself, or the other end of a link.
    pub fn node(self) -> Kind {
        match self {
            Self::Memo => Kind::Memo,
            Self::SubscriberLink | Self::UnreadMark | Self::User => Kind::User,
            Self::TagLink | Self::Tag => Kind::Tag,
            Self::TaskLink | Self::Task => Kind::Task,
            Self::ProjectLink | Self::Project => Kind::Project,
            Self::DealLink | Self::Deal => Kind::Deal,
            Self::ResolutionLink | Self::Resolution => Kind::Resolution,
            Self::Comment => Kind::Comment,
            Self::Reminder => Kind::Reminder,
            Self::Attachment | Self::File => Kind::File,
        }
    }
}

remote_enum! {
    /// Why a deletion keeps a thing.
    DeletionKeptReason = "deletion::KeptReason" {
        /// People are never deleted with a memo.
        Person,
        /// Tasks and projects are never deleted with a memo.
        Work,
        /// Deals, tags and resolutions are never deleted with a memo.
        Shared,
        /// The file was transferred to a task.
        TransferredToTask,
        /// The file was transferred to a project.
        TransferredToProject,
        /// Another memo has the same file.
        AttachedToAnotherMemo,
    }
}

remote_enum! {
    /// Which memos of the viewer.
    MemoBox = "memos::MemoBox" {
        /// Sent to the viewer.
        Inbox,
        /// Sent by the viewer.
        Sent,
        /// That the viewer reads along.
        Subscribed,
        /// The viewer's own drafts.
        Drafts,
        /// All that the viewer sees.
        AllVisible,
    }
}

remote_enum! {
    /// By what a list of memos is sorted.
    MemoOrderField = "memos::MemoOrderField" {
        /// When the memo was written.
        CreatedAt,
        /// When the memo's own fields last changed.
        UpdatedAt,
        /// The memo's name.
        Name,
        /// The day to look at the memo. Those without one come after all days.
        ReviewDate,
        /// How well the memo fits `text`: those whose name has all the words, those whose name and
        /// description have them, the others.
        Relevance,
    }
}

remote_enum! {
    /// What a notification tells.
    NotificationKind = "entity::NotificationKind" {
        /// Somebody sent the viewer a memo.
        MemoSent,
        /// Somebody made the viewer a subscriber of a memo.
        MemoShared,
        /// The recipient reviewed a memo that the viewer had written or reads along.
        MemoReviewed,
        /// The recipient deleted a memo that the viewer had written.
        MemoDeletedByRecipient,
        /// An administrator passed on to the viewer memos of somebody who is not active any more,
        /// one or several: `memo` is set if it was one.
        MemosReassigned,
        /// Somebody made the viewer responsible for a task.
        TaskAssigned,
        /// Somebody made the viewer responsible for a project.
        ProjectAssigned,
        /// The time that the viewer had set for a reminder has come.
        ReminderDue,
    }
}

remote_enum! {
    /// What happened to a memo.
    MemoEventKind = "entity::MemoEventKind" {
        /// It was sent.
        Sent,
        /// Its fields, its people, its tags or its files changed.
        Updated,
        /// The recipient moved it to another stage.
        StageChanged,
        /// Its discussion changed.
        Commented,
        /// It was deleted.
        Deleted,
        /// It was restored.
        Restored,
    }
}

remote_enum! {
    /// A field of a memo that `updateMemo` changes.
    MemoField = "memos::MemoField" {
        /// `name`.
        Name,
        /// `description`.
        Description,
        /// `recipientId`.
        Recipient,
        /// `note`.
        Note,
        /// `reviewDate`.
        ReviewDate,
        /// `dealId`.
        Deal,
        /// `resolutionId`.
        Resolution,
    }
}

/// Why a viewer may change no field of a memo.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoUpdateBlockerCode {
    /// The viewer is neither the memo's author nor its recipient.
    NotAParticipant,
    /// The recipient has postponed or reviewed the memo, which ended the author's right to change
    /// it.
    RecipientHasActed,
    /// An administrator has placed a hold on the memo: what its author wrote stays as it is.
    OnHold,
}

impl From<memos::UpdateDenial> for MemoUpdateBlockerCode {
    fn from(denial: memos::UpdateDenial) -> Self {
        match denial {
            memos::UpdateDenial::NotAParticipant => Self::NotAParticipant,
            memos::UpdateDenial::RecipientHasActed => Self::RecipientHasActed,
            memos::UpdateDenial::OnHold => Self::OnHold,
        }
    }
}

/// The direction in which a list is sorted.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderDirection {
    /// The least, the oldest or the alphabetically first comes first.
    Asc,
    /// The greatest, the latest or the alphabetically last comes first.
    Desc,
}
