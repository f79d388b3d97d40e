//! `attachFiles`

use super::target::{read, refused};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    mutations::answer::{Stop, answer},
    objects::{File, FileTarget},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::files;

#[derive(Default)]
pub struct AttachFiles;

/// Which files to attach, and to what.
#[derive(InputObject)]
pub struct AttachFilesInput {
    /// The global id of a memo, a task or a project.
    target_id: ID,
    /// The files, at most 100 and at most 100 in all. Those that are attached already may be among them. Of one that another memo has, a memo
    /// gets a copy with an id of its own.
    file_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the files were not attached.
    AttachFilesUserError,
    /// The codes with which `attachFiles` refuses.
    AttachFilesErrorCode {
        /// The memo, the task or the project does not exist for the viewer, or a file does not, or somebody else uploaded it.
        NotFound = NotFound,
        /// Only the memo's author and recipient attach files to it.
        NotAParticipant = NotAParticipant,
        /// Only those responsible for the task or the project do this.
        NotResponsible = NotResponsible,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    AttachFilesPayload {
        /// The memo, the task or the project; null if it was refused.
        target: Option<FileTarget>,
        /// All its files as they are now, the oldest first; null if it was refused.
        files: Option<Vec<File>>,
    }
}

impl AttachFilesInput {
    async fn run(self, ctx: &Context<'_>) -> Result<AttachFilesPayload, Stop> {
        let (target, files) = read(&self.target_id, &self.file_ids)?;
        let done = files::attach(services(ctx)?, viewer(ctx)?, target, &files).await?.map_err(refused)?;
        Ok(AttachFilesPayload {
            target: Some(done.target.into()),
            files: Some(done.files.into_iter().map(File).collect()),
            ..AttachFilesPayload::default()
        })
    }
}

#[Object]
impl AttachFiles {
    /// Attaches files that the viewer has uploaded: to a memo, for its author and recipient; to a task or a project, for those responsible. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn attach_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which files, and to what.")] input: AttachFilesInput,
    ) -> ApiResult<AttachFilesPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        AttachFilesPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
