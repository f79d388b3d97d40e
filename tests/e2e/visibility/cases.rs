//! The cases: the person's relation to a memo, their role, and the state of the memo. Only the
//! rules' functions decide each case.

use entity::{UserRole, WorkRole};
use service::access::{
    FileAccess, MemoAccess, NotificationAccess, RecordAccess, RecordSight, WorkAccess,
};

/// The state of the memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Written, not sent.
    Draft,
    /// Sent.
    Sent,
    /// Sent, deleted by its recipient, restored by its author.
    Restored,
    /// Written, and deleted by its author.
    DeletedDraft,
    /// Sent, and deleted by its author.
    DeletedByAuthor,
    /// Sent, and deleted by its recipient.
    DeletedByRecipient,
    /// Written, deleted, and erased.
    PurgedDraft,
    /// Sent, deleted by its recipient, and erased.
    Purged,
}

impl State {
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Sent,
        Self::Restored,
        Self::DeletedDraft,
        Self::DeletedByAuthor,
        Self::DeletedByRecipient,
        Self::PurgedDraft,
        Self::Purged,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Restored => "restored",
            Self::DeletedDraft => "deleted draft",
            Self::DeletedByAuthor => "deleted by author",
            Self::DeletedByRecipient => "deleted by recipient",
            Self::PurgedDraft => "purged draft",
            Self::Purged => "purged",
        }
    }

    /// Whether the memo was never sent.
    pub fn is_draft(self) -> bool {
        matches!(self, Self::Draft | Self::DeletedDraft | Self::PurgedDraft)
    }

    /// Whether the memo exists.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Draft | Self::Sent | Self::Restored)
    }

    /// Whether the record of a deletion exists.
    pub fn has_record(self) -> bool {
        !matches!(self, Self::Draft | Self::Sent)
    }

    pub fn is_purged(self) -> bool {
        matches!(self, Self::Purged | Self::PurgedDraft)
    }

    /// Whether the recipient has deleted it, now or in the past.
    pub fn was_deleted_by_recipient(self) -> bool {
        matches!(self, Self::DeletedByRecipient | Self::Purged | Self::Restored)
    }
}

/// The person's relation to a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    Author,
    Recipient,
    /// Author and recipient of a memo to oneself.
    Both,
    Subscriber,
    /// A former subscriber.
    Former,
    Stranger,
    /// Responsible for the task and the project that came from the memo.
    Worker,
    /// A subscriber who has left the office.
    Inactive,
}

impl What {
    pub const ALL: [Self; 8] = [
        Self::Author,
        Self::Recipient,
        Self::Both,
        Self::Subscriber,
        Self::Former,
        Self::Stranger,
        Self::Worker,
        Self::Inactive,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Recipient => "recipient",
            Self::Both => "both",
            Self::Subscriber => "subscriber",
            Self::Former => "former",
            Self::Stranger => "stranger",
            Self::Worker => "worker",
            Self::Inactive => "inactive",
        }
    }
}

pub const ROLES: [UserRole; 3] = [UserRole::Member, UserRole::Chief, UserRole::Admin];

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Case {
    pub state: State,
    pub what: What,
    pub role: UserRole,
}

pub fn all() -> Vec<Case> {
    let of_state = |state| {
        What::ALL
            .into_iter()
            .flat_map(move |what| ROLES.into_iter().map(move |role| Case { state, what, role }))
    };
    State::ALL.into_iter().flat_map(of_state).collect()
}

impl Case {
    pub fn is_author(self) -> bool {
        matches!(self.what, What::Author | What::Both)
    }

    pub fn is_recipient(self) -> bool {
        matches!(self.what, What::Recipient | What::Both)
    }

    pub fn is_active(self) -> bool {
        self.what != What::Inactive
    }

    /// The person's relation to the memo, whether it exists or not.
    pub fn memo(self) -> MemoAccess {
        MemoAccess {
            is_author: self.is_author(),
            is_recipient: self.is_recipient(),
            is_subscriber: matches!(self.what, What::Subscriber | What::Inactive),
            is_chief: self.role == UserRole::Chief,
            draft: self.state.is_draft(),
        }
    }

    /// Whether the memo exists, and the person may see it.
    pub fn sees_memo(self) -> bool {
        self.state.is_live() && self.memo().is_visible()
    }

    /// How much of the record the person sees, even if the memo was restored.
    pub fn sight(self) -> RecordSight {
        if !self.state.has_record() {
            return RecordSight::Nothing;
        }
        RecordAccess {
            is_author: self.is_author(),
            is_recipient: self.is_recipient(),
            is_admin: self.role == UserRole::Admin,
            draft: self.state.is_draft(),
        }
        .sight()
    }

    /// How much the person sees of what remains of the memo.
    pub fn remains(self) -> RecordSight {
        if self.state.is_live() { RecordSight::Nothing } else { self.sight() }
    }

    pub fn notification(self) -> NotificationAccess {
        NotificationAccess { sees_memo: self.sees_memo(), record: self.remains() }
    }

    /// Whether a task and a project came from the memo.
    pub fn has_work(self) -> bool {
        !self.state.is_draft()
    }

    /// The recipient has created both, and has no other part in them.
    pub fn sees_work(self) -> bool {
        let part = (self.what == What::Worker).then_some(WorkRole::Responsible);
        let is_chief = self.role == UserRole::Chief;
        let access = WorkAccess { is_chief, is_creator: self.is_recipient(), part };
        self.has_work() && access.is_visible()
    }

    /// Whether the person sees the memo's own file.
    pub fn sees_file(self) -> bool {
        let access = FileAccess {
            sees_what_has_it: self.sees_memo(),
            is_uploader: self.is_author(),
            is_attached: true,
        };
        !self.state.is_purged() && access.is_visible()
    }

    /// Whether the person sees the file that the task also has.
    pub fn sees_kept_file(self) -> bool {
        let access = FileAccess {
            sees_what_has_it: self.sees_memo() || self.sees_work(),
            is_uploader: self.is_author(),
            is_attached: true,
        };
        self.has_work() && access.is_visible()
    }

    /// Whether the memo is deleted, and the person deleted it.
    pub fn has_deleted(self) -> bool {
        let did = if self.state.was_deleted_by_recipient() {
            self.is_recipient()
        } else {
            self.is_author()
        };
        !self.state.is_live() && did
    }

    /// Whether the person may restore it now.
    pub fn may_restore(self) -> bool {
        let was_deleter = self.state.was_deleted_by_recipient() && self.is_recipient();
        !self.state.is_live() && !self.state.is_purged() && (self.is_author() || was_deleter)
    }

    /// The events that the person receives, as the first letters of their kinds. Only the rule of
    /// memos decides, with the person's relation at that time.
    pub fn heard(self) -> String {
        let at = |letter: char, draft: bool, subscribed: bool| {
            let is_subscriber = matches!(self.what, What::Subscriber | What::Inactive)
                || (self.what == What::Former && subscribed);
            let access = MemoAccess { is_subscriber, draft, ..self.memo() };
            access.is_visible().then_some(letter)
        };
        // Written, then sent and commented. Then the former subscriber is removed.
        let mut heard = vec![at('U', true, true)];
        if !self.state.is_draft() {
            heard.extend([at('S', false, true), at('C', false, true)]);
        }
        heard.push(at('U', self.state.is_draft(), false));
        if self.state.has_record() {
            heard.push(at('D', self.state.is_draft(), false));
        }
        if self.state == State::Restored {
            heard.push(at('R', false, false));
        }
        heard.into_iter().flatten().collect()
    }
}
