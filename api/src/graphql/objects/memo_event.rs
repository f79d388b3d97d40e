//! Something that happened to a memo.

use super::{
    Memo,
    memo_deletion::MemoDeletion,
    user::{User, user_by_id},
};
use crate::graphql::{
    enums::MemoEventKind,
    error::ApiResult,
    guard::viewer,
    id::Kind,
    loaders::{MemoById, RecordById, deletion_settings, loaders},
    scalars::Moment,
};
use async_graphql::{Context, ID, Object};
use entity::{MemoEventKind::Deleted, memo_event};
use service::{events, feed};
use std::sync::Arc;

pub struct MemoEvent(pub Arc<memo_event::Model>);

/// Something that happened to a memo.
#[Object]
impl MemoEvent {
    /// The id of the event, for `after` when the viewer subscribes again. It is not a global id,
    /// and is valid only for this viewer.
    async fn id(&self, ctx: &Context<'_>) -> ApiResult<ID> {
        let key = &deletion_settings(ctx)?.confirmation_key;
        let position = self.0.position.unwrap_or_default();
        Ok(ID(feed::seal_id(key, events::SEQUENCE, viewer(ctx)?, position)))
    }

    /// What happened.
    async fn kind(&self) -> MemoEventKind {
        self.0.kind.into()
    }

    /// The memo's global id.
    async fn memo_id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// The memo as it is now. Null if it is deleted, or if the viewer can no longer see it.
    async fn memo(&self, ctx: &Context<'_>) -> ApiResult<Option<Memo>> {
        Ok(loaders(ctx)?.load(MemoById(self.0.memo_id)).await?.map(Memo::from))
    }

    /// Who did it.
    async fn actor(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.actor_id).await
    }

    /// The record of the deletion; null if there is none or the viewer cannot see it.
    async fn deletion(&self, ctx: &Context<'_>) -> ApiResult<Option<MemoDeletion>> {
        match self.0.deletion_id.filter(|_| self.0.kind == Deleted) {
            Some(id) => Ok(loaders(ctx)?.load(RecordById(id)).await?.map(MemoDeletion)),
            None => Ok(None),
        }
    }

    /// When it happened.
    async fn occurred_at(&self) -> Moment {
        Moment(self.0.occurred_at)
    }
}
