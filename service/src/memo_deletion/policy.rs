//! The rules of deletion as synchronous functions of facts. No database, no clock, no GraphQL.
//!
//! | blocker | when |
//! | --- | --- |
//! | `NOT_A_PARTICIPANT` | the viewer sees the memo, but is neither author nor recipient |
//! | `RECIPIENT_HAS_ACTED` | the viewer is only the author, and the recipient has acted |
//! | `ON_HOLD` | an administrator has placed a hold |
//!
//! | warning | when |
//! | --- | --- |
//! | `RECIPIENT_DELETION` | the viewer is the recipient of somebody else's memo |
//! | `DOCUMENTS_TASK`, `DOCUMENTS_PROJECT`, `DOCUMENTS_DEAL` | the memo is the record of one |
//! | `UNTRANSFERRED_FILES` | files would go with it |
//! | `HAS_DISCUSSION` | others' comments would go with it |
//! | `PENDING_REMINDERS` | other people's future reminders would go with it |
//!
//! A refusal lists all blockers. For example, an author gets two if the recipient has acted on a
//! memo that is on hold. The refusal says only that there is a hold. It names neither the matter
//! nor the person who placed it.
//!
//! Repeating a deletion returns the same record. After a restore, the same request is a new
//! deletion with a new decision of the rules. If they allow it without warnings, it needs no
//! confirmation.
//!
//! `tests/snapshots` contains the table of every case. A change of the rules shows there as a diff.

use crate::access::MemoState;
use chrono::{DateTime, Utc};
use entity::{DeletionVerdict, MemoRole, MemoStage};
use serde::{Deserialize, Serialize};

/// What a deletion would remove that somebody may miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeletionImpact {
    /// The recipient created a task from it.
    pub documents_task: bool,
    /// The recipient created a project from it.
    pub documents_project: bool,
    /// It is about a deal.
    pub documents_deal: bool,
    /// Files that nothing else uses.
    pub files: u64,
    /// Comments of other people than the viewer.
    pub others_comments: u64,
    /// Future reminders of other people than the viewer.
    pub others_reminders: u64,
}

/// Why a viewer may not delete a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlockerCode {
    /// Neither author nor recipient.
    NotAParticipant,
    /// The recipient has acted on it. The author may not delete it afterwards.
    RecipientHasActed,
    /// A hold is active.
    OnHold,
}

impl BlockerCode {
    /// The code as in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAParticipant => "NOT_A_PARTICIPANT",
            Self::RecipientHasActed => "RECIPIENT_HAS_ACTED",
            Self::OnHold => "ON_HOLD",
        }
    }
}

/// A reason against a deletion that nothing overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// The code of the reason.
    pub code: BlockerCode,
    /// For [`BlockerCode::RecipientHasActed`]: the stage to which the recipient moved the memo, and
    /// the time of that act.
    pub act: Option<(MemoStage, DateTime<Utc>)>,
}

/// Why a viewer should think twice about a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningCode {
    /// The recipient deletes somebody else's memo.
    RecipientDeletion,
    /// It is the record of a task.
    DocumentsTask,
    /// It is the record of a project.
    DocumentsProject,
    /// It is the record of a deal.
    DocumentsDeal,
    /// Files go with it.
    UntransferredFiles,
    /// Others' comments go with it.
    HasDiscussion,
    /// Others' future reminders go with it.
    PendingReminders,
}

impl WarningCode {
    /// The code as in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecipientDeletion => "RECIPIENT_DELETION",
            Self::DocumentsTask => "DOCUMENTS_TASK",
            Self::DocumentsProject => "DOCUMENTS_PROJECT",
            Self::DocumentsDeal => "DOCUMENTS_DEAL",
            Self::UntransferredFiles => "UNTRANSFERRED_FILES",
            Self::HasDiscussion => "HAS_DISCUSSION",
            Self::PendingReminders => "PENDING_REMINDERS",
        }
    }
}

/// A reason against a deletion that a confirmation overrides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The code of the reason.
    pub code: WarningCode,
    /// How many things it is about.
    pub count: u64,
}

