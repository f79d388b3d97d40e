//! Passing on memos of an inactive person: the preview and the record.

use super::user::{User, user_by_id};
use crate::graphql::{
    enums::MemoReassignmentBlockerCode, error::ApiResult, id::Kind, scalars::Moment,
};
use async_graphql::{Context, ID, Object};
use entity::memo_reassignment;
use service::reassignment::{Preview, policy::BlockerCode};

pub struct MemoReassignmentPreview(pub Preview);

/// How many memos, open tasks and projects `reassignMemos` would pass on now. Reading it changes
/// nothing. Only numbers are shown, no memos. Drafts are not counted: they stay with their author.
///
/// The new person gets the rights of the inactive one. A recipient can delete the memos. An author
/// can delete them until the recipient has acted.
#[Object]
impl MemoReassignmentPreview {
    /// The person who has the memos now.
    async fn from_user(&self) -> User {
        User::from(self.0.from.clone())
    }

    /// The person who would get the memos.
    async fn to_user(&self) -> User {
        User::from(self.0.to.clone())
    }

    /// How many memos would be passed on, at most 1,000 per call.
    async fn memo_count(&self) -> i64 {
        self.0.counts.memos
    }

    /// How many of them have `fromUser` as author.
    async fn as_author_count(&self) -> i64 {
        self.0.counts.as_author
    }

    /// How many of them have `fromUser` as recipient.
    async fn as_recipient_count(&self) -> i64 {
        self.0.counts.as_recipient
    }

    /// How many of them already have `toUser` as author or recipient. These memos would be from and
    /// to the same person, who could delete them without a confirmation, unless there are other
    /// warnings.
    async fn to_themselves_count(&self) -> i64 {
        self.0.counts.to_themselves
    }

    /// How many of them `toUser` cannot delete now, but could delete afterwards.
    async fn newly_deletable_count(&self) -> i64 {
        self.0.counts.newly_deletable
    }

    /// How many memos stay with `fromUser` because they are on hold. Pass them on when their holds
    /// are released.
    async fn on_hold_count(&self) -> i64 {
        self.0.counts.on_hold
    }

    /// For how many open tasks and projects `toUser` would become responsible in the place of
    /// `fromUser`, at most 500 of each per call.
    async fn open_work_count(&self) -> i64 {
        self.0.counts.open_work
    }

    /// Why the memos cannot be passed on; empty if they can.
    async fn blockers(&self) -> Vec<MemoReassignmentBlocker> {
        self.0.blockers.iter().copied().map(MemoReassignmentBlocker).collect()
    }

    /// Send it to `reassignMemos` to confirm exactly these numbers. If any of them has changed by
    /// then, nothing is passed on. Null if there are blockers, or if there is nothing to pass on.
    async fn confirmation_token(&self) -> Option<&str> {
        self.0.confirmation_token()
    }
}

pub struct MemoReassignmentBlocker(BlockerCode);

/// Why memos cannot be passed on.
#[Object]
impl MemoReassignmentBlocker {
    /// The code, for programs.
    async fn code(&self) -> MemoReassignmentBlockerCode {
        self.0.into()
    }

    /// The reason and what to do instead, as English text for people.
    async fn message(&self) -> &str {
        reassignment_message(self.0)
    }
}

/// The reason of a refusal, and what to do instead.
pub fn reassignment_message(code: BlockerCode) -> &'static str {
    match code {
        BlockerCode::SamePerson => "Both ids are of the same person. Choose somebody else.",
        BlockerCode::StillActive => {
            "This person is active and can act on their memos. Deactivate them first with \
             `deactivateUser`."
        }
        BlockerCode::NotActive => "This person is not active any more. Choose somebody else.",
    }
}

pub struct MemoReassignment(pub memo_reassignment::Model);

/// The record of memos that were passed on from an inactive person. For administrators.
#[Object]
impl MemoReassignment {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::MemoReassignment.id(self.0.id)
    }

    /// The person who had the memos.
    async fn from_user(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.from_user_id).await
    }

    /// The person who got the memos.
    async fn to_user(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.to_user_id).await
    }

    /// The administrator who passed them on.
    async fn reassigned_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.reassigned_by).await
    }

    /// When they were passed on.
    async fn reassigned_at(&self) -> Moment {
        Moment(self.0.reassigned_at)
    }

    /// How many memos were passed on.
    async fn memo_count(&self) -> i64 {
        self.0.memo_count
    }

    /// How many of them had `fromUser` as author.
    async fn as_author_count(&self) -> i64 {
        self.0.as_author_count
    }

    /// How many of them had `fromUser` as recipient.
    async fn as_recipient_count(&self) -> i64 {
        self.0.as_recipient_count
    }

    /// For how many open tasks and projects `toUser` became responsible.
    async fn work_count(&self) -> i64 {
        self.0.work_count
    }
}
