//! Erases the content of a deleted memo: what a purge and a person's erasure have in common.
//!
//! There are two steps. The first one empties the record, and erases the memo's row and its words
//! in the search index. From then on nobody can restore or read the memo. The second one erases the
//! memo's belongings in portions, and its id last. A crash between two portions loses nothing,
//! because `memo_ids.erasing` marks what is left to do.

use super::inventory;
use crate::{
    Result,
    database::{
        Parameters,
        sql::{ids_in, is_one_of},
    },
    files,
};
use chrono::{DateTime, Utc};
use entity::{memo, memo_deletion, memo_deletion_missing, memo_id};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, Set, Statement, sea_query::Expr,
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// How many rows of memos' belongings one transaction erases at most.
const PORTION: u64 = 1_000;

/// A person who erases a record's content before its time.
pub(super) struct Eraser {
    pub(super) person: Uuid,
    /// The reason, which stays with the record.
    pub(super) reason: Option<String>,
}

/// Empties a record and erases the memo's row. Marks the memo's belongings for erasure. A purge has
/// no `eraser`. Returns the emptied record, or `None` if the memo is on hold.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn erase(
    transaction: &DatabaseTransaction,
    record: memo_deletion::Model,
    now: DateTime<Utc>,
    eraser: Option<Eraser>,
) -> Result<Option<memo_deletion::Model>> {
    if record.restored_at.is_none() && !erase_row(transaction, record.memo_id).await? {
        return Ok(None);
    }
    memo_deletion_missing::Entity::delete_many()
        .filter(memo_deletion_missing::Column::DeletionId.eq(record.id))
        .exec(transaction)
        .await?;
    let kept_files = without_ids(&record.kept_files);
    let mut record = record.into_active_model();
    record.memo_name = Set(None);
    record.reason = Set(None);
    record.kept_files = Set(kept_files);
    record.purged_at = Set(Some(now));
    if let Some(Eraser { person, reason }) = eraser {
        record.erased_by = Set(Some(person));
        record.erasure_reason = Set(reason);
    }
    Ok(Some(record.update(transaction).await?))
}

/// Erases the row of a deleted memo, unless it is on hold. Also erases its name in mails that wait,
/// and its words in the search index. Marks its belongings for erasure.
async fn erase_row(transaction: &DatabaseTransaction, memo_id: Uuid) -> Result<bool> {
    let backend = transaction.get_database_backend();
    let erased = transaction.execute_raw(erased_memo_statement(backend, memo_id)).await?;
    if erased.rows_affected() == 0 {
        return Ok(false);
    }
    transaction.execute_raw(erased_words_statement(backend, &[memo_id])).await?;
    transaction.execute_raw(erased_mail_names_statement(backend, memo_id)).await?;
    mark_for_erasure(transaction, &[memo_id]).await?;
    Ok(true)
}

/// Erases the rows of live memos, which the caller has locked and which are not on hold. Erases
/// their words in the search index, and marks their belongings for erasure.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn erase_live_rows(
    transaction: &DatabaseTransaction,
    memo_ids: &[Uuid],
) -> Result<()> {
    if memo_ids.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    memo::Entity::delete_many()
        .filter(is_one_of(backend, memo::Column::Id, memo_ids))
        .exec(transaction)
        .await?;
    transaction.execute_raw(erased_words_statement(backend, memo_ids)).await?;
    mark_for_erasure(transaction, memo_ids).await
}

async fn mark_for_erasure(transaction: &DatabaseTransaction, memo_ids: &[Uuid]) -> Result<()> {
    let backend = transaction.get_database_backend();
    memo_id::Entity::update_many()
        .col_expr(memo_id::Column::Erasing, Expr::value(true))
        .filter(is_one_of(backend, memo_id::Column::Id, memo_ids))
        .exec(transaction)
        .await?;
    Ok(())
}

fn erased_memo_statement(backend: DbBackend, memo_id: Uuid) -> Statement {
    Parameters::new(backend).bind("memo_id", memo_id).statement(
        "DELETE FROM deleted_memos
        WHERE id = :memo_id AND NOT on_hold",
    )
}

