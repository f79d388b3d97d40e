//! A message in a memo's discussion.

use super::{
    memo::Memo,
    user::{User, user_by_id},
};
use crate::graphql::{
    error::ApiResult,
    guard::viewer,
    id::Kind,
    loaders::{MemoById, SubscribedTo, loaders},
    scalars::Moment,
};
use async_graphql::{Context, ID, Object};
use entity::comment;
use service::{
    access::MemoState,
    memos::policy::{Action, denial},
};

pub struct Comment(pub comment::Model);

/// A message in a memo's discussion. Everybody who can see the memo can see it.
#[Object]
impl Comment {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Comment.id(self.0.id)
    }

    /// The memo that it belongs to; null if that memo has been deleted in the meantime.
    async fn memo(&self, ctx: &Context<'_>) -> ApiResult<Option<Memo>> {
        Ok(loaders(ctx)?.load(MemoById(self.0.memo_id)).await?.map(Memo::from))
    }

    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.author_id).await
    }

    /// The text.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// When it was written.
    async fn created_at(&self) -> Moment {
        Moment(self.0.created_at)
    }

    /// When it was last changed; null if never.
    async fn edited_at(&self) -> Option<Moment> {
        self.0.edited_at.map(Moment)
    }

    /// Whether the viewer may change and delete it now. Use this to show or hide buttons:
    /// `updateComment` and `deleteComment` check again.
    async fn viewer_can_update(&self, ctx: &Context<'_>) -> ApiResult<bool> {
        let viewer = viewer(ctx)?;
        if self.0.author_id != viewer.id {
            return Ok(false);
        }
        let loaders = loaders(ctx)?;
        let Some(memo) = loaders.load(MemoById(self.0.memo_id)).await? else { return Ok(false) };
        let subscribed = loaders.load(SubscribedTo(memo.id)).await?.unwrap_or_default();
        Ok(denial(Action::ReviseComment, &MemoState::of(&memo, viewer, subscribed)).is_none())
    }
}
