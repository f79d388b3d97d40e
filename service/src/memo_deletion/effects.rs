//! What a deletion writes: the memo's row moves to `deleted_memos`; record, notification with its
//! mail, and event tell of it.
//!
//! Nothing happens unless the memo's row still has the revision on which the decision was taken.
//! PostgreSQL runs the steps as one statement, in which every step sees the rows as they were
//! before; SQLite, where a statement costs no round trip, runs one after the other.

use super::{decision::Preview, inventory::REVISE_SHARING};
use crate::{
    Result, Viewer,
    database::sql::{column_names, statement},
    events::{self, EventColumns},
};
use chrono::{DateTime, Utc};
use entity::{deleted_memo, memo, memo_deletion};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use std::sync::OnceLock;
use uuid::Uuid;

/// What is written besides what the preview says.
pub(super) struct DeletionContext {
    pub(super) record_id: Uuid,
    pub(super) notification_id: Uuid,
    /// The mail that says the same; `None` where none are sent.
    pub(super) mail_id: Option<Uuid>,
    pub(super) now: DateTime<Utc>,
    pub(super) restorable_until: DateTime<Utc>,
    pub(super) reason: Option<String>,
}

/// Deletes the memo as it was previewed and writes the record; `None` if the memo has changed
/// since, or somebody else is changing it.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub(super) async fn delete<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    preview: &Preview,
    context: &DeletionContext,
) -> Result<Option<memo_deletion::Model>> {
    let record = record(viewer, preview, context)?;
    let values = values(&record, preview, context);
    let mails = context.mail_id.is_some();
    let backend = connection.get_database_backend();
    let moved = if backend == DbBackend::Postgres {
        let sql = one_statement(mails);
        let row = connection.query_one_raw(statement(backend, sql, values)).await?;
        row.map(|row| row.try_get::<i64>("", "moved")).transpose()?.unwrap_or_default() > 0
    } else {
        run_steps(connection, backend, &values, mails).await?
    };
    Ok(moved.then_some(record))
}

fn record(
    viewer: Viewer,
    preview: &Preview,
    context: &DeletionContext,
) -> Result<memo_deletion::Model> {
    let memo = &preview.memo;
    Ok(memo_deletion::Model {
        id: context.record_id,
        memo_id: memo.id,
        memo_name: Some(memo.name.clone()),
        author_id: memo.author_id,
        recipient_id: memo.recipient_id,
        stage: memo.stage,
        draft: memo.draft,
        deleted_by: viewer.id,
        deleted_at: context.now,
        reason: context.reason.clone(),
        verdict: preview.decision.verdict(),
        warnings: serde_json::to_value(&preview.decision.warnings)?,
        counts: serde_json::to_value(&preview.counts)?,
        kept_files: preview.kept_files.clone(),
        bytes_freed: preview.bytes_freed,
        restorable_until: context.restorable_until,
        restored_at: None,
        restored_by: None,
        purged_at: None,
    })
}

/// `$1` the memo, `$2` its revision, then the record's columns, last the notification and, where
/// there is one, its mail.
fn values(
    record: &memo_deletion::Model,
    preview: &Preview,
    context: &DeletionContext,
) -> Vec<Value> {
    let mut values = vec![
        record.memo_id.into(),
        preview.memo.revision.into(),
        record.id.into(),
        record.deleted_by.into(),
        record.deleted_at.into(),
        record.reason.clone().into(),
        record.verdict.word().into(),
        record.warnings.clone().into(),
        record.counts.clone().into(),
        record.kept_files.clone().into(),
        record.bytes_freed.into(),
        record.restorable_until.into(),
        context.notification_id.into(),
    ];
    values.extend(context.mail_id.map(Value::from));
    values
}

