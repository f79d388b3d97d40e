//! Adds and removes subscribers of a memo.

use super::{
    errors::{AddSubscribersError, RemoveSubscribersError},
    links::{distinct, insert_subscribers, subscriber_ids},
    policy,
    read_marks::{mark_unread, remove_marks},
    references,
    send::share,
    write::lock,
};
use crate::{
    Result, Services, Viewer,
    access::{MemoState, is_chief, sees_memo},
    database::{Parameters, in_transaction, sql::is_one_of},
    events, ids,
};
use chrono::{DateTime, Utc};
use entity::{MemoEventKind, memo, memo_subscriber};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    Statement,
};
use uuid::Uuid;

/// Adds subscribers. Existing subscribers, the author and the recipient are ignored. If the memo is
/// sent, it is unread for the new subscribers, and they are notified.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn add_subscribers(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<memo::Model, AddSubscribersError> {
    in_transaction(&services.database, async |transaction| -> Result<_, AddSubscribersError> {
        add_in(services, transaction, viewer, memo_id, people).await
    })
    .await
}

async fn add_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<memo::Model, AddSubscribersError> {
    let locked = lock(transaction, viewer, memo_id).await?.ok_or(AddSubscribersError::NotFound)?;
    locked.may(policy::take_part)?;
    let memo = locked.memo;
    let mut readers = subscriber_ids(transaction, memo_id).await?;
    readers.extend([memo.author_id, memo.recipient_id]);
    let new = distinct(people, &readers);
    let wrong = references::people(transaction, &new).await?;
    if !wrong.is_empty() {
        // Errors refer to the indexes in the caller's list.
        let place =
            |n: usize| people.iter().position(|person| new.get(n) == Some(person)).unwrap_or(n);
        let wrong = wrong.into_iter().map(|(n, problem)| (place(n), problem)).collect();
        return Err(AddSubscribersError::People(wrong));
    }
    if new.is_empty() {
        return Ok(memo);
    }
    insert_subscribers(services, transaction, memo_id, &new).await?;
    if !memo.draft {
        mark_unread(services, transaction, memo_id, new.iter().copied()).await?;
    }
    events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        person = %ids::user(viewer.id),
        people = new.len(),
        "subscribers added"
    );
    if !memo.draft {
        share(services, transaction, viewer, &memo, new).await?;
    }
    Ok(memo)
}

/// Dismisses the people's reminders of a memo that they no longer see.
async fn dismiss_reminders(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<()> {
    let backend = services.database.backend();
    let dismissed = dismissed_reminders_statement(backend, memo_id, people, services.now());
    transaction.execute_raw(dismissed).await?;
    Ok(())
}

fn dismissed_reminders_statement(
    backend: DbBackend,
    memo_id: Uuid,
    people: &[Uuid],
    now: DateTime<Utc>,
) -> Statement {
    let sees_memo = sees_memo("m", "u.id", &is_chief("u"));
    let mut parameters = Parameters::new(backend);
    parameters.bind("memo_id", memo_id).bind_ids("people", people).bind("now", now);
    parameters.statement(&format!(
        "UPDATE reminders
        SET dismissed_at = :now
        WHERE memo_id = :memo_id
            AND user_id IN :people
            AND dismissed_at IS NULL
            AND fired_at IS NULL
            AND NOT EXISTS (
                SELECT 1
                FROM memos m
                JOIN users u ON u.id = reminders.user_id
                WHERE m.id = reminders.memo_id AND {sees_memo}
            )"
    ))
}

/// Removes subscribers. People who are not subscribed are ignored. Subscribers may also remove
/// themselves. Returns the memo, or `None` if it does not exist for the viewer any more.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn remove_subscribers(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<Option<memo::Model>, RemoveSubscribersError> {
    in_transaction(&services.database, async |transaction| -> Result<_, RemoveSubscribersError> {
        remove_in(services, transaction, viewer, memo_id, people).await
    })
    .await
}

async fn remove_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<Option<memo::Model>, RemoveSubscribersError> {
    let locked =
        lock(transaction, viewer, memo_id).await?.ok_or(RemoveSubscribersError::NotFound)?;
    let only_themselves = people.iter().all(|person| *person == viewer.id);
    if !only_themselves {
        locked.may(policy::take_part)?;
    }
    let memo = locked.memo;
    let removed = memo_subscriber::Entity::delete_many()
        .filter(memo_subscriber::Column::MemoId.eq(memo_id))
        .filter(is_one_of(services.database.backend(), memo_subscriber::Column::UserId, people))
        .exec(transaction)
        .await?
        .rows_affected;
    if removed > 0 {
        let others = distinct(people, &[memo.author_id, memo.recipient_id]);
        remove_marks(transaction, memo_id, &others).await?;
        dismiss_reminders(services, transaction, memo_id, &others).await?;
        events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
        tracing::info!(
            memo_id = %ids::memo(memo_id),
            person = %ids::user(viewer.id),
            people = removed,
            "subscribers removed"
        );
    }
    let left = people.contains(&viewer.id);
    let state = MemoState {
        viewer_is_subscriber: locked.state.viewer_is_subscriber && !left,
        ..locked.state
    };
    Ok(state.access().is_visible().then_some(memo))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("dismissed_reminders", |backend| {
            let (memo_id, people) = (Uuid::nil(), [Uuid::nil()]);
            dismissed_reminders_statement(backend, memo_id, &people, DateTime::UNIX_EPOCH)
        });
    }
}
