//! Deleting a task or a project. Memos that point to it stay, and point to nothing then; its files
//! stay with whatever else has them, and otherwise for as long as an upload that nobody used.

use super::{errors::EndWorkError, files::file_ids, kinds::WorkKind, locked::lock};
use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{lock_rows, statement},
    },
    deleted_memos::leave_names,
    events,
    files::note_detached,
    ids,
    memos::write::save,
};
use entity::{MemoEventKind, memo};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, IntoActiveModel};
use uuid::Uuid;

/// Deletes a task or a project, for those responsible for it.
///
/// # Errors
/// Why it is not deleted.
pub async fn delete<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<(), EndWorkError> {
    in_transaction!(services.database, |transaction| -> EndWorkError {
        delete_in::<W>(services, transaction, viewer, id).await
    })?;
    tracing::info!(
        kind = W::WORD,
        work_id = %ids::typed(W::WORD, id),
        person = %ids::user(viewer.id),
        "work deleted"
    );
    Ok(())
}

async fn delete_in<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
) -> Result<(), EndWorkError> {
    let memos = lock_memos::<W>(transaction, id).await?;
    let work = lock::<W>(transaction, viewer, id).await?.ok_or(EndWorkError::NotFound)?;
    work.may_change()?;
    for memo in memos.into_iter().filter(|memo| W::of_memo(memo) == Some(id)) {
        let memo_id = memo.id;
        let mut memo = memo.into_active_model();
        W::link(&mut memo, None);
        save(services, transaction, memo).await?;
        events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
    }
    note_detached(services, transaction, &file_ids::<W>(transaction, id).await?).await?;
    // A memo that has come to point to it since is met by the key, and the transaction begins anew.
    leave_names(transaction, W::TARGET(id)).await?;
    W::delete_by_id(id).exec(transaction).await?;
    Ok(())
}

/// Locks the memos that this changes, in the order of their ids and before the work, as every verb
/// does: those that point to the work, and those with whose files it shares any, since where a file
/// is tied decides what a memo's deletion removes.
async fn lock_memos<W: WorkKind>(
    transaction: &DatabaseTransaction,
    id: Uuid,
) -> Result<Vec<memo::Model>> {
    let backend = transaction.get_database_backend();
    let word = W::WORD;
    let sql = format!(
        "SELECT m.* FROM memos m WHERE m.{word}_id = $1 OR m.id IN \
         (SELECT a.memo_id FROM memo_files a JOIN {word}_files w ON w.file_id = a.file_id WHERE \
         w.{word}_id = $1) \
         ORDER BY m.id{}",
        lock_rows(backend, "m")
    );
    let rows = transaction.query_all_raw(statement(backend, sql, [id.into()])).await?;
    Ok(rows.iter().map(|row| memo::Model::from_query_result(row, "")).collect::<Result<_, _>>()?)
}
