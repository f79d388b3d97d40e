//! A file.

use super::{
    memo::Memo,
    user::{User, user_by_id},
    work::{Project, Task},
};
use crate::graphql::{error::ApiResult, id::Kind};
use async_graphql::{Context, ID, Object, Union};
use chrono::{DateTime, Utc};
use entity::file;
use service::attachments::TargetRow;
use uuid::Uuid;

pub struct File(pub file::Model);

/// Where a file's bytes are read, relative to the server's address.
pub fn url(file: Uuid) -> String {
    format!("/files/{}", *Kind::File.id(file))
}

/// What files are attached to.
#[derive(Union)]
pub enum FileTarget {
    /// A memo.
    Memo(Memo),
    /// A task.
    Task(Task),
    /// A project.
    Project(Project),
}

impl From<TargetRow> for FileTarget {
    fn from(row: TargetRow) -> Self {
        match row {
            TargetRow::Memo(memo) => Self::Memo(Memo(*memo)),
            TargetRow::Task(task) => Self::Task(Task(task)),
            TargetRow::Project(project) => Self::Project(Project(project)),
        }
    }
}

/// A file: stored bytes with a name, uploaded by `PUT /files?name=…`. Whoever sees a memo, a task
/// or a project to which it is attached sees it, and who uploaded it as long as it is attached to
/// nothing.
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

    /// Where its bytes are read, relative to the server's address: `GET` with the same bearer token
    /// as here.
    async fn url(&self) -> String {
        url(self.0.id)
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
