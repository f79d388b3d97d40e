//! Letting people read a memo along, and ending that.

use super::{
    flaws::{Flaw, Place, WriteRefusal},
    links::{distinct, insert_subscribers, subscriber_ids},
    policy::Verb,
    read_marks::{mark_unread, remove_marks},
    references::{self, References},
    send::share,
    write::lock,
};
use crate::{
    Result, Services, Viewer,
    database::{in_transaction, sql::is_one_of},
    events,
    memo_deletion::policy::{Standing, roles},
};
use entity::{MemoEventKind, UserRole, memo, memo_subscriber, reminder, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
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
    if let Some(objection) = locked.objection(Verb::ManageSubscribers) {
        return Ok(Err(objection.into()));
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
    tracing::info!(%memo_id, person = %viewer.id, people = new.len(), "subscribers added");
    if !memo.draft {
        share(services, transaction, viewer, &memo, new).await?;
    }
    Ok(Ok(memo))
}

/// Dismisses the people's reminders of a memo that they do not see any more. Chiefs still see it.
async fn dismiss_reminders(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<()> {
    let chiefs = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Role.eq(UserRole::Chief))
        .into_query();
    reminder::Entity::update_many()
        .col_expr(reminder::Column::DismissedAt, Expr::value(services.now()))
        .filter(reminder::Column::MemoId.eq(memo_id))
        .filter(is_one_of(services.database.backend(), reminder::Column::UserId, people))
        .filter(reminder::Column::DismissedAt.is_null())
        .filter(reminder::Column::FiredAt.is_null())
        .filter(reminder::Column::UserId.not_in_subquery(chiefs))
        .exec(transaction)
        .await?;
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
    if let Some(objection) = locked.objection(Verb::ManageSubscribers).filter(|_| !only_themselves) {
        return Ok(Err(objection.into()));
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
        tracing::info!(%memo_id, person = %viewer.id, people = removed, "subscribers removed");
    }
    let left = people.contains(&viewer.id);
    let standing =
        Standing { viewer_is_subscriber: locked.standing.viewer_is_subscriber && !left, ..locked.standing };
    Ok(Ok((!roles(&standing).is_empty()).then_some(memo)))
}
