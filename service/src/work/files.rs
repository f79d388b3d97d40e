//! The files of tasks and projects, and the transfer of a memo's files to them.

use super::{
    errors::TransferFilesError,
    kinds::{WithMemo, WorkKind},
    locked::lock,
};
use crate::{
    Result, Services, Viewer,
    database::{
        Parameters, in_transaction,
        sql::{column_names, is_one_of, linked},
    },
    events, ids,
    memos::{self, policy, write},
};
use entity::{MemoEventKind, file, memo_file};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, Statement, sea_query::OnConflict,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The files of each of the tasks or projects. The viewer sees these.
///
/// # Errors
/// Returns errors of the database.
pub async fn files<W: WorkKind>(
    services: &Services,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, file::Model)>> {
    let database = &services.database;
    linked(database, work_files_statement(database.backend(), W::KIND, ids)).await
}

fn work_files_statement(backend: DbBackend, work: &str, ids: &[Uuid]) -> Statement {
    let columns = column_names::<file::Entity>("t.");
    Parameters::new(backend).bind_ids("work_ids", ids).statement(&format!(
        "SELECT l.{work}_id AS linked_to, {columns}
        FROM {work}_files l
        JOIN files t ON t.id = l.file_id
        WHERE l.{work}_id IN :work_ids
        ORDER BY t.id"
    ))
}

/// Which files of a memo to attach to which task or project as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The memo.
    pub memo_id: Uuid,
    /// Its files.
    pub files: Vec<Uuid>,
    /// The task or project.
    pub work_id: Uuid,
}

/// Attaches files of a memo to a task or project as well. It is the memo's own, or one for which
/// the viewer is responsible. The files then remain after the memo's deletion. Repeating this
/// changes nothing.
///
/// # Errors
/// Returns the reason why they are not attached.
pub async fn transfer_files<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    transfer: &Transfer,
) -> Result<WithMemo<W::Model>, TransferFilesError> {
    in_transaction(&services.database, async |transaction| -> Result<_, TransferFilesError> {
        transfer_in::<W>(services, transaction, viewer, transfer).await
    })
    .await
}

async fn transfer_in<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    transfer: &Transfer,
) -> Result<WithMemo<W::Model>, TransferFilesError> {
    let Transfer { memo_id, work_id, files } = transfer;
    let locked = write::lock(transaction, viewer, *memo_id).await?;
    let locked = locked.ok_or(TransferFilesError::NoSuchMemo)?;
    locked.may(policy::take_part)?;
    let memo = locked.memo;
    let work =
        lock::<W>(transaction, viewer, *work_id).await?.ok_or(TransferFilesError::NoSuchWork)?;
    // The memo's own task or project accepts its files from everybody who sees both.
    if W::of_memo(&memo) != Some(*work_id) {
        work.may_change()?;
    }
    if !attached(transaction, *memo_id, files).await? {
        return Err(TransferFilesError::NoSuchFile);
    }
    let tied = tie::<W>(services, transaction, viewer, *work_id, files).await?;
    if tied > 0 {
        events::record(services, transaction, viewer.id, *memo_id, MemoEventKind::Updated).await?;
        tracing::info!(
            memo_id = %ids::memo(*memo_id),
            kind = W::KIND,
            work_id = %ids::typed(W::KIND, *work_id),
            person = %ids::user(viewer.id),
            files = tied,
            "files transferred"
        );
    }
    Ok(WithMemo { work: work.row.into(), memo })
}

/// Whether all of the files are attached to the memo.
pub(super) async fn attached(
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    files: &[Uuid],
) -> Result<bool> {
    let wanted: BTreeSet<Uuid> = files.iter().copied().collect();
    let files: Vec<Uuid> = wanted.into_iter().collect();
    if files.is_empty() {
        return Ok(true);
    }
    let found = memo_file::Entity::find()
        .filter(memo_file::Column::MemoId.eq(memo_id))
        .filter(is_one_of(transaction.get_database_backend(), memo_file::Column::FileId, &files))
        .filter(memos::is_live(memo_file::Column::MemoId))
        .count(transaction)
        .await?;
    Ok(found == files.len() as u64)
}

/// Attaches files to a task or project on behalf of the viewer. Files that it already has are
/// ignored. Returns the number of new ones.
pub(crate) async fn tie<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    work_id: Uuid,
    files: &[Uuid],
) -> Result<u64> {
    let files: BTreeSet<Uuid> = files.iter().copied().collect();
    if files.is_empty() {
        return Ok(0);
    }
    let now = services.now();
    let links = files.into_iter().map(|file| W::file(work_id, file, viewer.id, now));
    Ok(W::File::insert_many(links)
        .on_conflict(OnConflict::columns(W::FILE).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?)
}

/// Detaches files from a task or a project.
pub(crate) async fn untie<W: WorkKind>(
    transaction: &DatabaseTransaction,
    work_id: Uuid,
    files: &[Uuid],
) -> Result<()> {
    let [work, file] = W::FILE;
    W::File::delete_many()
        .filter(work.eq(work_id))
        .filter(is_one_of(transaction.get_database_backend(), file, files))
        .exec(transaction)
        .await?;
    Ok(())
}

/// The files of a task or a project.
pub(crate) async fn file_ids<W: WorkKind>(
    transaction: &DatabaseTransaction,
    work_id: Uuid,
) -> Result<Vec<Uuid>> {
    let [work, file] = W::FILE;
    let query = W::File::find().select_only().column(file).filter(work.eq(work_id));
    Ok(query.into_tuple().all(transaction).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        for work in ["task", "project"] {
            assert_statement(&format!("work_files.{work}"), |backend| {
                work_files_statement(backend, work, &[Uuid::nil()])
            });
        }
    }
}
