//! `attachFiles`, `detachFiles`

use super::{
    input::ids,
    respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{self, Kind},
    loaders::services,
    objects::{File, FileTarget},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    attachments::{self, AttachFilesError, DetachFilesError, Target},
    memos::policy::{EditDenial, ParticipantDenial},
    work::WorkDenial,
};
use uuid::Uuid;

/// Attaching and detaching files.
#[derive(Default)]
pub struct FilesMutation;

/// Which files to attach, and to what.
#[derive(InputObject)]
pub struct AttachFilesInput {
    /// The global id of a memo, a task or a project.
    target_id: ID,
    /// The files, at most 100 and at most 100 in all. Those that are attached already may be among
    /// them. Of one that another memo has, a memo gets a copy with an id of its own.
    file_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    AttachFiles(AttachFilesErrorCode) or InvalidInput {
        /// The memo, the task or the project does not exist for the viewer, or a file does not, or
        /// somebody else uploaded it.
        NotFound,
        /// Only the memo's author and recipient attach files to it.
        NotAParticipant,
        /// Only those responsible for the task or the project do this.
        NotResponsible,
    }
}

done! {
    FilesAttached(AttachFilesErrorCode) {
        /// The memo, the task or the project; null if it was refused.
        target: Option<FileTarget>,
        /// All its files as they are now, the oldest first; null if it was refused.
        files: Option<Vec<File>>,
    }
}

impl From<AttachFilesError> for Stop<FilesAttached> {
    fn from(error: AttachFilesError) -> Self {
        use AttachFilesErrorCode as Code;
        let (code, message) = match error {
            AttachFilesError::NoSuchTarget => {
                (Code::NotFound, sentences::NO_SUCH_TARGET.to_owned())
            }
            AttachFilesError::WorkDenied(WorkDenial::NotResponsible) => {
                (Code::NotResponsible, sentences::NOT_RESPONSIBLE_FOR_TARGET.to_owned())
            }
            AttachFilesError::Denied(denial @ ParticipantDenial::NotAParticipant) => {
                (Code::NotAParticipant, sentences::denial(denial))
            }
            AttachFilesError::NoSuchFile => {
                return MutationError::at("fileIds", Code::NotFound, sentences::NO_SUCH_UPLOAD)
                    .into();
            }
            AttachFilesError::TooMany => {
                return MutationError::input("fileIds", sentences::too_many_files()).into();
            }
            AttachFilesError::Failed(error) => return error.into(),
        };
        MutationError::at("targetId", code, message).into()
    }
}

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

codes! {
    DetachFiles(DetachFilesErrorCode) or InvalidInput {
        /// The memo, the task or the project does not exist for the viewer.
        NotFound,
        /// Only the memo's author takes files off it.
        NotTheAuthor,
        /// The recipient has acted on the memo: its author takes nothing off any more.
        RecipientHasActed,
        /// The memo is on hold.
        OnHold,
        /// Only those responsible for the task or the project do this.
        NotResponsible,
    }
}

done! {
    FilesDetached(DetachFilesErrorCode) {
        /// The memo, the task or the project; null if it was refused.
        target: Option<FileTarget>,
        /// All its files as they are now, the oldest first; null if it was refused.
        files: Option<Vec<File>>,
    }
}

impl From<DetachFilesError> for Stop<FilesDetached> {
    fn from(error: DetachFilesError) -> Self {
        use DetachFilesErrorCode as Code;
        let (code, message) = match error {
            DetachFilesError::NoSuchTarget => {
                (Code::NotFound, sentences::NO_SUCH_TARGET.to_owned())
            }
            DetachFilesError::WorkDenied(WorkDenial::NotResponsible) => {
                (Code::NotResponsible, sentences::NOT_RESPONSIBLE_FOR_TARGET.to_owned())
            }
            DetachFilesError::Denied(denial) => {
                let code = match denial {
                    EditDenial::NotTheAuthor => Code::NotTheAuthor,
                    EditDenial::RecipientHasActed(_) => Code::RecipientHasActed,
                    EditDenial::OnHold => Code::OnHold,
                };
                (code, sentences::denial(denial))
            }
            DetachFilesError::Failed(error) => return error.into(),
        };
        MutationError::at("targetId", code, message).into()
    }
}

#[Object]
impl FilesMutation {
    /// Attaches files that the viewer has uploaded: to a memo, for its author and recipient; to a
    /// task or a project, for those responsible. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn attach_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which files, and to what.")] input: AttachFilesInput,
    ) -> ApiResult<Payload<FilesAttached>> {
        respond(input.client_mutation_id, async {
            let (target, files) = read(&input.target_id, &input.file_ids)?;
            let done = attachments::attach(services(ctx)?, viewer(ctx)?, target, &files).await?;
            let files = Some(done.files.into_iter().map(File).collect());
            Ok(FilesAttached { target: Some(done.target.into()), files })
        })
        .await
    }

    /// Takes files off: off a memo, for its author until the recipient has acted; off a task or a
    /// project, for those responsible. A file that nothing else has is deleted after a day, unless
    /// the operator keeps it longer or it is attached again. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn detach_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which files, and off what.")] input: DetachFilesInput,
    ) -> ApiResult<Payload<FilesDetached>> {
        respond(input.client_mutation_id, async {
            let (target, files) = read(&input.target_id, &input.file_ids)?;
            let done = attachments::detach(services(ctx)?, viewer(ctx)?, target, &files).await?;
            let files = Some(done.files.into_iter().map(File).collect());
            Ok(FilesDetached { target: Some(done.target.into()), files })
        })
        .await
    }
}

/// Which files, and of what.
fn read<C: RefusesInput>(
    target_id: &ID,
    file_ids: &[ID],
) -> Result<(Target, Vec<Uuid>), MutationError<C>> {
    let files = ids(Kind::File, "fileIds", file_ids)?;
    let target = match id::parse("targetId", target_id)? {
        (Kind::Memo, id) => Target::Memo(id),
        (Kind::Task, id) => Target::Task(id),
        (Kind::Project, id) => Target::Project(id),
        _ => {
            let message = format!(
                "targetId must be the id of a memo, a task or a project; {:?} is not.",
                target_id.0
            );
            return Err(MutationError::input("targetId", message));
        }
    };
    Ok((target, files))
}
