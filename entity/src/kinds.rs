//! The enums that columns contain. They are stored with the codes that the API shows.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! words {
    (
        $(#[$doc:meta])* $name:ident {
            $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$vdoc])* #[sea_orm(string_value = $word)] #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// The code, as stored and as shown in the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// What a person may do besides handling their own memos. No role gives a right to delete.
    UserRole {
        /// Works with their own memos.
        Member = "MEMBER",
        /// Company management: may read every sent memo.
        Chief = "CHIEF",
        /// Administrator: manages people, holds and the deletion log.
        Admin = "ADMIN",
    }
}

words! {
    /// The stage to which the recipient has moved a memo. It never returns to `PENDING`.
    MemoStage {
        /// Sent, but not reviewed or postponed.
        Pending = "PENDING",
        /// Postponed by the recipient.
        Postponed = "POSTPONED",
        /// Reviewed by the recipient.
        Reviewed = "REVIEWED",
    }
}

words! {
    /// The status of a deal, task or project.
    WorkStatus {
        /// Not started.
        Open = "OPEN",
        /// Started.
        InProgress = "IN_PROGRESS",
        /// Finished.
        Done = "DONE",
        /// Cancelled.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// A person's role in a task or project.
    WorkRole {
        /// Responsible for doing it.
        Responsible = "RESPONSIBLE",
        /// Subscribes to it.
        Subscriber = "SUBSCRIBER",
    }
}

words! {
    /// A person's role in a memo.
    MemoRole {
        /// Wrote it.
        Author = "AUTHOR",
        /// Is its recipient.
        Recipient = "RECIPIENT",
        /// Subscribes to it.
        Subscriber = "SUBSCRIBER",
        /// Reads every sent memo, as company management.
        Chief = "CHIEF",
    }
}

words! {
    /// The verdict of the rules on a deletion.
    DeletionVerdict {
        /// No blocker, no warning.
        Allowed = "ALLOWED",
        /// No blocker, but a warning. The deletion needs a confirmed preview.
        Discouraged = "DISCOURAGED",
        /// There is a blocker.
        Denied = "DENIED",
    }
}

words! {
    /// What a deletion did to a thing.
    Disposition {
        /// The deletion removed it.
        Removed = "REMOVED",
        /// The deletion kept it.
        Kept = "KEPT",
    }
}

words! {
    /// The kind of a notification.
    NotificationKind {
        /// Somebody sent the person a memo.
        MemoSent = "MEMO_SENT",
        /// Somebody made the person a subscriber of a memo.
        MemoShared = "MEMO_SHARED",
        /// The recipient reviewed a memo of which the person is the author or a subscriber.
        MemoReviewed = "MEMO_REVIEWED",
        /// The recipient deleted a memo of which the person is the author.
        MemoDeletedByRecipient = "MEMO_DELETED_BY_RECIPIENT",
        /// Somebody erased a deleted memo that the person could have restored.
        MemoErased = "MEMO_ERASED",
        /// An administrator passed memos of a person who has left on to this person.
        MemosReassigned = "MEMOS_REASSIGNED",
        /// Somebody made the person responsible for a task.
        TaskAssigned = "TASK_ASSIGNED",
        /// Somebody made the person responsible for a project.
        ProjectAssigned = "PROJECT_ASSIGNED",
        /// A reminder of the person is due.
        ReminderDue = "REMINDER_DUE",
    }
}

words! {
    /// What happened to a memo.
    MemoEventKind {
        /// It was sent.
        Sent = "SENT",
        /// Its fields, people, tags or files changed.
        Updated = "UPDATED",
        /// The recipient moved it to another stage.
        StageChanged = "STAGE_CHANGED",
        /// A comment was added, changed or deleted.
        Commented = "COMMENTED",
        /// It was deleted.
        Deleted = "DELETED",
        /// It was restored.
        Restored = "RESTORED",
    }
}

words! {
    /// What a line of the ledger says.
    LedgerKind {
        /// The ledger begins.
        Started = "STARTED",
        /// A memo was deleted.
        Deleted = "DELETED",
        /// A deleted memo was restored.
        Restored = "RESTORED",
        /// The record of a deletion was emptied. Unless the memo had been restored, it was erased.
        Purged = "PURGED",
        /// The same before its time, by a person.
        Erased = "ERASED",
        /// A person was erased.
        PersonErased = "PERSON_ERASED",
    }
}
