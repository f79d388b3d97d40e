//! The closed sets of words that columns hold. Stored in the spelling that the API shows.

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
            /// The word as stored and as shown in the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// What a person may do beside their own memos. No role gives a right to delete.
    UserRole {
        /// Works with their own memos.
        Member = "MEMBER",
        /// Company management: may read every sent memo.
        Chief = "CHIEF",
        /// Runs the system: people, holds, the deletion log.
        Admin = "ADMIN",
    }
}

words! {
    /// Where the recipient has taken a memo. It never goes back to `PENDING`.
    MemoStage {
        /// Sent, not looked at.
        Pending = "PENDING",
        /// Looked at, put off.
        Postponed = "POSTPONED",
        /// Looked at and settled.
        Reviewed = "REVIEWED",
    }
}

words! {
    /// How far a deal, a task or a project is.
    WorkStage {
        /// Not begun.
        Open = "OPEN",
        /// Begun.
        InProgress = "IN_PROGRESS",
        /// Finished.
        Done = "DONE",
        /// Given up.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// A person's part in a task or a project.
    WorkRole {
        /// Does it.
        Responsible = "RESPONSIBLE",
        /// Reads along.
        Subscriber = "SUBSCRIBER",
    }
}

words! {
    /// What a person is to a memo.
    MemoRole {
        /// Wrote it.
        Author = "AUTHOR",
        /// Got it.
        Recipient = "RECIPIENT",
        /// Reads along.
        Subscriber = "SUBSCRIBER",
        /// Reads every sent memo, as company management.
        Chief = "CHIEF",
    }
}

words! {
    /// What the rules say of a deletion.
    DeletionVerdict {
        /// No blocker, no warning.
        Allowed = "ALLOWED",
        /// No blocker, some warning: needs a confirmed preview.
        Discouraged = "DISCOURAGED",
        /// A blocker.
        Denied = "DENIED",
    }
}

words! {
    /// What a deletion did with a thing.
    Disposition {
        /// It went.
        Removed = "REMOVED",
        /// It stayed.
        Kept = "KEPT",
    }
}

words! {
    /// What a notification tells.
    NotificationKind {
        /// Somebody sent the person a memo.
        MemoSent = "MEMO_SENT",
        /// Somebody made the person a subscriber of a memo.
        MemoShared = "MEMO_SHARED",
        /// The recipient reviewed a memo that the person had written or reads along.
        MemoReviewed = "MEMO_REVIEWED",
        /// The recipient deleted a memo that the person had written.
        MemoDeletedByRecipient = "MEMO_DELETED_BY_RECIPIENT",
        /// An administrator passed on to the person memos of somebody who has left.
        MemosReassigned = "MEMOS_REASSIGNED",
        /// Somebody made the person responsible for a task.
        TaskAssigned = "TASK_ASSIGNED",
        /// Somebody made the person responsible for a project.
        ProjectAssigned = "PROJECT_ASSIGNED",
        /// The time that the person had set for a reminder has come.
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
        /// Its discussion changed.
        Commented = "COMMENTED",
        /// It was deleted.
        Deleted = "DELETED",
        /// It was restored.
        Restored = "RESTORED",
    }
}