/// What the viewer can do instead of deleting the memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alternative {
    /// Mark the memo as reviewed. It leaves the desk and stays on record.
    MarkAsReviewed,
    /// Transfer its files to a task or project, so that they stay.
    TransferFiles,
}

impl Alternative {
    /// The code as in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MarkAsReviewed => "MARK_AS_REVIEWED",
            Self::TransferFiles => "TRANSFER_FILES",
        }
    }
}

/// The result of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The viewer's roles in the memo.
    pub roles: Vec<MemoRole>,
    /// What forbids the deletion.
    pub blockers: Vec<Blocker>,
    /// What a confirmation must override.
    pub warnings: Vec<Warning>,
    /// What the viewer can do instead.
    pub alternatives: Vec<Alternative>,
}

impl Decision {
    /// The codes of the blockers, as in the API.
    pub fn blocker_codes(&self) -> Vec<&'static str> {
        self.blockers.iter().map(|blocker| blocker.code.as_str()).collect()
    }

    /// The verdict: blocked, in need of confirmation, or allowed.
    pub fn verdict(&self) -> DeletionVerdict {
        verdict_of(&self.blockers, &self.warnings)
    }
}

/// The verdict on the deletion of a memo that the viewer sees.
pub fn verdict(state: &MemoState, impact: &DeletionImpact) -> DeletionVerdict {
    verdict_of(&blockers(state), &warnings(state, impact))
}

fn verdict_of(blockers: &[Blocker], warnings: &[Warning]) -> DeletionVerdict {
    if !blockers.is_empty() {
        DeletionVerdict::Denied
    } else if !warnings.is_empty() {
        DeletionVerdict::Discouraged
    } else {
        DeletionVerdict::Allowed
    }
}

/// What forbids the viewer to delete a memo that they see. If it is empty, they may delete it.
pub fn blockers(state: &MemoState) -> Vec<Blocker> {
    let is_author = state.viewer == state.author;
    let is_recipient = state.viewer == state.recipient;
    let mut blockers = Vec::new();
    if !is_author && !is_recipient {
        blockers.push(Blocker { code: BlockerCode::NotAParticipant, act: None });
    }
    if is_author && !is_recipient && state.stage != MemoStage::Pending {
        blockers.push(Blocker { code: BlockerCode::RecipientHasActed, act: state.first_act });
    }
    if state.on_hold {
        blockers.push(Blocker { code: BlockerCode::OnHold, act: None });
    }
    blockers
}

/// Decides on a deletion. `None` if the memo does not exist for the viewer.
pub fn decide(state: &MemoState, impact: &DeletionImpact) -> Option<Decision> {
    let roles = state.access().roles();
    if roles.is_empty() {
        return None;
    }
    let is_participant = roles.contains(&MemoRole::Author) || roles.contains(&MemoRole::Recipient);
    let mut alternatives = Vec::new();
    if roles.contains(&MemoRole::Recipient) && !state.draft && state.stage != MemoStage::Reviewed {
        alternatives.push(Alternative::MarkAsReviewed);
    }
    if is_participant && impact.files > 0 {
        alternatives.push(Alternative::TransferFiles);
    }
    Some(Decision {
        blockers: blockers(state),
        warnings: warnings(state, impact),
        roles,
        alternatives,
    })
}

fn warnings(state: &MemoState, impact: &DeletionImpact) -> Vec<Warning> {
    let recipient_alone = state.viewer == state.recipient && state.viewer != state.author;
    [
        (WarningCode::RecipientDeletion, u64::from(recipient_alone)),
        (WarningCode::DocumentsTask, u64::from(impact.documents_task)),
        (WarningCode::DocumentsProject, u64::from(impact.documents_project)),
        (WarningCode::DocumentsDeal, u64::from(impact.documents_deal)),
        (WarningCode::UntransferredFiles, impact.files),
        (WarningCode::HasDiscussion, impact.others_comments),
        (WarningCode::PendingReminders, impact.others_reminders),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(code, count)| Warning { code, count })
    .collect()
}
