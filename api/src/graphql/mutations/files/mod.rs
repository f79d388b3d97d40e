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

/// The files to attach, and the object that gets them.
#[derive(InputObject)]
pub struct AttachFilesInput {
    /// The global id of a memo, a task or a project.
    target_id: ID,
    /// The files to attach, at most 100. The object can have at most 100 files in all. Files that
    /// it already has are ignored. If another memo has the file, a memo gets a copy with its own
    /// id.
    file_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    AttachFiles(AttachFilesErrorCode) or InvalidInput {
        /// The memo, the task or the project does not exist, or the viewer cannot see it. Or a file
        /// does not exist, or somebody else uploaded it.
        NotFound,
        /// Only the memo's author and recipient can attach files to it.
        NotAParticipant,
        /// Only those responsible for the task or the project can do this.
        NotResponsible,
    }
}

done! {
    FilesAttached(AttachFilesErrorCode) {
        /// The memo, the task or the project; null if the mutation was refused.
        target: Option<FileTarget>,
        /// All its files as they are now, the oldest first; null if the mutation was refused.
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

/// The files to detach, and the object that has them.
#[derive(InputObject)]
pub struct DetachFilesInput {
    /// The global id of a memo, a task or a project.
    target_id: ID,
    /// The files to detach, at most 100. Files that are not attached are ignored.
    file_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DetachFiles(DetachFilesErrorCode) or InvalidInput {
        /// The memo, the task or the project does not exist, or the viewer cannot see it.
        NotFound,
        /// Only the memo's author can detach its files.
        NotTheAuthor,
        /// The recipient has postponed or reviewed the memo, so its author can no longer detach
        /// files.
        RecipientHasActed,
        /// The memo is on hold, so its files cannot be detached.
        OnHold,
        /// Only those responsible for the task or the project can do this.
        NotResponsible,
    }
}

done! {
    FilesDetached(DetachFilesErrorCode) {
        /// The memo, the task or the project; null if the mutation was refused.
        target: Option<FileTarget>,
        /// All its files as they are now, the oldest first; null if the mutation was refused.
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
    /// Attaches files that the viewer has uploaded. Author and recipient can attach files to a
    /// memo. Responsible people can attach files to a task or a project. Repeating it changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn attach_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The files to attach, and the object that gets them.")]
        input: AttachFilesInput,
    ) -> ApiResult<Payload<FilesAttached>> {
        respond(input.client_mutation_id, async {
            let (target, files) = read(&input.target_id, &input.file_ids)?;
            let done = attachments::attach(services(ctx)?, viewer(ctx)?, target, &files).await?;
            let files = Some(done.files.into_iter().map(File).collect());
            Ok(FilesAttached { target: Some(done.target.into()), files })
        })
        .await
    }

    /// Detaches files. The author can detach files from a memo until the recipient has acted.
    /// Responsible people can detach files from a task or a project. A file that nothing else has
    /// is deleted after a day, unless the operator keeps it longer or it is attached again.
    /// Repeating it changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn detach_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The files to detach, and the object that has them.")]
        input: DetachFilesInput,
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

/// Parses the ids of the files and of the object.
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
