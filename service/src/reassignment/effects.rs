//! Passes memos on as previewed.

use super::{
    MAX_REASSIGNED,
    preview::{Preview, SENT_OF_PERSON, assess, count, find_people, pair},
};
use crate::{
    Result, Services, Viewer,
    database::{Parameters, in_transaction, lock::LockRows, sql::is_one_of},
    events, ids,
    memo_deletion::DeletionSettings,
    notifications::{NotificationDraft, Subject, notify},
    work,
};
use chrono::{DateTime, Utc};
use entity::{
    MemoEventKind, NotificationKind, memo_reassignment, memo_subscriber, project, reminder, task,
    unread_mark,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, Statement, sea_query::Expr,
};
use uuid::Uuid;

/// The result of a request to pass memos on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A portion is passed on.
    Reassigned {
        /// The record of this portion. `None` if there was nothing to pass on.
        record: Option<Box<memo_reassignment::Model>>,
        /// The preview of the remaining memos, with the confirmation token to continue. `None` if
        /// there are none.
        rest: Option<Box<Preview>>,
    },
    /// One of the two people does not exist.
    NotFound,
    /// The rules forbid it.
    Denied(Box<Preview>),
    /// The request does not confirm it.
    ConfirmationRequired(Box<Preview>),
    /// The token confirms something other than what would happen now.
    ConfirmationStale(Box<Preview>),
}

