//! Letting people read a memo along, and ending that.

use super::{
    flaws::{Flaw, Place, WriteRefusal},
    links::{distinct, insert_subscribers, subscriber_ids},
    policy::Action,
    read_marks::{mark_unread, remove_marks},
    references::{self, References},
    send::share,
    write::lock,
};
use crate::{
    Result, Services, Viewer,
    access::{is_chief, sees_memo},
    database::{
        in_transaction,
        sql::{is_one_of, is_one_of_first, statement},
    },
    events, ids,
    memo_deletion::policy::Standing,
};
use entity::{MemoEventKind, memo, memo_subscriber};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Lets the people read the memo along. Those who do, author and recipient stay as they are; the new ones have not read it and are told, if
/// it is sent.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn add_subscribers(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<Result<memo::Model, WriteRefusal>> {
    in_transaction!(services.database, |transaction| add_in(services, transaction, viewer, memo_id, people)
        .await)
}

async fn add_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<Result<memo::Model, WriteRefusal>> {
    let Some(locked) = lock(transaction, viewer, memo_id).await? else {
        return Ok(Err(WriteRefusal::NotFound));
    };
    if let Some(denial) = locked.denial(Action::ManageSubscribers) {
        return Ok(Err(denial.into()));
    }
    let memo = locked.memo;
    let mut readers = subscriber_ids(transaction, memo_id).await?;
    readers.extend([memo.author_id, memo.recipient_id]);
    let new = distinct(people, &readers);
    let references = References { subscribers: &new, ..References::default() };
    let flaws = references::flaws(transaction, references).await?;
    if !flaws.is_empty() {
        return Ok(Err(WriteRefusal::Flawed(at_their_places(flaws, &new, people))));
    }
    if new.is_empty() {
        return Ok(Ok(memo));
    }
    insert_subscribers(services, transaction, memo_id, &new).await?;
    if !memo.draft {
        mark_unread(services, transaction, memo_id, new.iter().copied()).await?;
    }
    events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
    tracing::info!(memo_id = %ids::memo(memo_id), person = %ids::user(viewer.id), people = new.len(), "subscribers added");
    if !memo.draft {
        share(services, transaction, viewer, &memo, new).await?;
    }
    Ok(Ok(memo))
}

/// Dismisses the people's reminders of a memo that they do not see any more.
async fn dismiss_reminders(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<()> {
    let backend = services.database.backend();
    let (one_of, people) = is_one_of_first(backend, people);
    let sql = format!(
        "UPDATE reminders SET dismissed_at = $3 WHERE memo_id = $2 AND user_id {one_of} \
         AND dismissed_at IS NULL AND fired_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM memos m JOIN users u ON u.id = reminders.user_id \
         WHERE m.id = reminders.memo_id AND {})",
        sees_memo("m", "u.id", &is_chief("u"))
    );
    let values = [people, memo_id.into(), services.now().into()];
    transaction.execute_raw(statement(backend, sql, values)).await?;
    Ok(())
}

/// The flaws of some of the people, at their places among all that were given.
fn at_their_places(flaws: Vec<Flaw>, some: &[Uuid], all: &[Uuid]) -> Vec<Flaw> {
    let place = |place| match place {
        Place::Subscriber(n) => Place::Person(
            some.get(n).and_then(|person| all.iter().position(|other| other == person)).unwrap_or(n),
        ),
        other => other,
    };
    flaws.into_iter().map(|flaw| Flaw { place: place(flaw.place), ..flaw }).collect()
}

/// Ends the people's reading along; who does not, stays away. Whoever reads a memo along may end that for themselves. Answers the memo, or
/// `None` if it does not exist for the viewer any more.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn remove_subscribers(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<Result<Option<memo::Model>, WriteRefusal>> {
    in_transaction!(services.database, |transaction| remove_in(
        services,
        transaction,
        viewer,
        memo_id,
        people
    )
    .await)
}

async fn remove_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<Result<Option<memo::Model>, WriteRefusal>> {
    let Some(locked) = lock(transaction, viewer, memo_id).await? else {
        return Ok(Err(WriteRefusal::NotFound));
    };
    let only_themselves = people.iter().all(|person| *person == viewer.id);
    if let Some(denial) = locked.denial(Action::ManageSubscribers).filter(|_| !only_themselves) {
        return Ok(Err(denial.into()));
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
        tracing::info!(memo_id = %ids::memo(memo_id), person = %ids::user(viewer.id), people = removed, "subscribers removed");
    }
    let left = people.contains(&viewer.id);
    let standing =
        Standing { viewer_is_subscriber: locked.standing.viewer_is_subscriber && !left, ..locked.standing };
    Ok(Ok(standing.access().is_visible().then_some(memo)))
}
