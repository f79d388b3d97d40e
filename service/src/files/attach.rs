//! Attaching uploads to a memo, a task or a project, and taking files off.

use super::{
    by_ids_in,
    copy::{for_memo, of_any_memo},
};
use crate::{
    Result, Services, Viewer,
    database::{in_transaction, sql::is_one_of},
    events, ids,
    memos::{
        links::{file_ids, insert_files},
        policy::{self, EditDenial, ParticipantDenial},
        write,
    },
    verb_error::verb_error,
    work::{self, WorkDenial, WorkKind, WorkRow},
};
use entity::{MemoEventKind, file, memo, memo_file, project, task};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most files of a memo, a task or a project to which files are attached.
pub const MAX_FILES: usize = 100;

/// What files are attached to, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A memo.
    Memo(Uuid),
    /// A task.
    Task(Uuid),
    /// A project.
    Project(Uuid),
}

/// What files are attached to, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetRow {
    /// A memo.
    Memo(Box<memo::Model>),
    /// A task.
    Task(task::Model),
    /// A project.
    Project(project::Model),
}

/// A memo, a task or a project and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// The memo, the task or the project.
    pub target: TargetRow,
    /// All its files, the oldest first.
    pub files: Vec<file::Model>,
}

verb_error! {
    /// Why files are not attached.
    pub enum AttachFilesError {
        /// There is no such memo, task or project for this person.
        NoSuchTarget,
        /// The rules of memos forbid it.
        Denied from ParticipantDenial,
        /// The rules of work forbid it.
        WorkDenied from WorkDenial,
        /// A file does not exist for this person, or somebody else uploaded it.
        NoSuchFile,
        /// There would be more than [`MAX_FILES`].
        TooMany,
    }
}

verb_error! {
    /// Why files are not taken off.
    pub enum DetachFilesError {
        /// There is no such memo, task or project for this person.
        NoSuchTarget,
        /// The rules of memos forbid it.
        Denied from EditDenial,
        /// The rules of work forbid it.
        WorkDenied from WorkDenial,
    }
}

/// Attaches files that the viewer has uploaded. Those that are attached there already stay.
///
/// # Errors
/// Why not; nothing is changed then.
pub async fn attach(
    services: &Services,
    viewer: Viewer,
    target: Target,
    files: &[Uuid],
) -> Result<Attached, AttachFilesError> {
    in_transaction!(services.database, |transaction| -> AttachFilesError {
        match target {
            Target::Memo(id) => attach_to_memo(services, transaction, viewer, id, files).await,
            Target::Task(id) => {
                let target = |row: WorkRow| TargetRow::Task(row.into());
                attach_to_work::<task::Entity>(services, transaction, viewer, (id, files), target)
                    .await
            }
            Target::Project(id) => {
                let target = |row: WorkRow| TargetRow::Project(row.into());
                attach_to_work::<project::Entity>(
                    services,
                    transaction,
                    viewer,
                    (id, files),
                    target,
                )
                .await
            }
        }
    })
}

/// Takes files off; those that are not attached there stay away. One that nothing has any more is
/// purged after a while.
///
/// # Errors
/// Why not; nothing is changed then.
pub async fn detach(
    services: &Services,
    viewer: Viewer,
    target: Target,
    files: &[Uuid],
) -> Result<Attached, DetachFilesError> {
    in_transaction!(services.database, |transaction| -> DetachFilesError {
        match target {
            Target::Memo(id) => detach_from_memo(services, transaction, viewer, id, files).await,
            Target::Task(id) => {
                let target = |row: WorkRow| TargetRow::Task(row.into());
                detach_from_work::<task::Entity>(services, transaction, viewer, (id, files), target)
                    .await
            }
            Target::Project(id) => {
                let target = |row: WorkRow| TargetRow::Project(row.into());
                detach_from_work::<project::Entity>(
                    services,
                    transaction,
                    viewer,
                    (id, files),
                    target,
                )
                .await
            }
        }
    })
}

/// Notes since when nothing may have these files any more.
pub(crate) async fn note_detached(
    services: &Services,
    transaction: &DatabaseTransaction,
    files: &[Uuid],
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    file::Entity::update_many()
        .col_expr(file::Column::DetachedAt, Expr::value(services.now()))
        .filter(is_one_of(transaction.get_database_backend(), file::Column::Id, files))
        .exec(transaction)
        .await?;
    Ok(())
}

async fn attach_to_memo(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    files: &[Uuid],
) -> Result<Attached, AttachFilesError> {
    let locked =
        write::lock(transaction, viewer, memo_id).await?.ok_or(AttachFilesError::NoSuchTarget)?;
    locked.may(policy::take_part)?;
    let has = file_ids(transaction, memo_id).await?;
    let new = attachable(transaction, viewer, &has, files).await?;
    let new = of_its_own(services, transaction, viewer, &has, new).await?;
    if !new.is_empty() {
        insert_files(services, transaction, memo_id, &new).await?;
        events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
        tracing::info!(
            memo_id = %ids::memo(memo_id),
            person = %ids::user(viewer.id),
            files = new.len(),
            "files attached to memo"
        );
    }
    let has = file_ids(transaction, memo_id).await?;
    let target = TargetRow::Memo(Box::new(locked.memo));
    Ok(Attached { target, files: rows(transaction, &has).await? })
}