fn erased_words_statement(backend: DbBackend, memo_ids: &[Uuid]) -> Statement {
    Parameters::new(backend)
        .bind_ids("memo_ids", memo_ids)
        .statement("DELETE FROM memo_search WHERE memo_id IN :memo_ids")
}

/// A mail about a task or a project has its own name, which stays.
fn erased_mail_names_statement(backend: DbBackend, memo_id: Uuid) -> Statement {
    Parameters::new(backend).bind("memo_id", memo_id).statement(
        "UPDATE mails
        SET subject_name = NULL
        WHERE sent_at IS NULL
            AND given_up_at IS NULL
            AND subject_name IS NOT NULL
            AND EXISTS (
                SELECT 1
                FROM notifications n
                WHERE n.id = mails.notification_id
                    AND n.memo_id = :memo_id
                    AND n.task_id IS NULL
                    AND n.project_id IS NULL
            )",
    )
}

/// The reasons why files stayed, with numbers instead of the files' ids.
fn without_ids(kept_files: &Value) -> Value {
    let reasons = kept_files.as_object().into_iter().flat_map(Map::values).cloned();
    Value::Object(reasons.enumerate().map(|(n, reason)| (n.to_string(), reason)).collect())
}

/// What a portion erased.
#[derive(Debug, Default)]
pub(super) struct Portion {
    /// The contents of the erased files. Other files may have them too.
    pub(super) contents: Vec<String>,
    /// Whether there may be more.
    pub(super) has_more: bool,
}

/// Erases at most [`PORTION`] rows that belonged to erased memos. If nothing is left of the memos,
/// erases their ids. The caller has locked the ids, or has marked them in the same transaction.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn erase_belongings(
    transaction: &DatabaseTransaction,
    memo_ids: &[Uuid],
) -> Result<Portion> {
    let backend = transaction.get_database_backend();
    let mut portion = Portion::default();
    let mut left = PORTION;
    for table in inventory::tables() {
        let limit = i64::try_from(left).unwrap_or(i64::MAX);
        let erase = erased_belongings_statement(backend, table, memo_ids, limit);
        let erased = transaction.query_all_raw(erase).await?;
        if table == "memo_files" {
            // With an attachment goes the file, if nothing else uses it.
            let files = ids_in(&erased, "file_id")?;
            portion.contents = files::delete_unattached(transaction, &files).await?;
        }
        left -= erased.len() as u64;
        if left == 0 {
            return Ok(Portion { has_more: true, ..portion });
        }
    }
    memo_id::Entity::delete_many()
        .filter(is_one_of(backend, memo_id::Column::Id, memo_ids))
        .exec(transaction)
        .await?;
    Ok(portion)
}

fn erased_belongings_statement(
    backend: DbBackend,
    table: &str,
    memo_ids: &[Uuid],
    limit: i64,
) -> Statement {
    let returning = if table == "memo_files" { "file_id" } else { "memo_id" };
    let row = if backend == DbBackend::Postgres { "ctid" } else { "rowid" };
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).bind("limit", limit).statement(
        &format!(
            "DELETE FROM {table}
        WHERE {row} IN (
            SELECT x.{row}
            FROM {table} x
            JOIN memo_ids i ON i.id = x.memo_id AND i.erasing
            WHERE x.memo_id IN :memo_ids
            LIMIT :limit
        )
        RETURNING {returning}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("erased_memo", |backend| erased_memo_statement(backend, Uuid::nil()));
        assert_statement("erased_words", |backend| erased_words_statement(backend, &[Uuid::nil()]));
        assert_statement("erased_mail_names", |backend| {
            erased_mail_names_statement(backend, Uuid::nil())
        });
        for table in inventory::tables() {
            assert_statement(&format!("erased_belongings.{table}"), |backend| {
                erased_belongings_statement(backend, table, &[Uuid::nil()], 0)
            });
        }
    }
}
