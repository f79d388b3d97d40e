//! What a deletion writes: record, items, notification with its mail, event, the memo, its files.
//!
//! The steps are the same on both databases. PostgreSQL runs them as one statement, in which every step sees the rows as they were before;
//! SQLite, where a statement costs no round trip, one after the other.

use super::{
    decision::Preview,
    inventory::{self, ItemCount, ItemKind, Purpose},
};
use crate::{
    Error, Result, Viewer,
    database::sql::statement,
    events::{self, EventColumns},
};
use chrono::{DateTime, Utc};
use entity::{Disposition, memo_deletion};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use uuid::Uuid;

/// What is written beside what the preview says.
pub(super) struct Circumstances {
    pub(super) record_id: Uuid,
    pub(super) notification_id: Uuid,
    /// The mail that tells the same; `None` where none are sent.
    pub(super) mail_id: Option<Uuid>,
    pub(super) now: DateTime<Utc>,
    pub(super) restorable_until: DateTime<Utc>,
    pub(super) reason: Option<String>,
}

/// Deletes the memo, whose row the transaction has locked, and writes the record.
///
/// # Errors
/// [`Error::Inconsistent`] if what was written is not what the preview counted; nothing must be committed then.
pub(super) async fn delete<C: ConnectionTrait>(
    transaction: &C,
    viewer: Viewer,
    preview: &Preview,
    circumstances: &Circumstances,
) -> Result<memo_deletion::Model> {
    let record = record(viewer, preview, circumstances)?;
    let values = values(&record, circumstances);
    let mails = circumstances.mail_id.is_some();
    let backend = transaction.get_database_backend();
    let (memos, items) = if backend == DbBackend::Postgres {
        in_one_statement(transaction, values, &preview.counts, mails).await?
    } else {
        in_steps(transaction, backend, &values, &preview.counts, mails).await?
    };
    let expected: u64 = preview.counts.iter().map(|c: &ItemCount| c.count).sum();
    if memos != 1 || items != expected {
        return Err(Error::Inconsistent(format!(
            "deletion of memo {}: {memos} rows of memos deleted, {items} items recorded, {expected} previewed",
            record.memo_id
        )));
    }
    Ok(record)
}

fn record(viewer: Viewer, preview: &Preview, circumstances: &Circumstances) -> Result<memo_deletion::Model> {
    let memo = &preview.memo;
    Ok(memo_deletion::Model {
        id: circumstances.record_id,
        memo_id: memo.id,
        memo_name: Some(memo.name.clone()),
        author_id: memo.author_id,
        recipient_id: memo.recipient_id,
        stage: memo.stage,
        draft: memo.draft,
        deleted_by: viewer.id,
        deleted_at: circumstances.now,
        reason: circumstances.reason.clone(),
        verdict: preview.decision.verdict(),
        warnings: serde_json::to_value(&preview.decision.warnings)?,
        counts: serde_json::to_value(&preview.counts)?,
        bytes_freed: preview.bytes_freed,
        restorable_until: circumstances.restorable_until,
        restored_at: None,
        restored_by: None,
        purged_at: None,
    })
}

/// `$1` the memo, `$2` the record, then the record's columns, last the notification and, where there is one, its mail.
fn values(record: &memo_deletion::Model, circumstances: &Circumstances) -> Vec<Value> {
    let mut values = vec![
        record.memo_id.into(),
        record.id.into(),
        record.deleted_by.into(),
        record.deleted_at.into(),
        record.reason.clone().into(),
        record.verdict.word().into(),
        record.warnings.clone().into(),
        record.counts.clone().into(),
        record.bytes_freed.into(),
        record.restorable_until.into(),
        circumstances.notification_id.into(),
    ];
    values.extend(circumstances.mail_id.map(Value::from));
    values
}

const INSERT_RECORD: &str = "INSERT INTO memo_deletions (id, memo_id, memo_name, author_id, recipient_id, stage, draft, deleted_by, \
    deleted_at, reason, verdict, warnings, counts, bytes_freed, restorable_until) \
    SELECT $2, m.id, m.name, m.author_id, m.recipient_id, m.stage, m.draft, $3, $4, $5, $6, $7, $8, $9, $10 FROM memos m WHERE m.id = $1";
const INSERT_NOTIFICATION: &str = "INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, deletion_id, created_at) \
    SELECT $11, m.author_id, 'MEMO_DELETED_BY_RECIPIENT', $3, m.id, $2, $4 FROM memos m WHERE m.id = $1 AND m.author_id <> $3";
