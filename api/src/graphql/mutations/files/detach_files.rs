//! `detachFiles`

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
pub struct DetachFiles;

/// Which files to take off, and off what.
#[derive(InputObject)]
pub struct DetachFilesInput {
    /// The global id of a memo, a task or a project.
    target_id: ID,
    /// The files, at most 100. Those that are not attached may be among them.
    file_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the files were not taken off.
    DetachFilesUserError,
    /// The codes with which `detachFiles` refuses.
    DetachFilesErrorCode {
        /// The memo, the task or the project does not exist for the viewer.
        NotFound = NotFound,
        /// Only the memo's author takes files off it.
        NotTheAuthor = NotTheAuthor,
        /// The recipient has acted on the memo: its author takes nothing off any more.
        RecipientHasActed = RecipientHasActed,
        /// The memo is on hold.
        OnHold = OnHold,
        /// Only those responsible for the task or the project do this.
        NotResponsible = NotResponsible,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    DetachFilesPayload {
        /// The memo, the task or the project; null if it was refused.
        target: Option<FileTarget>,
        /// All its files as they are now, the oldest first; null if it was refused.
        files: Option<Vec<File>>,
    }
}

impl DetachFilesInput {
    async fn run(self, ctx: &Context<'_>) -> Result<DetachFilesPayload, Stop> {
        let (target, files) = read(&self.target_id, &self.file_ids)?;
        let done = files::detach(services(ctx)?, viewer(ctx)?, target, &files).await?.map_err(refused)?;
        Ok(DetachFilesPayload {
            target: Some(done.target.into()),
            files: Some(done.files.into_iter().map(File).collect()),
            ..DetachFilesPayload::default()
        })
    }
}

#[Object]
impl DetachFiles {
    /// Takes files off: off a memo, for its author until the recipient has acted; off a task or a project, for those responsible. A file that nothing else has is deleted after a day, unless the operator keeps it longer or it is attached again. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn detach_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which files, and off what.")] input: DetachFilesInput,
    ) -> ApiResult<DetachFilesPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        DetachFilesPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
