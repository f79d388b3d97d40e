//! The enums of the schema. Each corresponds to an enum of the lower crates.

use super::{at_hand::AtHand, id::Kind};
use async_graphql::{Context, Enum, resolver_utils::EnumType};
use service::{
    attachments, holds, memo_deletion as deletion, memo_deletion::policy, memos, person_erasure,
};

macro_rules! enum_at_hand {
    ($name:ident) => {
        impl AtHand for $name {
            fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
                let item = Self::items().iter().find(|item| item.value == *self)?;
                item.name.write(ctx, json)
            }
        }
    };
}

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

        enum_at_hand!($name);
    };
}

remote_enum! {
    /// What a person can do besides working with their own memos. No role gives the right to delete
    /// a memo.
    UserRole = "entity::UserRole" {
        /// Works with their own memos.
        Member,
        /// Company management. Can read every sent memo.
        Chief,
        /// Manages the system: people, holds, the deletion log.
        Admin,
    }
}

remote_enum! {
    /// How far the recipient has dealt with a memo. It never returns to PENDING.
    MemoStage = "entity::MemoStage" {
        /// The recipient has not postponed or reviewed it.
        Pending,
        /// The recipient has postponed it.
        Postponed,
        /// The recipient has reviewed it: it is settled.
        Reviewed,
    }
}

remote_enum! {
    /// How far a deal, a task or a project is.
    WorkStatus = "entity::WorkStatus" {
        /// Not started.
        Open,
        /// Started.
        InProgress,
        /// Finished.
        Done,
        /// Abandoned.
        Cancelled,
    }
}

remote_enum! {
    /// The role of a person in a memo.
    MemoRole = "entity::MemoRole" {
        /// The person wrote the memo.
        Author,
        /// The memo is addressed to the person.
        Recipient,
        /// The person subscribes to the memo.
        Subscriber,
        /// The person is company management, which can read every sent memo.
        Chief,
    }
}

