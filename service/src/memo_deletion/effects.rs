//! What a deletion writes. The memo's row moves to `deleted_memos`. A record, a notification with
//! its mail, and an event are added.
//!
//! Nothing happens unless the memo's row still has the revision on which the decision is based.
//! PostgreSQL runs the steps as one statement, and every step sees the rows as they were before it.
//! SQLite runs one statement after the other, since a statement costs no round trip there.

use super::{DeletionSettings, decision::Preview, inventory::REVISE_SHARING};
use crate::{
    Result, Services, Viewer,
    database::{NamedText, sql::column_names},
    events::{self, EventSource},
};
use chrono::{DateTime, Utc};
use entity::{MemoEventKind, memo, memo_deletion};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::sync::LazyLock;
use uuid::Uuid;

/// What a deletion writes besides the preview.
pub(super) struct DeletionContext {
    pub(super) record_id: Uuid,
    pub(super) notification_id: Uuid,
    /// The id of the notification's mail. `None` if no mails are sent.
    pub(super) mail_id: Option<Uuid>,
    pub(super) now: DateTime<Utc>,
    pub(super) restorable_until: DateTime<Utc>,
    pub(super) reason: Option<String>,
}

impl DeletionContext {
    /// What a deletion now writes. Each of several memos has its own.
    pub(super) fn new(
        services: &Services,
        settings: &DeletionSettings,
        now: DateTime<Utc>,
        reason: Option<String>,
    ) -> Self {
        Self {
            record_id: services.new_id(),
            notification_id: services.new_id(),
            mail_id: services.sends_mail.then(|| services.new_id()),
            now,
            restorable_until: now + settings.restorable_for,
            reason,
        }
    }
}

/// Deletes the memo as it was previewed and writes the record. `None` if the memo has changed
/// since, or if somebody else is changing it.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub(super) async fn delete<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    preview: &Preview,
    context: &DeletionContext,
) -> Result<Option<memo_deletion::Model>> {
    let record = record(viewer, preview, context)?;
    let values = values(&record, preview, context);
    let mails = context.mail_id.is_some();
    let moved = if connection.get_database_backend() == DbBackend::Postgres {
        let row = connection.query_one_raw(deletion_statement(mails, &values)).await?;
        row.map(|row| row.try_get::<i64>("", "moved")).transpose()?.unwrap_or_default() > 0
    } else {
        run_steps(connection, mails, &values).await?
    };
    Ok(moved.then_some(record))
}

/// The record of the deletion.
pub(super) fn record(
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
        erased_by: None,
        erasure_reason: None,
    })
}

/// The names of the parameters of the statements below.
const PARAMETERS: [&str; 15] = [
    "memo_id",
    "revision",
    "record_id",
    "actor",
    "now",
    "reason",
    "verdict",
    "warnings",
    "counts",
    "kept_files",
    "bytes_freed",
    "restorable_until",
    "notification_id",
    "mail_id",
    "kind",
];

/// The values of these parameters.
type Values = [(&'static str, Value); PARAMETERS.len()];

fn values(record: &memo_deletion::Model, preview: &Preview, context: &DeletionContext) -> Values {
    [
        ("memo_id", record.memo_id.into()),
        ("revision", preview.memo.revision.into()),
        ("record_id", record.id.into()),
        ("actor", record.deleted_by.into()),
        ("now", record.deleted_at.into()),
        ("reason", record.reason.clone().into()),
        ("verdict", record.verdict.into()),
        ("warnings", record.warnings.clone().into()),
        ("counts", record.counts.clone().into()),
        ("kept_files", record.kept_files.clone().into()),
        ("bytes_freed", record.bytes_freed.into()),
        ("restorable_until", record.restorable_until.into()),
        ("notification_id", context.notification_id.into()),
        ("mail_id", context.mail_id.into()),
        ("kind", MemoEventKind::Deleted.into()),
    ]
}

/// Where the statements that write a deletion take their values from: one memo, or several.
pub(super) struct Moved<'a> {
    /// What stands before the names of values that each memo has of its own: `:` for parameters, or
    /// an alias with its dot.
    pub(super) own: &'static str,
    /// The rows `m` of the moved memos, after `FROM`.
    pub(super) memos: &'a str,
    /// The condition for these rows.
    pub(super) which: &'static str,
}

/// Writes the records of the memos.
pub(super) fn insert_record(Moved { own, memos, which }: &Moved<'_>) -> String {
    format!(
        "INSERT INTO memo_deletions (
            id, memo_id, memo_name, author_id, recipient_id, stage, draft,
            deleted_by, deleted_at, reason, verdict, warnings, counts, kept_files, bytes_freed,
            restorable_until
        )
        SELECT
            {own}record_id, m.id, m.name, m.author_id, m.recipient_id, m.stage, m.draft,
            :actor, :now, :reason, {own}verdict, {own}warnings, {own}counts, {own}kept_files,
            {own}bytes_freed, :restorable_until
        FROM {memos}
        WHERE {which}"
    )
}

/// Notifies the authors, except one who deletes the memo.
pub(super) fn insert_notification(Moved { own, memos, which }: &Moved<'_>) -> String {
    format!(
        "INSERT INTO notifications (
            id, user_id, kind, actor_id, memo_id, deletion_id, created_at
        )
        SELECT
            {own}notification_id, m.author_id, 'MEMO_DELETED_BY_RECIPIENT', :actor, m.id,
            {own}record_id, :now
        FROM {memos}
        WHERE {which} AND m.author_id <> :actor"
    )
}

