//! The attachment of a file.

use super::{
    node::{Node, find_node},
    user::{User, user_by_id},
};
use crate::graphql::{enums::FileTargetKind, error::ApiResult, scalars::Moment};
use async_graphql::{Context, Object};
use service::attachments::Attachment;

pub struct FileAttachment(pub Attachment);

/// The attachment of a file to a memo, a task or a project: where the file is, who put it there and
/// when. Transferring a file attaches it to a task or a project as well.
#[Object]
impl FileAttachment {
    /// The kind of the object that has the file.
    async fn kind(&self) -> FileTargetKind {
        self.0.kind.into()
    }

    /// The memo, task or project that has the file; null if the viewer cannot see it.
    async fn node(&self, ctx: &Context<'_>) -> ApiResult<Option<Node>> {
        match self.0.target {
            Some(id) => find_node(ctx, FileTargetKind::from(self.0.kind).node(), id).await,
            None => Ok(None),
        }
    }

    /// Who attached or transferred the file. Null if the viewer cannot see the object, or if this
    /// was not noted, as in version 0.1.
    async fn attached_by(&self, ctx: &Context<'_>) -> ApiResult<Option<User>> {
        match self.0.attached_by {
            Some(person) => user_by_id(ctx, person).await.map(Some),
            None => Ok(None),
        }
    }

    /// When the file was attached or transferred; null if the viewer cannot see the object.
    async fn attached_at(&self) -> Option<Moment> {
        self.0.attached_at.map(Moment)
    }
}
