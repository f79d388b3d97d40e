//! `transferFiles`

use super::input;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::{Memo, Project, Task},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{project, task};
use service::{
    memos::policy::ParticipantDenial,
    work::{self, Transfer, TransferFilesError, WithMemo, WorkDenial, WorkKind},
};

#[derive(Default)]
pub struct TransferFiles;

/// The memo's files to transfer, and the task or project that gets them.
#[derive(InputObject)]
pub struct TransferFilesInput {
    /// The memo's global id.
    memo_id: ID,
    /// Global ids of the memo's files, at most 100.
    file_ids: Vec<ID>,
    /// The global id of the task that gets the files: the memo's own task, or one for which the
    /// viewer is responsible. Give either this or `projectId`.
    task_id: Option<ID>,
    /// The global id of the project that gets the files: the memo's own project, or one for which
    /// the viewer is responsible. Give either this or `taskId`.
    project_id: Option<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    TransferFiles(TransferFilesErrorCode) or InvalidInput {
        /// The memo, the task or the project does not exist, or the viewer cannot see it. Or a file
        /// is not attached to the memo.
        NotFound,
        /// Only the memo's author and recipient can transfer its files.
        NotAParticipant,
        /// The task or project is not the memo's own, and the viewer is not responsible for it.
        NotResponsible,
    }
}

done! {
    FilesTransferred(TransferFilesErrorCode) {
        /// The memo; null if the mutation was refused.
        memo: Option<Memo>,
        /// The task that got the files; null if there is none.
        task: Option<Task>,
        /// The project that got the files; null if there is none.
        project: Option<Project>,
    }
}

#[Object]
impl TransferFiles {
    /// Attaches files of a memo to a task or a project as well. The files are then kept when the
    /// memo is deleted. Only the memo's author and recipient can do this. Repeating it changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn transfer_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The files, and the task or project.")] input: TransferFilesInput,
    ) -> ApiResult<Payload<FilesTransferred>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }
}

impl TransferFilesInput {
    async fn run(self, ctx: &Context<'_>) -> Result<FilesTransferred, Stop<FilesTransferred>> {
        let files = input::ids(Kind::File, "fileIds", &self.file_ids)?;
        let memo_id = Kind::Memo.parse("memoId", &self.memo_id)?;
        match (&self.task_id, &self.project_id) {
            (Some(id), None) => {
                let work_id = Kind::Task.parse("taskId", id)?;
                let done =
                    transfer::<task::Entity>(ctx, Transfer { memo_id, files, work_id }).await?;
                let (memo, task) = (Some(Memo::from(done.memo)), Some(Task(done.work)));
                Ok(FilesTransferred { memo, task, project: None })
            }
            (None, Some(id)) => {
                let work_id = Kind::Project.parse("projectId", id)?;
                let done =
                    transfer::<project::Entity>(ctx, Transfer { memo_id, files, work_id }).await?;
                let (memo, project) = (Some(Memo::from(done.memo)), Some(Project(done.work)));
                Ok(FilesTransferred { memo, task: None, project })
            }
            _ => {
                let code = TransferFilesErrorCode::INVALID_INPUT;
                Err(MutationError::whole(code, sentences::EITHER_TASK_OR_PROJECT).into())
            }
        }
    }
}

async fn transfer<W: WorkKind>(
    ctx: &Context<'_>,
    transfer: Transfer,
) -> Result<WithMemo<W::Model>, Stop<FilesTransferred>> {
    let done = work::transfer_files::<W>(services(ctx)?, viewer(ctx)?, &transfer).await;
    done.map_err(|error| refused(W::KIND, error))
}

/// Why files are not transferred to a `task` or a `project`.
fn refused(work: &str, error: TransferFilesError) -> Stop<FilesTransferred> {
    use TransferFilesErrorCode as Code;
    let of_work = format!("{work}Id");
    match error {
        TransferFilesError::NoSuchMemo => {
            MutationError::at("memoId", Code::NotFound, sentences::NO_SUCH_MEMO)
        }
        TransferFilesError::Denied(ParticipantDenial::NotAParticipant) => {
            MutationError::at("memoId", Code::NotAParticipant, sentences::PARTICIPANTS_TRANSFER)
        }
        TransferFilesError::NoSuchWork => {
            MutationError::at(&of_work, Code::NotFound, sentences::no_such_work(work))
        }
        TransferFilesError::WorkDenied(WorkDenial::NotResponsible) => {
            MutationError::at(&of_work, Code::NotResponsible, sentences::not_responsible(work))
        }
        TransferFilesError::NoSuchFile => {
            MutationError::at("fileIds", Code::NotFound, sentences::NOT_A_FILE_OF_THE_MEMO)
        }
        TransferFilesError::Failed(error) => return error.into(),
    }
    .into()
}
