//! A file.

use super::{
    file_attachment::FileAttachment,
    memo::Memo,
    user::{User, user_by_id},
    work::{Project, Task},
};
use crate::{
    auth::{LONGEST_LINK, SignIn},
    graphql::{
        error::{ApiError, ApiResult},
        guard::{CurrentSession, viewer},
        id::Kind,
        loaders::{AttachmentsOf, loaders, of_request, services},
        scalars::{Bytes, Moment},
    },
};
use async_graphql::{Context, ID, Object, Union};
use chrono::TimeDelta;
use entity::file;
use service::attachments::TargetRow;
use uuid::Uuid;

pub struct File(pub file::Model);

/// The path for downloading a file, relative to the server's address.
pub fn url(file: Uuid) -> String {
    format!("/files/{}", *Kind::File.id(file))
}

/// An object that can have files.
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
            TargetRow::Memo(memo) => Self::Memo(Memo::from(*memo)),
            TargetRow::Task(task) => Self::Task(Task(task)),
            TargetRow::Project(project) => Self::Project(Project(project)),
        }
    }
}

/// A file. Clients upload it with `PUT /files?name=…`. Everybody who can see a memo, a task or a
/// project that has the file can see the file. While nothing has it, only its uploader can see it.
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

    /// The media type, for example `application/pdf`.
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The size in bytes, as a whole number. It is a Float because GraphQL's Int ends below 2 GiB.
    async fn size(&self) -> Bytes {
        Bytes(self.0.size)
    }

    /// The SHA-256 hash of the content, in hexadecimal digits.
    async fn sha256(&self) -> &str {
        &self.0.blob_sha256
    }

    /// The path for downloading the content, relative to the server's address. Send a `GET` request
    /// with the same bearer token as here.
    async fn url(&self) -> String {
        url(self.0.id)
    }

    /// A path for downloading the content without a header, relative to the server's address: for
    /// `<img src>` and links. It is for the viewer alone. It ends after `expiresIn` seconds, with
    /// the viewer's session, and when the viewer can no longer see the file. Ask for it when you
    /// need it, and do not store it.
    async fn download_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For how many seconds it is valid, 1–3,600.", default = 300)]
        expires_in: i32,
    ) -> ApiResult<String> {
        let lifetime = TimeDelta::seconds(expires_in.into());
        if lifetime < TimeDelta::seconds(1) || lifetime > LONGEST_LINK {
            let most = LONGEST_LINK.num_seconds();
            let message = format!("expiresIn is {expires_in}: give 1 to {most} seconds.");
            return Err(ApiError::bad_input("expiresIn", message));
        }
        let CurrentSession(session) = *of_request::<CurrentSession>(ctx)?;
        let (viewer, now) = (viewer(ctx)?, services(ctx)?.now());
        let sign_in = of_request::<SignIn>(ctx)?;
        let token = sign_in.download_token(viewer.id, session, self.0.id, now, lifetime)?;
        Ok(format!("{}?link={token}", url(self.0.id)))
    }

    /// Where it is attached, the oldest attachment first. Memos, tasks and projects that the viewer
    /// cannot see are left out, and so are deleted memos.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn attachments(&self, ctx: &Context<'_>) -> ApiResult<Vec<FileAttachment>> {
        let all = loaders(ctx)?.load(AttachmentsOf(self.0.id)).await?.unwrap_or_default();
        let seen = all.into_iter().filter(|attachment| attachment.target.is_some());
        Ok(seen.map(FileAttachment).collect())
    }

    /// Who uploaded it.
    async fn uploaded_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.uploaded_by).await
    }

    /// When it was uploaded.
    async fn created_at(&self) -> Moment {
        Moment(self.0.created_at)
    }
}
