//! Tasks and projects.

use super::user::{User, user_by_id};
use crate::graphql::{date::Date, error::ApiResult, id::Kind, words::WorkStage};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::{project, task};

pub struct Task(pub task::Model);

/// A piece of work, often created from a memo. Its people, its creator and chiefs see it.
#[Object]
impl Task {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Task.id(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What is to be done or reached.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// How far it is.
    async fn stage(&self) -> WorkStage {
        self.0.stage.into()
    }

    /// When it should be done.
    async fn due_date(&self) -> Option<Date> {
        self.0.due_date.map(Date)
    }

    /// Who created it.
    async fn created_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.created_by).await
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

pub struct Project(pub project::Model);

/// A larger piece of work, often created from a memo. Its people, its creator and chiefs see it.
#[Object]
impl Project {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Project.id(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What is to be done or reached.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// How far it is.
    async fn stage(&self) -> WorkStage {
        self.0.stage.into()
    }

    /// When it should be done.
    async fn due_date(&self) -> Option<Date> {
        self.0.due_date.map(Date)
    }

    /// Who created it.
    async fn created_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.created_by).await
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
