//! Passes memos on, as previewed, or changes nothing.

use super::{
    MAX_REASSIGNED,
    preview::{Preview, SENT_OF_PERSON, assess, count, find_people, pair},
};
use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{is_one_of_first, lock_rows, statement},
    },
    events, ids,
    memo_deletion::DeletionSettings,
    notifications::{About, News, tell},
};
use entity::{MemoEventKind, NotificationKind, memo_reassignment};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, IntoActiveModel, QuerySelect, Value,
};
use uuid::Uuid;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A portion is passed on.
    Reassigned {
        /// What was passed on now; `None` if there was nothing.
        record: Option<Box<memo_reassignment::Model>>,
        /// What is left, and the confirmation to go on; `None` if nothing is.
        rest: Option<Box<Preview>>,
    },
    /// One of the two people does not exist.
    NotFound,
    /// The rules forbid it.
    Denied(Box<Preview>),
    /// It was not confirmed.
    ConfirmationRequired(Box<Preview>),
    /// What was confirmed is not what would happen now.
    ConfirmationStale(Box<Preview>),
}

/// Passes memos of one person on to another, [`MAX_REASSIGNED`] at most, as previewed. The caller
/// has made sure that the viewer is an administrator.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn reassign(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    (from, to): (Uuid, Uuid),
    confirmation_token: Option<&str>,
) -> Result<Outcome> {
    let outcome = in_transaction!(services.database, |transaction| reassign_in(
        services,
        settings,
        transaction,
        viewer,
        (from, to),
        confirmation_token
    )
    .await)?;
    if let Outcome::Reassigned { record: Some(record), .. } = &outcome {
        tracing::info!(
            from = %ids::user(from), to = %ids::user(to), memos = record.memo_count,
            record = %ids::memo_reassignment(record.id), administrator = %ids::user(viewer.id),
            "memos passed on"
        );
    }
    Ok(outcome)
}

async fn reassign_in(
    services: &Services,
    settings: &DeletionSettings,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    (from, to): (Uuid, Uuid),
    confirmation_token: Option<&str>,
) -> Result<Outcome> {
    // The memos first, as everywhere.
    let memos = lock_memos(transaction, from).await?;
    // The two stay as active as they are until this ends.
    let people = find_people(from, to).lock_shared().all(transaction).await?;
    let Some(people) = pair(from, to, &people) else { return Ok(Outcome::NotFound) };
    let counts = count(transaction, from, to).await?;
    let preview = assess(settings, viewer, people, counts);
    if !preview.blockers.is_empty() {
        return Ok(Outcome::Denied(Box::new(preview)));
    }
    if memos.is_empty() {
        let rest = (counts.memos > 0).then(|| Box::new(preview));
        return Ok(Outcome::Reassigned { record: None, rest });
    }
    match confirmation_token {
        None => return Ok(Outcome::ConfirmationRequired(Box::new(preview))),
        Some(token) if token != preview.token => {
            return Ok(Outcome::ConfirmationStale(Box::new(preview)));
        }
        Some(_) => {}
    }
    let memo_ids: Vec<Uuid> = memos.iter().map(|memo| memo.id).collect();
    pass_on(services, transaction, (from, to), &memo_ids).await?;
    events::record_all(services, transaction, viewer.id, &memo_ids, MemoEventKind::Updated).await?;
    notify(services, transaction, viewer, to, &memo_ids).await?;
    let record = record(services, viewer, (from, to), &memos).into_active_model();
    let record = Box::new(record.insert(transaction).await?);
    let left = count(transaction, from, to).await?;
    let people = (preview.from, preview.to);
    let rest = (left.memos > 0).then(|| Box::new(assess(settings, viewer, people, left)));
    Ok(Outcome::Reassigned { record: Some(record), rest })
}

/// The id and the people of a memo that is passed on.
struct LockedMemo {
    id: Uuid,
    author_id: Uuid,
    recipient_id: Uuid,
}

