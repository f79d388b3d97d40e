//! Attaching uploads to a memo, task or project, detaching files, and where a file is attached.

mod errors;
mod memo;
mod provenance;
mod target;
mod wanted;
mod work;

pub use errors::{AttachFilesError, DetachFilesError};
pub use provenance::{Attachment, TargetKind, of_files};
pub use target::{Attached, Target, TargetRow};

use crate::{Services, Viewer, database::in_transaction, work::WorkRow};
use entity::{project, task};
use uuid::Uuid;

/// The maximum number of files of a memo, task or project to which files are attached.
pub const MAX_FILES: usize = 100;

/// Attaches files that the viewer has uploaded. Files that are already attached there are ignored.
///
/// # Errors
/// Returns the reason why no file was attached. Nothing is changed then.
pub async fn attach(
    services: &Services,
    viewer: Viewer,
    target: Target,
    files: &[Uuid],
) -> Result<Attached, AttachFilesError> {
    in_transaction(&services.database, async |transaction| -> Result<_, AttachFilesError> {
        match target {
            Target::Memo(id) => memo::attach(services, transaction, viewer, id, files).await,
            Target::Task(id) => {
                let target = |row: WorkRow| TargetRow::Task(row.into());
                work::attach::<task::Entity>(services, transaction, viewer, (id, files), target)
                    .await
            }
            Target::Project(id) => {
                let target = |row: WorkRow| TargetRow::Project(row.into());
                work::attach::<project::Entity>(services, transaction, viewer, (id, files), target)
                    .await
            }
        }
    })
    .await
}

/// Detaches files. Files that are not attached there are ignored. If nothing contains a file any
/// more, it is purged later.
///
/// # Errors
/// Returns the reason why no file was detached. Nothing is changed then.
pub async fn detach(
    services: &Services,
    viewer: Viewer,
    target: Target,
    files: &[Uuid],
) -> Result<Attached, DetachFilesError> {
    in_transaction(&services.database, async |transaction| -> Result<_, DetachFilesError> {
        match target {
            Target::Memo(id) => memo::detach(services, transaction, viewer, id, files).await,
            Target::Task(id) => {
                let target = |row: WorkRow| TargetRow::Task(row.into());
                work::detach::<task::Entity>(services, transaction, viewer, (id, files), target)
                    .await
            }
            Target::Project(id) => {
                let target = |row: WorkRow| TargetRow::Project(row.into());
                work::detach::<project::Entity>(services, transaction, viewer, (id, files), target)
                    .await
            }
        }
    })
    .await
}
