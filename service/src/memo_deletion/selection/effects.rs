//! What the deletion of several memos writes: all or nothing, in one transaction and a fixed number
//! of statements. Each memo gets what a single deletion writes: a record, a notification with its
//! mail, and an event.

use crate::{
    Result, Viewer,
    database::{NamedText, Parameters, id_list, sql::column_names},
    events::{self, EventSource},
    memo_deletion::effects::{
        DeletionContext, Moved, insert_mail, insert_notification, insert_record,
    },
};
use entity::{MemoEventKind, memo, memo_deletion};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};
use serde_json::json;
use std::sync::LazyLock;
use uuid::Uuid;

/// Locks the rows of the memos, and of other memos that share files with them, ordered by id. So
/// two selections wait for each other, and never both at the same time. The transaction of SQLite
/// has locked everything already.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn lock(transaction: &DatabaseTransaction, memo_ids: &[Uuid]) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.query_all_raw(locked_selection_statement(memo_ids)).await?;
    }
    Ok(())
}

/// Only for PostgreSQL.
fn locked_selection_statement(memo_ids: &[Uuid]) -> Statement {
    Parameters::new(DbBackend::Postgres).bind_ids("memo_ids", memo_ids).statement(
        "SELECT m.id
        FROM memos m
        WHERE m.id IN (
            SELECT unnest(CAST(:memo_ids AS uuid[]))
            UNION
            SELECT o.memo_id
            FROM memo_files x
            JOIN memo_files o ON o.file_id = x.file_id
            WHERE x.memo_id IN :memo_ids
        )
        ORDER BY m.id
        FOR UPDATE",
    )
}

/// Deletes the memos of these records and writes the records. The caller has locked the memos.
/// Returns how many memos were moved.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub(super) async fn delete(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    deletions: &[(memo_deletion::Model, DeletionContext)],
) -> Result<usize> {
    let backend = transaction.get_database_backend();
    let [(first, context), ..] = deletions else { return Ok(0) };
    let memo_ids: Vec<Uuid> = deletions.iter().map(|(record, _)| record.memo_id).collect();
    let rows: Vec<serde_json::Value> = deletions.iter().map(row).collect();
    let values: Values = [
        ("memo_ids", id_list(backend, &memo_ids)),
        ("deletions", serde_json::to_string(&rows)?.into()),
        ("actor", viewer.id.into()),
        ("now", context.now.into()),
        ("reason", first.reason.clone().into()),
        ("restorable_until", context.restorable_until.into()),
        ("kind", MemoEventKind::Deleted.into()),
    ];
    let steps = steps(backend, context.mail_id.is_some());
    let mut moved = 0;
    for (n, text) in steps.iter().enumerate() {
        let step = selection_deletion_step_statement(text, &values);
        let rows = transaction.execute_raw(step).await?.rows_affected();
        if n == 0 {
            moved = usize::try_from(rows).unwrap_or(usize::MAX);
        }
    }
    Ok(moved)
}

/// What is written for a memo and not for the others.
fn row((record, context): &(memo_deletion::Model, DeletionContext)) -> serde_json::Value {
    json!({
        "memo_id": record.memo_id.simple(),
        "record_id": record.id.simple(),
        "notification_id": context.notification_id.simple(),
        "mail_id": context.mail_id.map(Uuid::simple),
        "verdict": record.verdict,
        "warnings": record.warnings,
        "counts": record.counts,
        "kept_files": record.kept_files,
        "bytes_freed": record.bytes_freed,
    })
}

/// The names of the parameters of the steps. `deletions` has a row for each memo.
const PARAMETERS: [&str; 7] =
    ["memo_ids", "deletions", "actor", "now", "reason", "restorable_until", "kind"];