/// Locks the first of the memos that are to be passed on, in the order of their ids. What comes to
/// be on hold while this waits is left out.
async fn lock_memos(transaction: &DatabaseTransaction, from: Uuid) -> Result<Vec<LockedMemo>> {
    let backend = transaction.get_database_backend();
    let sql = format!(
        "SELECT m.id, m.author_id, m.recipient_id FROM memos m WHERE m.id IN ({SENT_OF_PERSON}) \
         AND NOT m.on_hold ORDER BY m.id LIMIT {MAX_REASSIGNED}{}",
        lock_rows(backend, "m")
    );
    let mut memos = Vec::new();
    for row in transaction.query_all_raw(statement(backend, sql, [from.into()])).await? {
        let memo = LockedMemo {
            id: row.try_get("", "id")?,
            author_id: row.try_get("", "author_id")?,
            recipient_id: row.try_get("", "recipient_id")?,
        };
        // Somebody else may have passed it on while this waited for its lock.
        if [memo.author_id, memo.recipient_id].contains(&from) {
            memos.push(memo);
        }
    }
    Ok(memos)
}

/// Puts one person in the place of the other, in the locked memos and in what belongs to them.
async fn pass_on(
    services: &Services,
    transaction: &DatabaseTransaction,
    (from, to): (Uuid, Uuid),
    memo_ids: &[Uuid],
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let (one_of, ids) = is_one_of_first(backend, memo_ids);
    let (from, to, now): (Value, Value, Value) = (from.into(), to.into(), services.now().into());
    let steps = [
        // Who sees a memo already has read it, or has a mark that says that they have not.
        (
            format!(
                "INSERT INTO unread_marks (memo_id, user_id, created_at) SELECT m.id, $3, $4 FROM \
                 memos m \
                 WHERE m.id {one_of} AND $2 IN (m.author_id, m.recipient_id) \
                 AND $3 NOT IN (m.author_id, m.recipient_id) AND NOT EXISTS \
                 (SELECT 1 FROM memo_subscribers s WHERE s.memo_id = m.id AND s.user_id = $3) \
                 ON CONFLICT DO NOTHING"
            ),
            vec![from.clone(), to.clone(), now.clone()],
        ),
        // Author and recipient read a memo anyway. Who has left reads none of these any more.
        (
            format!("DELETE FROM memo_subscribers WHERE memo_id {one_of} AND user_id IN ($2, $3)"),
            vec![from.clone(), to.clone()],
        ),
        (
            format!("DELETE FROM unread_marks WHERE memo_id {one_of} AND user_id = $2"),
            vec![from.clone()],
        ),
        (
            format!(
                "UPDATE reminders SET dismissed_at = $3 WHERE memo_id {one_of} AND user_id = $2 \
                 AND dismissed_at IS NULL AND fired_at IS NULL"
            ),
            vec![from.clone(), now.clone()],
        ),
        (
            format!(
                "UPDATE memos SET author_id = CASE WHEN author_id = $2 THEN $3 ELSE author_id END, \
                 recipient_id = CASE WHEN recipient_id = $2 THEN $3 ELSE recipient_id END, \
                 version = version + 1, updated_at = $4 WHERE id {one_of}"
            ),
            vec![from, to, now],
        ),
    ];
    for (sql, values) in steps {
        let values = std::iter::once(ids.clone()).chain(values);
        transaction.execute_raw(statement(backend, sql, values)).await?;
    }
    Ok(())
}

/// Tells the person once, however many memos it are.
async fn notify(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    to: Uuid,
    memo_ids: &[Uuid],
) -> Result<()> {
    let about = match memo_ids {
        [memo_id] => About::Memo(*memo_id),
        _ => About::SeveralMemos,
    };
    let news = News { kind: NotificationKind::MemosReassigned, actor: viewer.id, about, name: "" };
    tell(services, transaction, [to], &news).await
}

/// The record of a portion.
fn record(
    services: &Services,
    viewer: Viewer,
    (from, to): (Uuid, Uuid),
    memos: &[LockedMemo],
) -> memo_reassignment::Model {
    let count = |is_counted: fn(&LockedMemo, Uuid) -> bool| {
        let n = memos.iter().filter(|memo| is_counted(memo, from)).count();
        i64::try_from(n).unwrap_or(i64::MAX)
    };
    memo_reassignment::Model {
        id: services.new_id(),
        from_user_id: from,
        to_user_id: to,
        reassigned_by: viewer.id,
        reassigned_at: services.now(),
        memo_count: count(|_, _| true),
        as_author_count: count(|memo, from| memo.author_id == from),
        as_recipient_count: count(|memo, from| memo.recipient_id == from),
    }
}
