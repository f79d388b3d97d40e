//! A reminder.

use super::memo::Memo;
use crate::graphql::{
    error::ApiResult,
    id::Kind,
    loaders::{MemoById, loaders},
    scalars::Moment,
};
use async_graphql::{Context, ID, Object};
use entity::reminder;

pub struct Reminder(pub reminder::Model);

/// A time at which the viewer wants to be reminded of a memo. Nobody else can see it.
#[Object]
impl Reminder {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Reminder.id(self.0.id)
    }

    /// The memo; null if the viewer can no longer see it.
    async fn memo(&self, ctx: &Context<'_>) -> ApiResult<Option<Memo>> {
        Ok(loaders(ctx)?.load(MemoById(self.0.memo_id)).await?.map(Memo::from))
    }

    /// When to remind the viewer.
    async fn due_at(&self) -> Moment {
        Moment(self.0.due_at)
    }

    /// When the viewer was reminded; null if this has not happened yet.
    async fn fired_at(&self) -> Option<Moment> {
        self.0.fired_at.map(Moment)
    }

    /// When the viewer dismissed it; null if they did not.
    async fn dismissed_at(&self) -> Option<Moment> {
        self.0.dismissed_at.map(Moment)
    }

    /// When it was set.
    async fn created_at(&self) -> Moment {
        Moment(self.0.created_at)
    }
}