/// Mails the notifications of those who are active and have not opted out.
pub(super) fn insert_mail(Moved { own, memos, which }: &Moved<'_>) -> String {
    format!(
        "INSERT INTO mails (
            id, notification_id, user_id, subject_name, attempts, next_attempt_at, created_at
        )
        SELECT {own}mail_id, {own}notification_id, m.author_id, m.name, 0, :now, :now
        FROM {memos}
        JOIN users u ON u.id = m.author_id AND u.active
        WHERE {which}
            AND m.author_id <> :actor
            AND NOT EXISTS (
                SELECT 1
                FROM mail_opt_outs o
                WHERE o.user_id = m.author_id AND o.kind = 'MEMO_DELETED_BY_RECIPIENT'
            )"
    )
}

fn insert_event(backend: DbBackend, moved: &str) -> String {
    let deletion = EventSource { memos: moved, deletion: ":record_id", ..EventSource::default() };
    events::insert_sql(backend, &deletion)
}

/// The statement for PostgreSQL. It does not wait for the memo's row: a request that is cancelled
/// while it waits could not take the statement back.
fn deletion_statement(mails: bool, values: &Values) -> Statement {
    static WITH_MAIL: LazyLock<NamedText> = LazyLock::new(|| deletion(true));
    static WITHOUT_MAIL: LazyLock<NamedText> = LazyLock::new(|| deletion(false));
    if mails { WITH_MAIL.statement(values) } else { WITHOUT_MAIL.statement(values) }
}

fn deletion(mails: bool) -> NamedText {
    let columns = column_names::<memo::Entity>("");
    let moved = Moved { own: ":", memos: "moved_memo m", which: "m.id = :memo_id" };
    let (record, notification) = (insert_record(&moved), insert_notification(&moved));
    let mail = if mails { format!("mail AS ({}),", insert_mail(&moved)) } else { String::new() };
    let event = insert_event(DbBackend::Postgres, "moved_memo");
    let text = format!(
        "WITH free_memo AS (
            SELECT id
            FROM memos
            WHERE id = :memo_id AND revision = :revision
            FOR UPDATE SKIP LOCKED
        ),
        moved_memo AS (
            DELETE FROM memos WHERE id = (SELECT id FROM free_memo) RETURNING {columns}
        ),
        deleted_memo AS (
            INSERT INTO deleted_memos ({columns}) SELECT {columns} FROM moved_memo
        ),
        record AS ({record}),
        notification AS ({notification}),
        {mail}
        event AS ({event}),
        revised_memos AS ({REVISE_SHARING})
        SELECT count(*) AS moved FROM moved_memo"
    );
    NamedText::new(DbBackend::Postgres, &text, PARAMETERS)
}

/// Runs the statements for SQLite. Returns whether the row was moved.
async fn run_steps<C: ConnectionTrait>(
    connection: &C,
    mails: bool,
    values: &Values,
) -> Result<bool> {
    for (n, text) in steps(mails).iter().enumerate() {
        let step = deletion_step_statement(text, values);
        let moved = connection.execute_raw(step).await?.rows_affected();
        if n == 0 && moved == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn deletion_step_statement(text: &NamedText, values: &Values) -> Statement {
    text.statement(values)
}

/// The statements for SQLite. The first one moves nothing if the memo differs from the preview.
fn steps(mails: bool) -> &'static [NamedText] {
    static WITH_MAIL: LazyLock<Vec<NamedText>> = LazyLock::new(|| write_steps(true));
    static WITHOUT_MAIL: LazyLock<Vec<NamedText>> = LazyLock::new(|| write_steps(false));
    if mails { &WITH_MAIL } else { &WITHOUT_MAIL }
}

fn write_steps(mails: bool) -> Vec<NamedText> {
    let columns = column_names::<memo::Entity>("");
    let moved = Moved { own: ":", memos: "deleted_memos m", which: "m.id = :memo_id" };
    let mut steps = vec![
        format!(
            "INSERT INTO deleted_memos ({columns})
            SELECT {columns} FROM memos WHERE id = :memo_id AND revision = :revision"
        ),
        "DELETE FROM memos WHERE id = :memo_id".to_owned(),
        insert_record(&moved),
        insert_notification(&moved),
    ];
    if mails {
        steps.push(insert_mail(&moved));
    }
    steps.push(insert_event(DbBackend::Sqlite, "deleted_memos"));
    steps.push(REVISE_SHARING.to_owned());
    let named = |text: &String| NamedText::new(DbBackend::Sqlite, text, PARAMETERS);
    steps.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement_of;

    #[test]
    fn statements_are_the_committed_ones() {
        let values = PARAMETERS.map(|name| (name, Value::from(0)));
        for (name, mails) in [("with_mail", true), ("without_mail", false)] {
            let statement = deletion_statement(mails, &values);
            assert_statement_of(DbBackend::Postgres, &format!("deletion.{name}"), &statement);
        }
        for (n, text) in (1..).zip(steps(true)) {
            let statement = deletion_step_statement(text, &values);
            assert_statement_of(DbBackend::Sqlite, &format!("deletion_step.{n}"), &statement);
        }
    }
}
