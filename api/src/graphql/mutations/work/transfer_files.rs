//! `transferFiles`

use super::{
    answer::{Refused, Stop, Word, answer, refused},
    parts,
};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::{Memo, Project, Task},
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{project, task};
use service::work::{self, Transfer, WithMemo, WorkKind};

#[derive(Default)]
pub struct TransferFiles;

/// Which files of a memo are transferred, and where.
#[derive(InputObject)]
pub struct TransferFilesInput {
    /// The memo's global id.
    memo_id: ID,
    /// Global ids of the memo's files, at most 100.
    file_ids: Vec<ID>,
    /// The task that gets them: the memo's own, or one for which the viewer is responsible. Give this or `projectId`.
    task_id: Option<ID>,
    /// The project that gets them: the memo's own, or one for which the viewer is responsible. Give this or `taskId`.
    project_id: Option<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why no file was transferred.
    TransferFilesUserError,
    /// The codes with which `transferFiles` refuses.
    TransferFilesErrorCode {
        /// The memo, the task or the project does not exist for the viewer, or a file is not attached to the memo.
        NotFound = NotFound,
        /// Only the memo's author and recipient transfer its files.
        NotAParticipant = NotAParticipant,
        /// The task or project is not the memo's own, and the viewer is not responsible for it.
        NotResponsible = NotResponsible,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    TransferFilesPayload {
        /// The memo; null if it was refused.
        memo: Option<Memo>,
        /// The task that has the files now.
        task: Option<Task>,
        /// The project that has the files now.
        project: Option<Project>,
    }
}

impl TransferFilesInput {
    async fn run(self, ctx: &Context<'_>) -> Result<TransferFilesPayload, Stop> {
        let files = parts::ids(Kind::File, "fileIds", &self.file_ids)?;
        let memo_id = Kind::Memo.parse("memoId", &self.memo_id)?;
        let mut payload = TransferFilesPayload::default();
        let memo = match (&self.task_id, &self.project_id) {
            (Some(id), None) => {
                let work_id = Kind::Task.parse("taskId", id)?;
                let done = transfer::<task::Entity>(ctx, &Transfer { memo_id, files, work_id }).await?;
                payload.task = Some(Task(done.work));
                done.memo
            }
            (None, Some(id)) => {
                let work_id = Kind::Project.parse("projectId", id)?;
                let done = transfer::<project::Entity>(ctx, &Transfer { memo_id, files, work_id }).await?;
                payload.project = Some(Project(done.work));
                done.memo
            }
            _ => {
                let message = "Give either taskId or projectId: the files go to one of them.".to_owned();
                return Err(Refused { word: Word::InvalidInput, field: None, message }.into());
            }
        };
        Ok(TransferFilesPayload { memo: Some(Memo(memo)), ..payload })
    }
}

async fn transfer<W: WorkKind>(ctx: &Context<'_>, transfer: &Transfer) -> Result<WithMemo<W::Model>, Stop> {
    let done = work::transfer_files::<W>(services(ctx)?, viewer(ctx)?, transfer).await?;
    done.map_err(|refusal| refused(W::WORD, refusal))
}

#[Object]
impl TransferFiles {
    /// Ties files of a memo to a task or a project as well, for its author and recipient: they outlive the memo. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn transfer_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which files, and where.")] input: TransferFilesInput,
    ) -> ApiResult<TransferFilesPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        TransferFilesPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
