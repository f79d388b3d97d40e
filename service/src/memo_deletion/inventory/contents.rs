//! How many files have the contents of a memo's files. This decides which bytes a deletion frees.

use super::select::Reads;
use crate::{
    Result, Viewer,
    database::{Parameters, id_list},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// For each content of a memo's files, the number of files that have it.
pub(in crate::memo_deletion) type Holders = BTreeMap<String, i64>;

/// Counts the files with the contents of a memo's files, as far as the viewer may know of them. The
/// memo is live, or deleted.
///
/// # Errors
/// Returns errors of the database.
pub(in crate::memo_deletion) async fn holders<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_id: Uuid,
    of_deleted: bool,
) -> Result<Holders> {
    let reads = if of_deleted { Reads::Deleted } else { Reads::Live };
    read(connection, viewer, reads, memo_id.into()).await
}

/// The same for the files of several live memos. The viewer sees each of them.
///
/// # Errors
/// Returns errors of the database.
pub(in crate::memo_deletion) async fn holders_of_selection<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Result<Holders> {
    let memos = id_list(connection.get_database_backend(), memo_ids);
    read(connection, viewer, Reads::Selection, memos).await
}

async fn read<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    reads: Reads,
    memos: Value,
) -> Result<Holders> {
    let backend = connection.get_database_backend();
    let asked = content_holders_statement(backend, viewer, reads, memos);
    let rows = connection.query_all_raw(asked).await?;
    let holders = rows.iter().map(|row| Ok((row.try_get("", "content")?, row.try_get("", "n")?)));
    holders.collect()
}

/// A file counts if the memo has it, if it is the viewer's, a task's or a project's, or if a sent
/// memo has it, deleted or not. What only drafts of others have does not exist, not even as a
/// number.
fn content_holders_statement(
    backend: DbBackend,
    viewer: Viewer,
    reads: Reads,
    memos: Value,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("memo_id", memos).bind("viewer", viewer.id);
    let (memos, which) = (reads.memos(), reads.which());
    let others = if memos == "memos" { "deleted_memos" } else { "memos" };
    parameters.statement(&format!(
        "SELECT o.blob_sha256 AS content, count(*) AS n
        FROM files o
        WHERE o.blob_sha256 IN (SELECT t.blob_sha256
                FROM memo_files x
                JOIN {memos} m ON m.id = x.memo_id
                JOIN files t ON t.id = x.file_id
                WHERE x.memo_id {which})
            AND (o.uploaded_by = :viewer
                OR EXISTS (SELECT 1 FROM task_files y WHERE y.file_id = o.id)
                OR EXISTS (SELECT 1 FROM project_files y WHERE y.file_id = o.id)
                OR EXISTS (SELECT 1 FROM memo_files y JOIN {memos} n ON n.id = y.memo_id
                    WHERE y.file_id = o.id AND (NOT n.draft OR n.id {which}))
                OR EXISTS (SELECT 1 FROM memo_files y JOIN {others} n ON n.id = y.memo_id
                    WHERE y.file_id = o.id AND NOT n.draft))
        GROUP BY o.blob_sha256"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;

    #[test]
    fn statements_are_the_committed_ones() {
        let viewer = Viewer { id: Uuid::nil(), role: UserRole::Member };
        for (name, reads) in [
            ("content_holders", Reads::Live),
            ("content_holders.selection", Reads::Selection),
            ("content_holders.of_deleted", Reads::Deleted),
        ] {
            assert_statement(name, |backend| {
                content_holders_statement(backend, viewer, reads, Uuid::max().into())
            });
        }
    }
}
