//! A notification.

use super::{
    memo::Memo,
    memo_deletion::MemoDeletion,
    user::{User, user_by_id},
    work::{Project, Task},
};
use crate::graphql::{
    enums::NotificationKind,
    error::ApiResult,
    guard::viewer,
    id::Kind,
    loaders::{ProjectById, RecordById, Source, SourceOf, TaskById, loaders},
    scalars::Moment,
};
use async_graphql::{Context, ID, Object};
use entity::notification;
use service::{
    Viewer,
    access::{NotificationAccess, RecordAccess, RecordSight},
    notifications::sentence,
};

pub struct Notification(pub notification::Model);

/// A notification to the viewer.
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

    /// What happened, as one English sentence. It has the current names of the person who did it
    /// and of the object that it is about.
    async fn message(&self, ctx: &Context<'_>) -> ApiResult<String> {
        let actor = user_by_id(ctx, self.0.actor_id).await?.0.full_name.clone();
        Ok(sentence(self.0.kind, &actor, self.name(ctx).await?.as_deref()))
    }

    /// Who did it. For a reminder, this is the viewer.
    async fn actor(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.actor_id).await
    }

    /// The memo that it is about, or from which the task or project was created. Null if there is
    /// none, if it is deleted, or if the viewer cannot see it.
    async fn memo(&self, ctx: &Context<'_>) -> ApiResult<Option<Memo>> {
        Ok(match self.source(ctx).await? {
            Some(Source::Memo(memo)) => Some(Memo::from(*memo)),
            Some(Source::Deleted(_)) | None => None,
        })
    }

    /// The global id of this memo. If the memo is deleted, `node` returns what remains of it. Null
    /// if there is no memo, or if the viewer can see neither the memo nor what remains of it.
    async fn memo_id(&self, ctx: &Context<'_>) -> ApiResult<Option<ID>> {
        let has_id = access(self.source(ctx).await?.as_ref(), viewer(ctx)?).has_id();
        Ok(self.0.memo_id.filter(|_| has_id).map(|id| Kind::Memo.id(id)))
    }

    /// The task that it is about. Null if there is none, if it is deleted, or if the viewer cannot
    /// see it.
    async fn task(&self, ctx: &Context<'_>) -> ApiResult<Option<Task>> {
        let Some(id) = self.0.task_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(TaskById(id)).await?.map(Task))
    }

    /// The project that it is about. Null if there is none, if it is deleted, or if the viewer
    /// cannot see it.
    async fn project(&self, ctx: &Context<'_>) -> ApiResult<Option<Project>> {
        let Some(id) = self.0.project_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(ProjectById(id)).await?.map(Project))
    }

    /// The record of the deletion that it is about; null if there is none or the viewer cannot see
    /// it.
    async fn deletion(&self, ctx: &Context<'_>) -> ApiResult<Option<MemoDeletion>> {
        match self.0.deletion_id {
            Some(id) => Ok(loaders(ctx)?.load(RecordById(id)).await?.map(MemoDeletion)),
            None => Ok(None),
        }
    }

    /// When it happened.
    async fn created_at(&self) -> Moment {
        Moment(self.0.created_at)
    }

    /// When the viewer read it; null if they have not.
    async fn read_at(&self) -> Option<Moment> {
        self.0.read_at.map(Moment)
    }
}

impl Notification {
    /// The name of the object that it is about, if the viewer can see it.
    async fn name(&self, ctx: &Context<'_>) -> ApiResult<Option<String>> {
        let loaders = loaders(ctx)?;
        if let Some(id) = self.0.task_id {
            return Ok(loaders.load(TaskById(id)).await?.map(|task| task.name));
        }
        if let Some(id) = self.0.project_id {
            return Ok(loaders.load(ProjectById(id)).await?.map(|project| project.name));
        }
        let source = self.source(ctx).await?;
        if !access(source.as_ref(), viewer(ctx)?).has_name() {
            return Ok(None);
        }
        Ok(match source {
            Some(Source::Memo(memo)) => Some(memo.name),
            Some(Source::Deleted(record)) => record.memo_name,
            None => None,
        })
    }

    /// The memo, or what remains of it.
    async fn source(&self, ctx: &Context<'_>) -> ApiResult<Option<Source>> {
        let Some(id) = self.0.memo_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(SourceOf(id)).await?.flatten())
    }
}

/// What the viewer can see of the memo, or of what remains of it.
fn access(source: Option<&Source>, viewer: Viewer) -> NotificationAccess {
    let (sees_memo, record) = match source {
        Some(Source::Memo(_)) => (true, RecordSight::Nothing),
        Some(Source::Deleted(record)) => (false, RecordAccess::of(record, viewer).sight()),
        None => (false, RecordSight::Nothing),
    };
    NotificationAccess { sees_memo, record }
}