/// Where the notification above was written, and its person is active and has not opted out.
const INSERT_MAIL: &str = "INSERT INTO mails (id, notification_id, user_id, subject_name, attempts, next_attempt_at, created_at) \
    SELECT $12, $11, m.author_id, m.name, 0, $4, $4 FROM memos m JOIN users u ON u.id = m.author_id AND u.active \
    WHERE m.id = $1 AND m.author_id <> $3 AND NOT EXISTS (SELECT 1 FROM mail_opt_outs o WHERE o.user_id = m.author_id AND o.kind = 'MEMO_DELETED_BY_RECIPIENT')";
const DELETE_MEMO: &str = "DELETE FROM memos WHERE id = $1";
/// On PostgreSQL, after the memo: the keys of its attachments are checked in the order of the deletions.
const DELETE_FILES: &str = "DELETE FROM files WHERE id IN (SELECT node FROM attached WHERE reason IS NULL) AND EXISTS (SELECT 1 FROM gone)";
const DELETE_RECORDED_FILES: &str = "DELETE FROM files WHERE id IN \
    (SELECT node_id FROM memo_deletion_items WHERE deletion_id = $2 AND kind = 'FILE' AND disposition = 'REMOVED')";

fn insert_items(backend: DbBackend, counts: &[ItemCount]) -> String {
    format!(
        "INSERT INTO memo_deletion_items (deletion_id, position, disposition, kind, node_id, author_sees, recipient_sees, label, \
         kept_reason, blob_sha256, content) \
         SELECT $2, row_number() OVER (ORDER BY rank, node), disposition, kind, node, author_sees, recipient_sees, label, reason, blob, \
         content FROM ({}) AS items",
        inventory::record_items_sql(backend, counts)
    )
}

fn insert_event(backend: DbBackend) -> String {
    let columns =
        EventColumns { actor: "$3", now: "$4", kind: "'DELETED'", deletion: "$2", ..EventColumns::default() };
    events::insert_sql(backend, &columns)
}

async fn in_one_statement<C: ConnectionTrait>(
    transaction: &C,
    values: Vec<Value>,
    counts: &[ItemCount],
    mails: bool,
) -> Result<(u64, u64)> {
    let files_go = counts.iter().any(|c| c.kind == ItemKind::File && c.disposition == Disposition::Removed);
    let sql = format!(
        "WITH {}, record AS ({INSERT_RECORD}), items AS ({} RETURNING position), told AS ({INSERT_NOTIFICATION}), {}\
         heard AS ({}), gone AS ({DELETE_MEMO} RETURNING id){} \
         SELECT (SELECT count(*) FROM gone) AS memos, (SELECT count(*) FROM items) AS items",
        inventory::belongings(DbBackend::Postgres, Purpose::Record),
        insert_items(DbBackend::Postgres, counts),
        if mails { format!("mailed AS ({INSERT_MAIL}), ") } else { String::new() },
        insert_event(DbBackend::Postgres),
        if files_go { format!(", freed AS ({DELETE_FILES})") } else { String::new() },
    );
    let Some(row) = transaction.query_one_raw(statement(DbBackend::Postgres, sql, values)).await? else {
        return Ok((0, 0));
    };
    let count = |column| row.try_get::<i64>("", column).map(|n| u64::try_from(n).unwrap_or_default());
    Ok((count("memos")?, count("items")?))
}

async fn in_steps<C: ConnectionTrait>(
    transaction: &C,
    backend: DbBackend,
    values: &[Value],
    counts: &[ItemCount],
    mails: bool,
) -> Result<(u64, u64)> {
    let run = async |sql: String| -> Result<u64> {
        Ok(transaction.execute_raw(statement(backend, sql, values.to_vec())).await?.rows_affected())
    };
    run(INSERT_RECORD.to_owned()).await?;
    let belongings = inventory::belongings(backend, Purpose::Record);
    let items = run(format!("WITH {belongings} {}", insert_items(backend, counts))).await?;
    run(INSERT_NOTIFICATION.to_owned()).await?;
    if mails {
        run(INSERT_MAIL.to_owned()).await?;
    }
    run(insert_event(backend)).await?;
    let memos = run(DELETE_MEMO.to_owned()).await?;
    run(DELETE_RECORDED_FILES.to_owned()).await?;
    Ok((memos, items))
}