/// The steps after the memo's row has left `memos`, each as a name and a statement that reads the
/// row from `moved`.
fn steps(backend: DbBackend, moved: &str, mails: bool) -> Vec<(&'static str, String)> {
    let event = EventColumns {
        memos: moved,
        actor: "$4",
        now: "$5",
        kind: "'DELETED'",
        deletion: "$3",
        ..EventColumns::default()
    };
    let mut steps = vec![
        (
            "record",
            format!(
                "INSERT INTO memo_deletions (id, memo_id, memo_name, author_id, recipient_id, \
                 stage, draft, \
                 deleted_by, deleted_at, reason, verdict, warnings, counts, kept_files, \
                 bytes_freed, \
                 restorable_until) \
                 SELECT $3, m.id, m.name, m.author_id, m.recipient_id, m.stage, m.draft, \
                 $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM {moved} m WHERE m.id = $1"
            ),
        ),
        (
            "notification",
            format!(
                "INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, deletion_id, \
                 created_at) \
                 SELECT $13, m.author_id, 'MEMO_DELETED_BY_RECIPIENT', $4, m.id, $3, $5 \
                 FROM {moved} m WHERE m.id = $1 AND m.author_id <> $4"
            ),
        ),
    ];
    if mails {
        // Where the notification above was written, and its person is active and has not opted out.
        steps.push((
            "mail",
            format!(
                "INSERT INTO mails (id, notification_id, user_id, subject_name, attempts, \
                 next_attempt_at, \
                 created_at) \
                 SELECT $14, $13, m.author_id, m.name, 0, $5, $5 \
                 FROM {moved} m JOIN users u ON u.id = m.author_id AND u.active \
                 WHERE m.id = $1 AND m.author_id <> $4 AND NOT EXISTS (SELECT 1 FROM mail_opt_outs \
                 o \
                 WHERE o.user_id = m.author_id AND o.kind = 'MEMO_DELETED_BY_RECIPIENT')"
            ),
        ));
    }
    steps.push(("event", events::insert_sql(backend, &event)));
    steps.push(("sharing", REVISE_SHARING.to_owned()));
    steps
}

/// PostgreSQL's statement. It does not wait for the memo's row: a request that ends while it waits
/// could not take the statement back.
fn one_statement(mails: bool) -> &'static str {
    static TEXTS: [OnceLock<String>; 2] = [const { OnceLock::new() }; 2];
    let build = || {
        let columns = column_names::<memo::Entity>("");
        let steps: Vec<String> = steps(DbBackend::Postgres, "moved", mails)
            .into_iter()
            .map(|(name, sql)| format!("{name} AS ({sql})"))
            .collect();
        format!(
            "WITH free AS (SELECT id FROM memos WHERE id = $1 AND revision = $2 FOR UPDATE SKIP \
             LOCKED), \
             moved AS (DELETE FROM memos WHERE id = (SELECT id FROM free) RETURNING {columns}), \
             stored AS (INSERT INTO {} ({columns}) SELECT {columns} FROM moved), {} \
             SELECT count(*) AS moved FROM moved",
            deleted_memo::TABLE,
            steps.join(", ")
        )
    };
    TEXTS.get(usize::from(mails)).map_or("", |text| text.get_or_init(build))
}

/// SQLite's statements. Answers whether the row was moved.
async fn run_steps<C: ConnectionTrait>(
    connection: &C,
    backend: DbBackend,
    values: &[Value],
    mails: bool,
) -> Result<bool> {
    let run = async |sql: String| -> Result<u64> {
        Ok(connection.execute_raw(statement(backend, sql, values.to_vec())).await?.rows_affected())
    };
    let columns = column_names::<memo::Entity>("");
    let moved = deleted_memo::TABLE;
    let copied = run(format!(
        "INSERT INTO {moved} ({columns}) SELECT {columns} FROM memos WHERE id = $1 AND revision = \
         $2"
    ))
    .await?;
    if copied == 0 {
        return Ok(false);
    }
    run("DELETE FROM memos WHERE id = $1".to_owned()).await?;
    for (_, sql) in steps(backend, moved, mails) {
        run(sql).await?;
    }
    Ok(true)
}
