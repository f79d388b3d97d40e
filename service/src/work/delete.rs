//! Deletes a task or a project. Memos that refer to it remain, without the reference. Its files
//! remain while something else contains them. Otherwise they are kept as long as an unused upload.

use super::{errors::EndWorkError, files::file_ids, kinds::WorkKind, locked::lock};
use crate::{
    Result, Services, Viewer,
    database::{Parameters, in_transaction, sql::column_names},
    deleted_memos::leave_names,
    events,
    files::note_detached,
    ids,
    memos::write::save,
};
use entity::{MemoEventKind, memo};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, IntoActiveModel, Statement,
};
use uuid::Uuid;

/// Deletes a task or a project. Only people responsible for it may do that.
///
/// # Errors
/// Returns the reason why it is not deleted.
pub async fn delete<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<(), EndWorkError> {
    in_transaction(&services.database, async |transaction| -> Result<_, EndWorkError> {
        delete_in::<W>(services, transaction, viewer, id).await
    })
    .await?;
    tracing::info!(
        kind = W::KIND,
        work_id = %ids::typed(W::KIND, id),
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
    // If another memo refers to it by now, the foreign key fails, and the transaction is retried.
    leave_names(transaction, W::TARGET(id)).await?;
    W::delete_by_id(id).exec(transaction).await?;
    Ok(())
}

/// Locks the memos that this changes, ordered by id and before the work, as every operation does.
/// These are the memos that refer to the work, and the memos that share files with it. For the
/// latter, the deletion changes what their own deletion would remove.
async fn lock_memos<W: WorkKind>(
    transaction: &DatabaseTransaction,
    id: Uuid,
) -> Result<Vec<memo::Model>> {
    let memos = memos_of_work_statement(transaction.get_database_backend(), W::KIND, id);
    let rows = transaction.query_all_raw(memos).await?;
    Ok(rows.iter().map(|row| memo::Model::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

fn memos_of_work_statement(backend: DbBackend, work: &str, id: Uuid) -> Statement {
    let columns = column_names::<memo::Entity>("m.");
    Parameters::new(backend).bind("work_id", id).statement(&format!(
        "SELECT {columns}
        FROM memos m
        WHERE m.{work}_id = :work_id
            OR m.id IN (
                SELECT a.memo_id
                FROM memo_files a
                JOIN {work}_files w ON w.file_id = a.file_id
                WHERE w.{work}_id = :work_id
            )
        ORDER BY m.id
        FOR UPDATE"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        for work in ["task", "project"] {
            assert_statement(&format!("memos_of_work.{work}"), |backend| {
                memos_of_work_statement(backend, work, Uuid::nil())
            });
        }
    }
}
