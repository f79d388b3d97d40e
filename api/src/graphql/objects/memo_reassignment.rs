//! Memos passed on from somebody who has left: what would be, and what was.

use super::user::{User, user_by_id};
use crate::graphql::{enums::MemoReassignmentBlockerCode, error::ApiResult, id::Kind};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::memo_reassignment;
use service::reassignment::{Preview, policy::BlockerCode};

pub struct MemoReassignmentPreview(pub Preview);

/// How many memos `reassignMemos` would pass on now. Asking changes nothing. No memo is named, and
/// drafts are in no number: they stay with their author.
///
/// The new person has the rights of the one who left: as recipient to delete the memos, as author
/// until the recipient has acted.
#[Object]
impl MemoReassignmentPreview {
    /// Whose memos they are.
    async fn from_user(&self) -> User {
        User(self.0.from.clone())
    }

    /// Who is to get them.
    async fn to_user(&self) -> User {
        User(self.0.to.clone())
    }

    /// How many memos would be passed on, 1,000 a call.
    async fn memo_count(&self) -> i64 {
        self.0.counts.memos
    }

    /// Of how many of them the person who left is the author.
    async fn as_author_count(&self) -> i64 {
        self.0.counts.as_author
    }

    /// Of how many of them the person who left is the recipient.
    async fn as_recipient_count(&self) -> i64 {
        self.0.counts.as_recipient
    }

    /// Of how many of them the new person is author or recipient already: they would be from and to
    /// one person, who may delete them without a confirmation, unless something else speaks against
    /// it.
    async fn to_themselves_count(&self) -> i64 {
        self.0.counts.to_themselves
    }

    /// How many of them the new person could delete afterwards, and cannot delete now.
    async fn newly_deletable_count(&self) -> i64 {
        self.0.counts.newly_deletable
    }

    /// How many memos stay with the person who left, because they are on hold. Pass them on when
    /// their holds are released.
    async fn on_hold_count(&self) -> i64 {
        self.0.counts.on_hold
    }

    /// What forbids it.
    async fn blockers(&self) -> Vec<MemoReassignmentBlocker> {
        self.0.blockers.iter().copied().map(MemoReassignmentBlocker).collect()
    }

    /// Confirms exactly these numbers, for `reassignMemos`: if any of them has changed by then,
    /// nothing is passed on. Null if something forbids it, or if there is nothing to pass on.
    async fn confirmation_token(&self) -> Option<&str> {
        self.0.confirmation_token()
    }
}

pub struct MemoReassignmentBlocker(BlockerCode);

/// Why memos cannot be passed on.
#[Object]
impl MemoReassignmentBlocker {
    /// Which.
    async fn code(&self) -> MemoReassignmentBlockerCode {
        self.0.into()
    }

    /// The reason, and what to do instead, in words for a person.
    async fn message(&self) -> &str {
        reassignment_message(self.0)
    }
}

/// The reason of a refusal, and what to do instead.
pub fn reassignment_message(code: BlockerCode) -> &'static str {
    match code {
        BlockerCode::SamePerson => "Both are one person. Choose somebody else.",
        BlockerCode::StillActive => {
            "This person is active and can act on their memos. Deactivate them first with \
             `deactivateUser`."
        }
        BlockerCode::NotActive => "This person is not active any more. Choose somebody else.",
    }
}

pub struct MemoReassignment(pub memo_reassignment::Model);

/// The record that memos of somebody who has left were passed on. For administrators.
#[Object]
impl MemoReassignment {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::MemoReassignment.id(self.0.id)
    }

    /// Whose memos they were.
    async fn from_user(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.from_user_id).await
    }

    /// Who got them.
    async fn to_user(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.to_user_id).await
    }

    /// The administrator who passed them on.
    async fn reassigned_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.reassigned_by).await
    }

    /// When.
    async fn reassigned_at(&self) -> DateTime<Utc> {
        self.0.reassigned_at
    }

    /// How many memos.
    async fn memo_count(&self) -> i64 {
        self.0.memo_count
    }

    /// Of how many of them the person who left was the author.
    async fn as_author_count(&self) -> i64 {
        self.0.as_author_count
    }

    /// Of how many of them the person who left was the recipient.
    async fn as_recipient_count(&self) -> i64 {
        self.0.as_recipient_count
    }
}
