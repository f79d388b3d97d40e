//! Separate files for memos: new rows with the same bytes.

use crate::{
    Result, Services, Viewer,
    database::{
        Parameters,
        lock::LockRows,
        sql::{ids_in, is_one_of},
    },
};
use entity::file;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, Statement,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Copies files: makes new rows with the same bytes that belong to the viewer. Returns their ids.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn copy(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    copy_where(services, transaction, viewer, ids, |_| true).await
}

/// The files for a memo. The viewer's own uploads are used as they are. Files that another memo
/// has, or that somebody else uploaded, are copied. If memos shared a file, each would decide what
/// the deletion of the other removes. So one would reveal the other, even a draft.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn for_memo(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // If two memos get a file at the same time, the lock lets one of them see the other.
    let backend = transaction.get_database_backend();
    file::Entity::find()
        .filter(is_one_of(backend, file::Column::Id, ids))
        .order_by_asc(file::Column::Id)
        .lock_rows()
        .all(transaction)
        .await?;
    let taken = of_any_memo(transaction, ids).await?;
    let is_shared = |file: &file::Model| file.uploaded_by != viewer.id || taken.contains(&file.id);
    copy_where(services, transaction, viewer, ids, is_shared).await
}

/// Those of the files that belong to a memo, deleted or not.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn of_any_memo(
    transaction: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>> {
    let taken = files_of_memos_statement(transaction.get_database_backend(), ids);
    Ok(ids_in(&transaction.query_all_raw(taken).await?, "file_id")?.into_iter().collect())
}

fn files_of_memos_statement(backend: DbBackend, ids: &[Uuid]) -> Statement {
    Parameters::new(backend).bind_ids("file_ids", ids).statement(
        "SELECT DISTINCT a.file_id
        FROM memo_files a
        JOIN memo_ids i ON i.id = a.memo_id
        WHERE a.file_id IN :file_ids",
    )
}

/// Copies some of the files and keeps the others.
async fn copy_where(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    ids: &[Uuid],
    is_copied: impl Fn(&file::Model) -> bool,
) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let files: HashMap<Uuid, file::Model> = file::Entity::find()
        .filter(is_one_of(transaction.get_database_backend(), file::Column::Id, ids))
        .all(transaction)
        .await?
        .into_iter()
        .map(|file| (file.id, file))
        .collect();
    let mut copies = Vec::new();
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    for id in &mut ids {
        // A file that was deleted in the meantime keeps its id, which the foreign key refuses.
        let Some(file) = files.get(id).filter(|file| is_copied(file)) else { continue };
        let copy = file::Model {
            id: services.new_id(),
            uploaded_by: viewer.id,
            created_at: services.now(),
            detached_at: None,
            ..file.clone()
        };
        *id = copy.id;
        copies.push(copy.into_active_model());
    }
    if !copies.is_empty() {
        file::Entity::insert_many(copies).exec_without_returning(transaction).await?;
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("files_of_memos", |backend| {
            files_of_memos_statement(backend, &[Uuid::nil()])
        });
    }
}