/// Passes memos of one person on to another as previewed, [`MAX_REASSIGNED`] at most. The caller
/// has checked that the viewer is an administrator.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn reassign(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    (from, to): (Uuid, Uuid),
    confirmation_token: Option<&str>,
) -> Result<Outcome> {
    let outcome = in_transaction(&services.database, async |transaction| -> Result<_> {
        reassign_in(services, settings, transaction, viewer, (from, to), confirmation_token).await
    })
    .await?;
    if let Outcome::Reassigned { record: Some(record), .. } = &outcome {
        tracing::info!(
            from = %ids::user(from), to = %ids::user(to), memos = record.memo_count,
            work = record.work_count,
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
    // The memos are locked first, as everywhere.
    let memos = lock_memos(transaction, from).await?;
    // The two people cannot be activated or deactivated until this transaction ends.
    let people = find_people(from, to).keep_rows().all(transaction).await?;
    let Some(people) = pair(from, to, &people) else { return Ok(Outcome::NotFound) };
    let counts = count(transaction, from, to).await?;
    let preview = assess(settings, viewer, people, counts);
    if !preview.blockers.is_empty() {
        return Ok(Outcome::Denied(Box::new(preview)));
    }
    if memos.is_empty() && counts.open_work == 0 {
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
    if !memo_ids.is_empty() {
        pass_on(services, transaction, (from, to), &memo_ids).await?;
        events::record_all(services, transaction, viewer.id, &memo_ids, MemoEventKind::Updated)
            .await?;
        notify_recipient(services, transaction, viewer, to, &memo_ids).await?;
    }
    let work = work::pass_on::<task::Entity>(services, transaction, viewer, (from, to)).await?
        + work::pass_on::<project::Entity>(services, transaction, viewer, (from, to)).await?;
    if memo_ids.is_empty() && work == 0 {
        return Ok(Outcome::Reassigned { record: None, rest: None });
    }
    let record = record(services, viewer, (from, to), &memos, work).into_active_model();
    let record = Box::new(record.insert(transaction).await?);
    let left = count(transaction, from, to).await?;
    let people = (preview.from, preview.to);
    let rest = left.has_any().then(|| Box::new(assess(settings, viewer, people, left)));
    Ok(Outcome::Reassigned { record: Some(record), rest })
}

/// The id and the people of a memo that is passed on.
struct LockedMemo {
    id: Uuid,
    author_id: Uuid,
    recipient_id: Uuid,
}

/// Locks the first of the memos to pass on, ordered by id. Memos that come on hold during the wait
/// are left out.
async fn lock_memos(transaction: &DatabaseTransaction, from: Uuid) -> Result<Vec<LockedMemo>> {
    let reassigned = reassigned_memos_statement(transaction.get_database_backend(), from);
    let mut memos = Vec::new();
    for row in transaction.query_all_raw(reassigned).await? {
        let memo = LockedMemo {
            id: row.try_get("", "id")?,
            author_id: row.try_get("", "author_id")?,
            recipient_id: row.try_get("", "recipient_id")?,
        };
        // Another request may have passed it on during the wait for the lock.
        if [memo.author_id, memo.recipient_id].contains(&from) {
            memos.push(memo);
        }
    }
    Ok(memos)
}

fn reassigned_memos_statement(backend: DbBackend, from: Uuid) -> Statement {
    Parameters::new(backend).bind("person", from).statement(&format!(
        "SELECT m.id, m.author_id, m.recipient_id
        FROM memos m
        WHERE m.id IN ({SENT_OF_PERSON}) AND NOT m.on_hold
        ORDER BY m.id
        LIMIT {MAX_REASSIGNED}
        FOR UPDATE"
    ))
}

/// Replaces one person by the other in the locked memos and their belongings.
async fn pass_on(
    services: &Services,
    transaction: &DatabaseTransaction,
    (from, to): (Uuid, Uuid),
    memo_ids: &[Uuid],
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let now = services.now();
    let marks = new_unread_marks_statement(backend, (from, to), memo_ids, now);
    transaction.execute_raw(marks).await?;
    // Author and recipient see a memo without a subscription. The person who has left sees none of
    // these any more.
    memo_subscriber::Entity::delete_many()
        .filter(is_one_of(backend, memo_subscriber::Column::MemoId, memo_ids))
        .filter(memo_subscriber::Column::UserId.is_in([from, to]))
        .exec(transaction)
        .await?;
    unread_mark::Entity::delete_many()
        .filter(is_one_of(backend, unread_mark::Column::MemoId, memo_ids))
        .filter(unread_mark::Column::UserId.eq(from))
        .exec(transaction)
        .await?;
    reminder::Entity::update_many()
        .col_expr(reminder::Column::DismissedAt, Expr::value(now))
        .filter(is_one_of(backend, reminder::Column::MemoId, memo_ids))
        .filter(reminder::Column::UserId.eq(from))
        .filter(reminder::Column::DismissedAt.is_null())
        .filter(reminder::Column::FiredAt.is_null())
        .exec(transaction)
        .await?;
    transaction.execute_raw(new_people_statement(backend, (from, to), memo_ids, now)).await?;
    Ok(())
}

/// The new person gets unread marks only for memos that they did not see before.
fn new_unread_marks_statement(
    backend: DbBackend,
    (from, to): (Uuid, Uuid),
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind_ids("memo_ids", memo_ids).bind("from", from).bind("to", to).bind("now", now);
    parameters.statement(
        "INSERT INTO unread_marks (memo_id, user_id, created_at)
        SELECT m.id, :to, :now
        FROM memos m
        WHERE m.id IN :memo_ids
            AND :from IN (m.author_id, m.recipient_id)
            AND :to NOT IN (m.author_id, m.recipient_id)
            AND NOT EXISTS (
                SELECT 1 FROM memo_subscribers s WHERE s.memo_id = m.id AND s.user_id = :to
            )
        ON CONFLICT DO NOTHING",
    )
}

fn new_people_statement(
    backend: DbBackend,
    (from, to): (Uuid, Uuid),
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind_ids("memo_ids", memo_ids).bind("from", from).bind("to", to).bind("now", now);
    parameters.statement(
        "UPDATE memos
        SET author_id = CASE WHEN author_id = :from THEN :to ELSE author_id END,
            recipient_id = CASE WHEN recipient_id = :from THEN :to ELSE recipient_id END,
            version = version + 1,
            updated_at = :now
        WHERE id IN :memo_ids",
    )
}

/// Notifies the person once, no matter how many memos there are.
async fn notify_recipient(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    to: Uuid,
    memo_ids: &[Uuid],
) -> Result<()> {
    let about = match memo_ids {
        [memo_id] => Subject::Memo(*memo_id),
        _ => Subject::SeveralMemos,
    };
    let draft = NotificationDraft {
        kind: NotificationKind::MemosReassigned,
        actor: viewer.id,
        about,
        name: "",
    };
    notify(services, transaction, [to], &draft).await
}

/// The record of a portion.
fn record(
    services: &Services,
    viewer: Viewer,
    (from, to): (Uuid, Uuid),
    memos: &[LockedMemo],
    work_count: i64,
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
        work_count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let people = (Uuid::nil(), Uuid::max());
        let memos = [Uuid::nil()];
        let now = DateTime::UNIX_EPOCH;
        assert_statement("reassigned_memos", |backend| {
            reassigned_memos_statement(backend, Uuid::nil())
        });
        assert_statement("new_unread_marks", |backend| {
            new_unread_marks_statement(backend, people, &memos, now)
        });
        assert_statement("new_people", |backend| {
            new_people_statement(backend, people, &memos, now)
        });
    }
}