async fn detach_from_memo(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    files: &[Uuid],
) -> Result<Attached, DetachFilesError> {
    let locked =
        write::lock(transaction, viewer, memo_id).await?.ok_or(DetachFilesError::NoSuchTarget)?;
    locked.may(policy::edit)?;
    let gone = among(files, &file_ids(transaction, memo_id).await?);
    if !gone.is_empty() {
        memo_file::Entity::delete_many()
            .filter(memo_file::Column::MemoId.eq(memo_id))
            .filter(is_one_of(services.database.backend(), memo_file::Column::FileId, &gone))
            .exec(transaction)
            .await?;
        note_detached(services, transaction, &gone).await?;
        events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
        tracing::info!(
            memo_id = %ids::memo(memo_id),
            person = %ids::user(viewer.id),
            files = gone.len(),
            "files taken off memo"
        );
    }
    let has = file_ids(transaction, memo_id).await?;
    let target = TargetRow::Memo(Box::new(locked.memo));
    Ok(Attached { target, files: rows(transaction, &has).await? })
}

async fn attach_to_work<W: WorkKind>(
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
        work::tie::<W>(services, transaction, work_id, &new).await?;
        tracing::info!(
            kind = W::WORD,
            work_id = %ids::typed(W::WORD, work_id),
            person = %ids::user(viewer.id),
            files = new.len(),
            "files attached to work"
        );
    }
    let has = work::file_ids::<W>(transaction, work_id).await?;
    Ok(Attached { target: target(work.row), files: rows(transaction, &has).await? })
}

async fn detach_from_work<W: WorkKind>(
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
            kind = W::WORD,
            work_id = %ids::typed(W::WORD, work_id),
            person = %ids::user(viewer.id),
            files = gone.len(),
            "files taken off work"
        );
    }
    let has = work::file_ids::<W>(transaction, work_id).await?;
    Ok(Attached { target: target(work.row), files: rows(transaction, &has).await? })
}

/// Those of the files that are attached, each once.
fn among(files: &[Uuid], attached: &[Uuid]) -> Vec<Uuid> {
    let wanted: BTreeSet<Uuid> = files.iter().copied().collect();
    wanted.into_iter().filter(|id| attached.contains(id)).collect()
}

/// Those of the files that are not attached yet, each once, if the viewer may attach them.
async fn attachable(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    attached: &[Uuid],
    files: &[Uuid],
) -> Result<Vec<Uuid>, AttachFilesError> {
    let wanted: BTreeSet<Uuid> = files.iter().copied().collect();
    let new: Vec<Uuid> = wanted.into_iter().filter(|id| !attached.contains(id)).collect();
    if new.is_empty() {
        return Ok(new);
    }
    let seen = by_ids_in(transaction, viewer, &new).await?;
    let own = seen.iter().filter(|file| file.uploaded_by == viewer.id).count();
    if own < new.len() {
        return Err(AttachFilesError::NoSuchFile);
    }
    if attached.len() + new.len() > MAX_FILES {
        return Err(AttachFilesError::TooMany);
    }
    Ok(new)
}

/// The files to be attached to a memo, as it gets them. One that it has got already as a file of
/// its own is left out, so that doing it again changes nothing.
async fn of_its_own(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    has: &[Uuid],
    wanted: Vec<Uuid>,
) -> Result<Vec<Uuid>> {
    if wanted.is_empty() {
        return Ok(wanted);
    }
    let (there, taken) = (rows(transaction, has).await?, of_any_memo(transaction, &wanted).await?);
    let is_twin = |one: &file::Model, other: &file::Model| {
        (&one.blob_sha256, &one.name, one.uploaded_by)
            == (&other.blob_sha256, &other.name, other.uploaded_by)
    };
    let known = rows(transaction, &wanted).await?;
    let has_twin = |id: &Uuid| {
        let file = known.iter().find(|file| file.id == *id && taken.contains(id));
        file.is_some_and(|file| there.iter().any(|other| is_twin(file, other)))
    };
    let new: Vec<Uuid> = wanted.into_iter().filter(|id| !has_twin(id)).collect();
    for_memo(services, transaction, viewer, &new).await
}

async fn rows(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<Vec<file::Model>> {
    Ok(file::Entity::find()
        .filter(is_one_of(transaction.get_database_backend(), file::Column::Id, ids))
        .order_by_asc(file::Column::Id)
        .all(transaction)
        .await?)
}
