//! All sent memos as rows of a sheet, for the operator.

use crate::{Result, database::Parameters};
use chrono::{DateTime, NaiveDate, Utc};
use entity::MemoStage;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};
use uuid::Uuid;

/// How many rows are read at a time.
const PAGE: u64 = 250;

/// What stands between the tags of a memo.
const BETWEEN_TAGS: &str = "; ";

/// A sent memo, with names in the place of ids. It lacks the conclusion, which only author and
/// recipient see.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct SheetRow {
    /// The memo.
    pub id: Uuid,
    /// Its title.
    pub name: String,
    /// The author's text.
    pub description: String,
    /// The author's full name.
    pub author: String,
    /// The author's username.
    pub author_username: String,
    /// The recipient's full name.
    pub recipient: String,
    /// The recipient's username.
    pub recipient_username: String,
    /// The stage.
    pub stage: MemoStage,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the recipient first acted on it.
    pub acted_at: Option<DateTime<Utc>>,
    /// The day on which the recipient wants to look at it.
    pub review_date: Option<NaiveDate>,
    /// The name of its resolution.
    pub resolution: Option<String>,
    /// The name of its deal.
    pub deal: Option<String>,
    /// The name of its task.
    pub task: Option<String>,
    /// The name of its project.
    pub project: Option<String>,
    /// The names of its tags, in order, with a semicolon between them.
    pub tags: Option<String>,
    /// The number of its subscribers.
    pub subscribers: i64,
    /// The number of its comments.
    pub comments: i64,
    /// The number of its files.
    pub files: i64,
    /// Whether a hold is active.
    pub on_hold: bool,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When its own fields were last changed.
    pub updated_at: DateTime<Utc>,
}

/// How many sent memos there are.
///
/// # Errors
/// Returns errors of the database.
pub async fn sheet_rows<C: ConnectionTrait>(connection: &C) -> Result<u64> {
    let counted = sent_memos_statement(connection.get_database_backend());
    let row = connection.query_one_raw(counted).await?;
    let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or_default())
}

fn sent_memos_statement(backend: DbBackend) -> Statement {
    Parameters::new(backend).statement("SELECT count(*) AS n FROM memos WHERE NOT draft")
}

/// Some sent memos in the order in which they were written, after the one with the id `after`. None
/// after the last one.
///
/// # Errors
/// Returns errors of the database.
pub async fn sheet_page<C: ConnectionTrait>(connection: &C, after: Uuid) -> Result<Vec<SheetRow>> {
    let page = sheet_page_statement(connection.get_database_backend(), after);
    let rows = connection.query_all_raw(page).await?;
    Ok(rows.iter().map(|row| SheetRow::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

fn sheet_page_statement(backend: DbBackend, after: Uuid) -> Statement {
    // Both put the names together in the order of the inner query.
    let join = if backend == DbBackend::Postgres { "string_agg" } else { "group_concat" };
    Parameters::new(backend).bind("after", after).bind("between", BETWEEN_TAGS).statement(&format!(
        "SELECT
            m.id, m.name, m.description,
            a.full_name AS author, a.username AS author_username,
            r.full_name AS recipient, r.username AS recipient_username,
            m.stage, m.sent_at, m.acted_at, m.review_date,
            resolutions.name AS resolution, deals.name AS deal,
            tasks.name AS task, projects.name AS project,
            (
                SELECT {join}(t.name, :between)
                FROM (
                    SELECT tags.name
                    FROM memo_tags l
                    JOIN tags ON tags.id = l.tag_id
                    WHERE l.memo_id = m.id
                    ORDER BY tags.name, tags.id
                ) AS t
            ) AS tags,
            (SELECT count(*) FROM memo_subscribers s WHERE s.memo_id = m.id) AS subscribers,
            m.comment_count AS comments,
            (SELECT count(*) FROM memo_files f WHERE f.memo_id = m.id) AS files,
            m.on_hold, m.created_at, m.updated_at
        FROM memos m
        JOIN users a ON a.id = m.author_id
        JOIN users r ON r.id = m.recipient_id
        LEFT JOIN resolutions ON resolutions.id = m.resolution_id
        LEFT JOIN deals ON deals.id = m.deal_id
        LEFT JOIN tasks ON tasks.id = m.task_id
        LEFT JOIN projects ON projects.id = m.project_id
        WHERE NOT m.draft AND m.id > :after
        ORDER BY m.id
        LIMIT {PAGE}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("sheet_page", |backend| sheet_page_statement(backend, Uuid::nil()));
        assert_statement("sent_memos", sent_memos_statement);
    }
}
