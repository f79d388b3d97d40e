//! What has a file, and who attached the file to it.

use crate::{
    Result, Services, Viewer,
    access::{sees_memo, sees_work},
    database::Parameters,
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use uuid::Uuid;

/// The kind of a target to which files are attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    /// A memo.
    Memo,
    /// A task.
    Task,
    /// A project.
    Project,
}

/// The attachment of a file, as one person may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment {
    /// The kind of the target.
    pub kind: TargetKind,
    /// The target. `None` if the person may not see it. Then the rest is unknown too.
    pub target: Option<Uuid>,
    /// Who attached the file. `None` if an earlier version did not note it.
    pub attached_by: Option<Uuid>,
    /// When it was attached.
    pub attached_at: Option<DateTime<Utc>>,
}

/// The attachments of each of the files, the oldest first. Those to deleted memos and to drafts of
/// others are left out. The viewer sees the files.
///
/// # Errors
/// Returns errors of the database.
pub async fn of_files(
    services: &Services,
    viewer: Viewer,
    file_ids: &[Uuid],
) -> Result<Vec<(Uuid, Attachment)>> {
    let database = &services.database;
    let asked = attachments_statement(database.backend(), viewer, file_ids);
    let rows = database.connection().query_all_raw(asked).await?;
    rows.iter().map(|row| Ok((row.try_get("", "file_id")?, attachment(row)?))).collect()
}

fn attachment(row: &QueryResult) -> Result<Attachment> {
    let kind = match row.try_get::<i32>("", "kind")? {
        0 => TargetKind::Memo,
        1 => TargetKind::Task,
        _ => TargetKind::Project,
    };
    if row.try_get::<i32>("", "sees")? == 0 {
        return Ok(Attachment { kind, target: None, attached_by: None, attached_at: None });
    }
    Ok(Attachment {
        kind,
        target: Some(row.try_get("", "target_id")?),
        attached_by: row.try_get("", "attached_by")?,
        attached_at: Some(row.try_get("", "attached_at")?),
    })
}

/// Attachments of earlier versions name nobody. People attach only their own uploads and copies to
/// memos. So the uploader attached a file that only one memo has. A file that several memos of
/// version 0.1 share may have been attached by others.
fn attachments_statement(backend: DbBackend, viewer: Viewer, file_ids: &[Uuid]) -> Statement {
    let of_memos = format!(
        "SELECT
            l.file_id,
            0 AS kind,
            m.id AS target_id,
            CAST({} AS integer) AS sees,
            coalesce(
                l.attached_by,
                CASE WHEN NOT EXISTS (
                    SELECT 1
                    FROM memo_files o
                    WHERE o.file_id = l.file_id AND o.memo_id <> l.memo_id
                ) THEN f.uploaded_by END
            ) AS attached_by,
            l.created_at AS attached_at
        FROM memo_files l
        JOIN memos m ON m.id = l.memo_id
        JOIN files f ON f.id = l.file_id
        WHERE l.file_id IN :file_ids AND (NOT m.draft OR m.author_id = :viewer)",
        sees_memo("m", ":viewer", ":is_chief")
    );
    let of_work = |kind: i32, work: &str| {
        let sees = sees_work(work, "t", ":viewer", ":is_chief");
        format!(
            "SELECT
                l.file_id,
                {kind},
                t.id,
                CAST({sees} AS integer),
                l.attached_by,
                l.created_at
            FROM {work}_files l
            JOIN {work}s t ON t.id = l.{work}_id
            WHERE l.file_id IN :file_ids"
        )
    };
    let (of_tasks, of_projects) = (of_work(1, "task"), of_work(2, "project"));
    let mut parameters = Parameters::new(backend);
    parameters.bind_ids("file_ids", file_ids);
    parameters.bind("viewer", viewer.id).bind("is_chief", viewer.is_chief());
    parameters.statement(&format!(
        "{of_memos}
        UNION ALL
        {of_tasks}
        UNION ALL
        {of_projects}
        ORDER BY attached_at, kind, target_id"
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
        assert_statement("attachments", |backend| {
            attachments_statement(backend, viewer, &[Uuid::nil()])
        });
    }
}
