//! The files of a task or a project.

use super::{
    errors::{AttachFilesError, DetachFilesError},
    target::{Attached, TargetRow},
    wanted::{among, attachable, rows},
};
use crate::{
    Services, Viewer,
    files::note_detached,
    ids,
    work::{self, WorkKind, WorkRow},
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// Attaches files to a task or a project.
pub(super) async fn attach<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    (work_id, files): (Uuid, &[Uuid]),
    target: impl Fn(WorkRow) -> TargetRow + Send,
) -> Result<Attached, AttachFilesError> {
    let work = work::lock::<W>(transaction, viewer, work_id).await?;
    let work = work.ok_or(AttachFilesError::NoSuchTarget)?;
    work.may_change()?;
    let has = work::file_ids::<W>(transaction, work_id).await?;
    let new = attachable(transaction, viewer, &has, files).await?;
    if !new.is_empty() {
        work::tie::<W>(services, transaction, viewer, work_id, &new).await?;
        tracing::info!(
            kind = W::KIND,
            work_id = %ids::typed(W::KIND, work_id),
            person = %ids::user(viewer.id),
            files = new.len(),
            "files attached to work"
        );
    }
    let has = work::file_ids::<W>(transaction, work_id).await?;
    Ok(Attached { target: target(work.row), files: rows(transaction, &has).await? })
}

/// Detaches files from a task or a project.
pub(super) async fn detach<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    (work_id, files): (Uuid, &[Uuid]),
    target: impl Fn(WorkRow) -> TargetRow + Send,
) -> Result<Attached, DetachFilesError> {
    let work = work::lock::<W>(transaction, viewer, work_id).await?;
    let work = work.ok_or(DetachFilesError::NoSuchTarget)?;
    work.may_change()?;
    let gone = among(files, &work::file_ids::<W>(transaction, work_id).await?);
    if !gone.is_empty() {
        work::untie::<W>(transaction, work_id, &gone).await?;
        note_detached(services, transaction, &gone).await?;
        tracing::info!(
            kind = W::KIND,
            work_id = %ids::typed(W::KIND, work_id),
            person = %ids::user(viewer.id),
            files = gone.len(),
            "files detached from work"
        );
    }
    let has = work::file_ids::<W>(transaction, work_id).await?;
    Ok(Attached { target: target(work.row), files: rows(transaction, &has).await? })
}
