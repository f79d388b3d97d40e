//! What others would miss of a deleted memo, as far as its row does not tell: enough for the
//! verdict of the rules in a list. A preview counts and names all of it.

use crate::{
    Result, Services, Viewer,
    access::{is_chief, sees_memo},
    database::Parameters,
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use std::collections::HashMap;
use uuid::Uuid;

/// What would be lost with a memo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Losses {
    /// Files that nothing else uses.
    pub files: bool,
    /// Future reminders of other people.
    pub others_reminders: bool,
}

impl Losses {
    /// The columns that [`Self::of_row`] reads. `memo` is the memo's row, `person` the viewer's
    /// placeholder, and `now` that of the current time.
    pub(super) fn columns(memo: &str, person: &str, now: &str) -> String {
        let where_else_used = where_else_used("memos", &format!("o.memo_id <> {memo}.id"));
        let sees = sees_memo(memo, "u.id", &is_chief("u"));
        format!(
            "EXISTS (SELECT 1 FROM memo_files x JOIN files t ON t.id = x.file_id
                WHERE x.memo_id = {memo}.id AND {where_else_used} IS NULL) AS loses_files,
            EXISTS (SELECT 1 FROM reminders r JOIN users u ON u.id = r.user_id
                WHERE r.memo_id = {memo}.id AND r.user_id <> {person} AND r.due_at > {now}
                    AND r.dismissed_at IS NULL AND u.active AND {sees}) AS loses_reminders"
        )
    }

    /// What a row with these columns says.
    pub(super) fn of_row(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            files: row.try_get("", "loses_files")?,
            others_reminders: row.try_get("", "loses_reminders")?,
        })
    }
}

/// What would be lost with each of these memos.
///
/// # Errors
/// Returns errors of the database.
pub async fn losses(
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Result<HashMap<Uuid, Losses>> {
    let database = &services.database;
    let statement = losses_statement(database.backend(), services.now(), viewer, memo_ids);
    let rows = database.connection().query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, Losses::of_row(row)?))).collect()
}

fn losses_statement(
    backend: DbBackend,
    now: DateTime<Utc>,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind_ids("memo_ids", memo_ids).bind("viewer", viewer.id).bind("now", now);
    let columns = Losses::columns("memos", ":viewer", ":now");
    parameters
        .statement(&format!("SELECT memos.id, {columns} FROM memos WHERE memos.id IN :memo_ids"))
}

/// Where else a file `t` is used besides a memo. Null if nowhere; the file goes with the memo then.
/// Only those other memos of the table count that fulfil the condition on their link `o`.
pub(crate) fn where_else_used(memos: &str, is_other: &str) -> String {
    format!(
        "CASE
            WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = t.id)
                THEN 'TRANSFERRED_TO_TASK'
            WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = t.id)
                THEN 'TRANSFERRED_TO_PROJECT'
            WHEN EXISTS (SELECT 1 FROM memo_files o JOIN {memos} n ON n.id = o.memo_id
                WHERE o.file_id = t.id AND {is_other})
                THEN 'ATTACHED_TO_ANOTHER_MEMO' END"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;

    #[test]
    fn statements_are_the_committed_ones() {
        let viewer = Viewer { id: Uuid::nil(), role: UserRole::Member };
        assert_statement("losses", |backend| {
            losses_statement(backend, DateTime::UNIX_EPOCH, viewer, &[Uuid::max()])
        });
    }
}
