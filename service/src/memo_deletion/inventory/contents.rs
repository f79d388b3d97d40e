//! How many files have the contents of a memo's files. This decides which bytes a deletion frees.

use crate::{Result, Viewer, database::Parameters};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
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
    let backend = connection.get_database_backend();
    let asked = content_holders_statement(backend, viewer, memo_id, of_deleted);
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
    memo_id: Uuid,
    of_deleted: bool,
) -> Statement {
    let (memos, others) =
        if of_deleted { ("deleted_memos", "memos") } else { ("memos", "deleted_memos") };
    let mut parameters = Parameters::new(backend);
    parameters.bind("memo_id", memo_id).bind("viewer", viewer.id).statement(&format!(
        "SELECT o.blob_sha256 AS content, count(*) AS n
        FROM files o
        WHERE o.blob_sha256 IN (SELECT t.blob_sha256
                FROM memo_files x
                JOIN {memos} m ON m.id = x.memo_id
                JOIN files t ON t.id = x.file_id
                WHERE x.memo_id = :memo_id)
            AND (o.uploaded_by = :viewer
                OR EXISTS (SELECT 1 FROM task_files y WHERE y.file_id = o.id)
                OR EXISTS (SELECT 1 FROM project_files y WHERE y.file_id = o.id)
                OR EXISTS (SELECT 1 FROM memo_files y JOIN {memos} n ON n.id = y.memo_id
                    WHERE y.file_id = o.id AND (NOT n.draft OR n.id = :memo_id))
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
        for (name, of_deleted) in [("content_holders", false), ("content_holders.of_deleted", true)]
        {
            assert_statement(name, |backend| {
                content_holders_statement(backend, viewer, Uuid::max(), of_deleted)
            });
        }
    }
}
