//! A message in a memo's discussion.

use super::user::{User, user_by_id};
use crate::graphql::{error::ApiResult, id::Kind};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::comment;

pub struct Comment(pub comment::Model);

/// A message in a memo's discussion. Whoever sees the memo sees it.
#[Object]
impl Comment {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Comment.id(self.0.id)
    }

    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.author_id).await
    }

    /// The message.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed; null if never.
    async fn edited_at(&self) -> Option<DateTime<Utc>> {
        self.0.edited_at
    }
}