remote_enum! {
    /// Whether the rules allow a deletion.
    DeletionVerdict = "entity::DeletionVerdict" {
        /// There are no warnings. `deleteMemo` needs no confirmation.
        Allowed,
        /// There are warnings. `deleteMemo` needs the preview's `confirmationToken`.
        Discouraged,
        /// It is forbidden. `deleteMemo` refuses it.
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
    /// Why an administrator cannot erase a person.
    PersonErasureBlockerCode = "person_erasure::policy::BlockerCode" {
        /// The person is erased already.
        AlreadyErased,
        /// Administrators cannot erase themselves.
        Oneself,
        /// The last active administrator cannot be erased.
        LastAdmin,
        /// The person has a part in memos on hold, which are evidence.
        OnHold,
        /// Memos wait for the person as their recipient.
        OpenMemos,
        /// Nobody else who is active is responsible for open tasks or projects.
        OpenWork,
    }
}

remote_enum! {
    /// A kind of things that are stored about a person, or that the person wrote.
    PersonErasureItemKind = "person_erasure::ItemKind" {
        /// The password, as a hash.
        Password,
        /// A session on a device, with the name of the client.
        Session,
        /// An identity at an OpenID Connect provider.
        Identity,
        /// The key of a request that created something in the last 24 hours.
        IdempotencyKey,
        /// A choice to get no mails of a kind.
        MailPreference,
        /// A mail that waits, or was sent lately.
        Mail,
        /// A notification of the person.
        Notification,
        /// A reminder of the person.
        Reminder,
        /// A mark that the person has not read a memo.
        UnreadMark,
        /// A reason in the person's words: of a deletion, an erasure or a released hold.
        Reason,
        /// A file that the person uploaded and that nothing has.
        UnusedFile,
        /// A sent memo, also a deleted one that can be restored, of which the person is author or
        /// recipient.
        Memo,
        /// A comment of the person.
        Comment,
        /// A file that the person uploaded and that a sent memo, a task or a project has.
        File,
        /// A subscription of the person to a memo.
        Subscription,
        /// A task that the person created or has a part in.
        Task,
        /// A project that the person created or has a part in.
        Project,
        /// The record of a memo's deletion in which the person has a part.
        Deletion,
        /// A refused attempt of the person to delete or to erase.
        RefusedAttempt,
        /// A hold that the person placed or released.
        Hold,
        /// The record of memos that were passed on from the person, to the person or by the person.
        Reassignment,
        /// The record of another person's erasure by this person.
        Erasure,
    }
}

remote_enum! {
    /// Why the erasure of a person keeps something, under the pseudonym.
    PersonKeptReason = "person_erasure::KeptReason" {
        /// Others read it or work with it.
        OthersNeedIt,
        /// It belongs to a log, which must remain true. It has ids and times.
        Log,
    }
}

remote_enum! {
    /// Why a viewer cannot erase a deleted memo.
    MemoErasureBlockerCode = "deletion::erasure::policy::BlockerCode" {
        /// The viewer is not an administrator. Where the operator allows it (`erase-by-owner`), the
        /// person who deleted the memo and its author can erase it too.
        NotAllowed,
        /// The memo was restored.
        AlreadyRestored,
        /// The content is erased already, by a person or because its time was over.
        AlreadyErased,
        /// An administrator has placed a hold on the memo.
        OnHold,
    }
}

remote_enum! {
    /// Why memos cannot be passed on from one person to another.
    MemoReassignmentBlockerCode = "service::reassignment::policy::BlockerCode" {
        /// Both ids are of the same person.
        SamePerson,
        /// The person who has the memos is still active.
        StillActive,
        /// The person who would get the memos is not active.
        NotActive,
    }
}

remote_enum! {
    /// Why a deletion is not recommended and needs a confirmation.
    MemoDeletionWarningCode = "policy::WarningCode" {
        /// The viewer is the recipient and would delete somebody else's memo. The author is
        /// notified.
        RecipientDeletion,
        /// The memo is the record of a task.
        DocumentsTask,
        /// The memo is the record of a project.
        DocumentsProject,
        /// The memo is the record of a deal.
        DocumentsDeal,
        /// Files that are attached to nothing else would be deleted with the memo.
        UntransferredFiles,
        /// Other people's comments would be deleted with the memo.
        HasDiscussion,
        /// Other people's future reminders would be deleted with the memo.
        PendingReminders,
    }
}

remote_enum! {
    /// What a viewer can do instead of deleting a memo.
    MemoDeletionAlternativeCode = "policy::Alternative" {
        /// Mark the memo as reviewed with `reviewMemo`. It is then settled and stays on record.
        MarkAsReviewed,
        /// Transfer the memo's files to a task or a project with `transferFiles`, so that they are
        /// kept.
        TransferFiles,
    }
}

remote_enum! {
    /// The kind of an item that a deletion removes or keeps.
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
        /// A reminder. Other people's reminders are counted, but not shown.
        Reminder,
        /// The mark that somebody has not read the memo.
        UnreadMark,
        /// The link to a file. The file itself is an item of its own, which is removed or kept.
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
    /// The kind of an item's node: the object itself, or the other end of a link. `None` if the
    /// items of a kind have no node: then a list shows their names alone.
    pub fn node(self) -> Option<Kind> {
        Some(match self {
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
        })
    }
}

remote_enum! {
    /// Why a deletion keeps an item.
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
    /// The kind of an object that can have files.
    FileTargetKind = "attachments::TargetKind" {
        /// A memo.
        Memo,
        /// A task.
        Task,
        /// A project.
        Project,
    }
}

impl FileTargetKind {
    /// The kind of the object's id.
    pub fn node(self) -> Kind {
        match self {
            Self::Memo => Kind::Memo,
            Self::Task => Kind::Task,
            Self::Project => Kind::Project,
        }
    }
}

remote_enum! {
    /// A list of the viewer's memos.
    MemoBox = "memos::MemoBox" {
        /// Memos that were sent to the viewer.
        Inbox,
        /// Memos that the viewer sent.
        Sent,
        /// Memos that the viewer subscribes to.
        Subscribed,
        /// The viewer's own drafts.
        Drafts,
        /// All memos that the viewer can see.
        AllVisible,
    }
}

remote_enum! {
    /// The value that a list of memos is sorted by.
    MemoOrderField = "memos::MemoOrderField" {
        /// When the memo was created.
        CreatedAt,
        /// When the memo's own fields last changed.
        UpdatedAt,
        /// The memo's name.
        Name,
        /// The memo's review date. Memos without one count as later than every date.
        ReviewDate,
        /// How well the memo matches `filter.text`. A memo matches best if its name has all the
        /// words, and second best if its name and description have them.
        Relevance,
    }
}

remote_enum! {
    /// What a notification is about.
    NotificationKind = "entity::NotificationKind" {
        /// Somebody sent the viewer a memo.
        MemoSent,
        /// Somebody made the viewer a subscriber of a memo.
        MemoShared,
        /// The recipient reviewed a memo that the viewer wrote or subscribes to.
        MemoReviewed,
        /// The recipient deleted a memo that the viewer wrote.
        MemoDeletedByRecipient,
        /// Somebody erased a deleted memo that the viewer could have restored. `deletion` says who
        /// and why.
        MemoErased,
        /// An administrator passed on memos of an inactive person to the viewer. `memo` is set only
        /// if it was a single memo.
        MemosReassigned,
        /// Somebody made the viewer responsible for a task.
        TaskAssigned,
        /// Somebody made the viewer responsible for a project.
        ProjectAssigned,
        /// A reminder of the viewer is due.
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
    /// A field of a memo that `updateMemo` can change.
    MemoField = "memos::MemoField" {
        /// `name`.
        Name,
        /// `description`.
        Description,
        /// `recipientId`.
        Recipient,
        /// `conclusion`.
        Conclusion,
        /// `reviewDate`.
        ReviewDate,
        /// `dealId`.
        Deal,
        /// `resolutionId`.
        Resolution,
    }
}

impl MemoField {
    /// The input's field that holds its value.
    pub fn input_field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::Recipient => "recipientId",
            Self::Conclusion => "conclusion",
            Self::ReviewDate => "reviewDate",
            Self::Deal => "dealId",
            Self::Resolution => "resolutionId",
        }
    }
}

