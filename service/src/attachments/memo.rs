//! The files of a memo.

use super::{
    errors::{AttachFilesError, DetachFilesError},
    target::{Attached, TargetRow},
    wanted::{among, attachable, rows},
};
use crate::{
    Result, Services, Viewer,
    database::sql::is_one_of,
    events,
    files::{for_memo, note_detached, of_any_memo},
    ids,
    memos::{
        links::{file_ids, insert_files},
        policy, write,
    },
};
use entity::{MemoEventKind, file, memo_file};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Attaches files to a memo.
pub(super) async fn attach(
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
        insert_files(services, transaction, viewer, memo_id, &new).await?;
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

/// Detaches files from a memo.
pub(super) async fn detach(
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
            "files detached from memo"
        );
    }
    let has = file_ids(transaction, memo_id).await?;
    let target = TargetRow::Memo(Box::new(locked.memo));
    Ok(Attached { target, files: rows(transaction, &has).await? })
}

/// The files to attach to a memo. If another memo has a file, this memo gets a copy. A file of
/// which the memo already has a copy is left out, so that repeating the request changes nothing.
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