/// The values of these parameters.
type Values = [(&'static str, Value); PARAMETERS.len()];

fn selection_deletion_step_statement(text: &NamedText, values: &Values) -> Statement {
    text.statement(values)
}

fn steps(backend: DbBackend, mails: bool) -> &'static [NamedText] {
    type Steps = LazyLock<Vec<NamedText>>;
    static POSTGRES_WITH_MAIL: Steps = LazyLock::new(|| write(DbBackend::Postgres, true));
    static POSTGRES_WITHOUT_MAIL: Steps = LazyLock::new(|| write(DbBackend::Postgres, false));
    static SQLITE_WITH_MAIL: Steps = LazyLock::new(|| write(DbBackend::Sqlite, true));
    static SQLITE_WITHOUT_MAIL: Steps = LazyLock::new(|| write(DbBackend::Sqlite, false));
    match (backend, mails) {
        (DbBackend::Postgres, true) => &POSTGRES_WITH_MAIL,
        (DbBackend::Postgres, false) => &POSTGRES_WITHOUT_MAIL,
        (_, true) => &SQLITE_WITH_MAIL,
        (_, false) => &SQLITE_WITHOUT_MAIL,
    }
}

/// The rows of `:deletions`.
fn deletions(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            "jsonb_to_recordset(CAST(:deletions AS jsonb)) AS d (
                memo_id uuid, record_id uuid, notification_id uuid, mail_id uuid, verdict text,
                warnings jsonb, counts jsonb, kept_files jsonb, bytes_freed bigint
            )"
        }
        _ => {
            "(
                SELECT
                    unhex(value ->> 'memo_id') AS memo_id,
                    unhex(value ->> 'record_id') AS record_id,
                    unhex(value ->> 'notification_id') AS notification_id,
                    unhex(value ->> 'mail_id') AS mail_id,
                    value ->> 'verdict' AS verdict,
                    value -> 'warnings' AS warnings,
                    value -> 'counts' AS counts,
                    value -> 'kept_files' AS kept_files,
                    value ->> 'bytes_freed' AS bytes_freed
                FROM json_each(:deletions)
            ) AS d"
        }
    }
}

/// The statements. The first one moves the memos.
fn write(backend: DbBackend, mails: bool) -> Vec<NamedText> {
    let columns = column_names::<memo::Entity>("");
    let deletions = deletions(backend);
    let memos = format!("{deletions}, deleted_memos m");
    let moved = Moved { own: "d.", memos: &memos, which: "m.id = d.memo_id" };
    let mut steps = vec![
        format!(
            "INSERT INTO deleted_memos ({columns})
            SELECT {columns} FROM memos WHERE id IN :memo_ids"
        ),
        "DELETE FROM memos WHERE id IN :memo_ids".to_owned(),
        insert_record(&moved),
        insert_notification(&moved),
    ];
    if mails {
        steps.push(insert_mail(&moved));
    }
    let memos = format!(
        "(
            SELECT x.*, d.record_id
            FROM {deletions}
            JOIN deleted_memos x ON x.id = d.memo_id
        )"
    );
    let source = EventSource { memos: &memos, which: "IN :memo_ids", deletion: "m.record_id" };
    steps.push(events::insert_sql(backend, &source));
    // Other memos that have a file of these memos: whether it goes with them has changed.
    steps.push(
        "UPDATE memos
        SET revision = revision + 1
        WHERE id IN (
            SELECT o.memo_id
            FROM memo_files x
            JOIN memo_files o ON o.file_id = x.file_id
            WHERE x.memo_id IN :memo_ids
        )"
        .to_owned(),
    );
    steps.iter().map(|text| NamedText::new(backend, text, PARAMETERS)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::{DATABASES, assert_statement_of};

    #[test]
    fn statements_are_the_committed_ones() {
        let locked = locked_selection_statement(&[Uuid::nil()]);
        assert_statement_of(DbBackend::Postgres, "locked_selection", &locked);
        let values = PARAMETERS.map(|name| (name, Value::from(0)));
        for (backend, _) in DATABASES {
            for (n, text) in (1..).zip(steps(backend, true)) {
                let statement = selection_deletion_step_statement(text, &values);
                let name = format!("selection_deletion_step.{n}");
                assert_statement_of(backend, &name, &statement);
            }
        }
    }
}