/// Why a viewer cannot change any field of a memo.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoUpdateBlockerCode {
    /// The viewer is neither the memo's author nor its recipient.
    NotAParticipant,
    /// The recipient has postponed or reviewed the memo, which ended the author's right to change
    /// it.
    RecipientHasActed,
    /// An administrator has placed a hold on the memo, so its fields cannot change.
    OnHold,
}

enum_at_hand!(MemoUpdateBlockerCode);

impl From<memos::UpdateDenial> for MemoUpdateBlockerCode {
    fn from(denial: memos::UpdateDenial) -> Self {
        match denial {
            memos::UpdateDenial::NotAParticipant => Self::NotAParticipant,
            memos::UpdateDenial::RecipientHasActed => Self::RecipientHasActed,
            memos::UpdateDenial::OnHold => Self::OnHold,
        }
    }
}

/// Why a deletion, or the erasure of a deleted memo, was refused.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusedMemoDeletionCode {
    /// The person was neither the memo's author nor its recipient.
    NotAParticipant,
    /// The recipient had postponed or reviewed the memo, which ended the author's right to delete
    /// it.
    RecipientHasActed,
    /// An administrator had placed a hold on the memo.
    OnHold,
    /// There were warnings, and the person had not confirmed them.
    ConfirmationRequired,
    /// Something had changed since the preview that the person confirmed.
    ConfirmationStale,
    /// The memo did not have the expected version.
    VersionConflict,
    /// The person may not erase deleted memos.
    NotAllowed,
    /// The deleted memo was restored.
    AlreadyRestored,
    /// The content was already erased, or its time was over.
    AlreadyErased,
    /// An administrator gave no reason.
    ReasonRequired,
}

impl RefusedMemoDeletionCode {
    /// The value that is stored as this text.
    pub fn of_text(text: &str) -> Option<Self> {
        Self::items().iter().find(|item| item.name == text).map(|item| item.value)
    }
}

remote_enum! {
    /// What has become of a deleted memo.
    MemoDeletionState = "deletion::RecordState" {
        /// It can be restored.
        Restorable,
        /// It was restored.
        Restored,
        /// Its time is over, or it was erased. It cannot be restored any more.
        Gone,
    }
}

remote_enum! {
    /// Whether a hold still forbids the deletion of its memo.
    MemoHoldState = "holds::HoldState" {
        /// It does.
        Active,
        /// It was released.
        Released,
    }
}

/// Whether a person can sign in.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserState {
    /// The person can sign in.
    Active,
    /// The person was deactivated or erased. Their memos are kept.
    Inactive,
}

/// The direction in which a list is sorted.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderDirection {
    /// The smallest, the oldest or the alphabetically first comes first.
    Asc,
    /// The greatest, the latest or the alphabetically last comes first.
    Desc,
}
