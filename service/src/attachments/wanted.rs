//! Which of the named files are attached, or may be attached.

use super::{MAX_FILES, errors::AttachFilesError};
use crate::{Result, Viewer, database::sql::is_one_of, files::by_ids_in};
use entity::file;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Those of the files that are attached, without duplicates.
pub(super) fn among(files: &[Uuid], attached: &[Uuid]) -> Vec<Uuid> {
    let wanted: BTreeSet<Uuid> = files.iter().copied().collect();
    wanted.into_iter().filter(|id| attached.contains(id)).collect()
}

/// Those of the files that are not attached yet, without duplicates, if the viewer may attach them.
pub(super) async fn attachable(
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

/// The rows of the files, the oldest first.
pub(super) async fn rows(
    transaction: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<Vec<file::Model>> {
    Ok(file::Entity::find()
        .filter(is_one_of(transaction.get_database_backend(), file::Column::Id, ids))
        .order_by_asc(file::Column::Id)
        .all(transaction)
        .await?)
}
