//! A notification.

use super::{
    memo_deletion::MemoDeletion,
    user::{User, user_by_id},
    work::{Project, Task},
};
use crate::graphql::{
    error::ApiResult,
    id::Kind,
    loaders::{ProjectById, RecordById, TaskById, loaders},
    words::NotificationKind,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::notification;

pub struct Notification(pub notification::Model);

/// Something that the viewer is told.
#[Object]
impl Notification {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Notification.id(self.0.id)
    }

    /// What happened.
    async fn kind(&self) -> NotificationKind {
        self.0.kind.into()
    }

    /// Who did it.
    async fn actor(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.actor_id).await
    }

    /// The id of the memo that it is about, which may be gone: `node` answers what remains of it. Null if it is about work without one.
    async fn memo_id(&self) -> Option<ID> {
        self.0.memo_id.map(|id| Kind::Memo.id(id))
    }

    /// The task that it is about, if it still exists and the viewer may see it.
    async fn task(&self, ctx: &Context<'_>) -> ApiResult<Option<Task>> {
        let Some(id) = self.0.task_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(TaskById(id)).await?.map(Task))
    }

    /// The project that it is about, if it still exists and the viewer may see it.
    async fn project(&self, ctx: &Context<'_>) -> ApiResult<Option<Project>> {
        let Some(id) = self.0.project_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(ProjectById(id)).await?.map(Project))
    }

    /// The deletion that it tells of.
    async fn deletion(&self, ctx: &Context<'_>) -> ApiResult<Option<MemoDeletion>> {
        match self.0.deletion_id {
            Some(id) => Ok(loaders(ctx)?.load(RecordById(id)).await?.map(MemoDeletion)),
            None => Ok(None),
        }
    }

    /// When it happened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
