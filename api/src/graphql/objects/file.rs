//! A file.

use super::user::{User, user_by_id};
use crate::graphql::{error::ApiResult, id::Kind};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use entity::file;

pub struct File(pub file::Model);

/// A file: stored bytes with a name. Whoever sees a memo, a task or a project to which it is attached sees it.
#[Object]
impl File {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::File.id(self.0.id)
    }

    /// The file's name as it was uploaded.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// For example `application/pdf`.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The size in bytes: a whole number. A Float, since GraphQL's Int ends below 2 GiB.
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 bytes")]
    async fn size(&self) -> f64 {
        self.0.size as f64
    }

    /// SHA-256 of the content, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.blob_sha256
    }

    /// Who uploaded it.
    async fn uploaded_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.uploaded_by).await
    }

    /// When it was uploaded.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
