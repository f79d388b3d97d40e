//! A hold.

use super::{
    memo::Memo,
    user::{User, user_by_id},
};
use crate::graphql::{
    error::ApiResult,
    id::Kind,
    loaders::{MemoById, loaders},
    scalars::Moment,
};
use async_graphql::{Context, ID, Object};
use entity::memo_hold;

pub struct MemoHold(pub memo_hold::Model);

/// A retention order on a memo. While it is active, nobody can delete the memo, and the memo is not
/// erased. Several matters can hold one memo. Only administrators can read holds; others only see
/// that a memo is on hold.
#[Object]
impl MemoHold {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::MemoHold.id(self.0.id)
    }

    /// The global id of the memo.
    async fn memo_id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// The memo; null if the viewer cannot read it.
    async fn memo(&self, ctx: &Context<'_>) -> ApiResult<Option<Memo>> {
        Ok(loaders(ctx)?.load(MemoById(self.0.memo_id)).await?.map(Memo::from))
    }

    /// Whether it is active, that is, not released.
    async fn active(&self) -> bool {
        self.0.released_at.is_none()
    }

    /// The legal or audit case for which the memo is kept; null if the hold names none.
    async fn matter(&self) -> Option<&str> {
        Some(self.0.matter.as_str()).filter(|matter| !matter.is_empty())
    }

    /// Why it was placed.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Who placed it.
    async fn placed_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.placed_by).await
    }

    /// When it was placed.
    async fn placed_at(&self) -> Moment {
        Moment(self.0.placed_at)
    }

    /// Who released it; null while it is active.
    async fn released_by(&self, ctx: &Context<'_>) -> ApiResult<Option<User>> {
        match self.0.released_by {
            Some(person) => user_by_id(ctx, person).await.map(Some),
            None => Ok(None),
        }
    }

    /// When it was released; null while it is active.
    async fn released_at(&self) -> Option<Moment> {
        self.0.released_at.map(Moment)
    }
}
