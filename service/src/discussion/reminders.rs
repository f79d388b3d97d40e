//! Reminders: each belongs to one person, and nobody else sees it.

use super::errors::{DismissReminderError, ReminderError};
use crate::{
    Result, Services, Viewer,
    access::visible_memo_ids,
    database::{in_transaction, sql::is_one_of},
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
    memos::{self, is_live, write::lock},
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::{memo, reminder};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
    PaginatorTrait, QueryFilter, QueryOrder, Select, Set,
};
use uuid::Uuid;

/// The maximum number of reminders of one memo that a person has and has not dismissed. More of
/// them indicate a faulty client.
pub const MAX_REMINDERS: u64 = 20;

/// The position of a reminder in a list: the time at which it is due, then its id.
pub type ReminderKey = (DateTime<Utc>, Uuid);

/// The viewer's reminders of memos that they see, the earliest first. Dismissed reminders are
/// included on request.
///
/// # Errors
/// Returns errors of the database.
pub async fn list_reminders(
    services: &Services,
    viewer: Viewer,
    dismissed_too: bool,
    page: &PageRequest<ReminderKey>,
) -> Result<Page<reminder::Model>> {
    let query = select(viewer, dismissed_too);
    let query = page.by_value(query, reminder::Column::DueAt, reminder::Column::Id);
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many reminders [`list_reminders`] lists.
///
/// # Errors
/// Returns errors of the database.
pub async fn count_reminders(
    services: &Services,
    viewer: Viewer,
    dismissed_too: bool,
) -> Result<u64> {
    Ok(select(viewer, dismissed_too).count(services.database.connection()).await?)
}

fn select(viewer: Viewer, dismissed_too: bool) -> Select<reminder::Entity> {
    let query = of_viewer(viewer);
    if dismissed_too { query } else { query.filter(reminder::Column::DismissedAt.is_null()) }
}

/// Those of the reminders with these ids that belong to the viewer and whose memo they see.
///
/// # Errors
/// Returns errors of the database.
pub async fn reminders_by_ids(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<reminder::Model>> {
    Ok(of_viewer(viewer)
        .filter(is_one_of(services.database.backend(), reminder::Column::Id, ids))
        .all(services.database.connection())
        .await?)
}

/// The viewer's reminders of each of the memos, the earliest first, without dismissed ones. The
/// viewer sees these memos.
///
/// # Errors
/// Returns errors of the database.
pub async fn reminders_of_memos(
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Result<Vec<reminder::Model>> {
    use reminder::Column;
    Ok(reminder::Entity::find()
        .filter(is_one_of(services.database.backend(), Column::MemoId, memo_ids))
        .filter(Column::UserId.eq(viewer.id))
        .filter(Column::DismissedAt.is_null())
        .filter(is_live(Column::MemoId))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .all(services.database.connection())
        .await?)
}

/// Creates a reminder of the memo for the viewer, once for each key.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn create_reminder(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    memo_id: Uuid,
    due_at: DateTime<Utc>,
) -> Result<Created<(reminder::Model, memo::Model)>, CreateError<ReminderError>> {
    create_once(
        services,
        key,
        async |transaction, id| {
            create_in(services, transaction, viewer, memo_id, (id, due_at)).await
        },
        async |id| {
            let Some(reminder) = reminders_by_ids(services, viewer, &[id]).await?.pop() else {
                return Ok(None);
            };
            let memo = memos::by_ids(services, viewer, &[reminder.memo_id]).await?.pop();
            Ok(memo.map(|memo| (reminder, memo)))
        },
    )
    .await
}

async fn create_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    (id, due_at): (Uuid, DateTime<Utc>),
) -> Result<(reminder::Model, memo::Model), ReminderError> {
    let locked = lock(transaction, viewer, memo_id).await?.ok_or(ReminderError::NotFound)?;
    if due_at <= services.now() {
        return Err(ReminderError::Past);
    }
    if standing_reminders(transaction, viewer, memo_id).await? >= MAX_REMINDERS {
        return Err(ReminderError::TooMany);
    }
    let reminder = reminder::Model {
        id,
        memo_id,
        user_id: viewer.id,
        due_at,
        dismissed_at: None,
        fired_at: None,
        created_at: services.now(),
    };
    reminder::Entity::insert(reminder.clone().into_active_model())
        .exec_without_returning(transaction)
        .await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        reminder_id = %ids::reminder(reminder.id),
        person = %ids::user(viewer.id),
        "reminder created"
    );
    Ok((reminder, locked.memo))
}

/// Sets a new time for the viewer's reminder. It fires then, even if it has fired before or was
/// dismissed.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn update_reminder(
    services: &Services,
    viewer: Viewer,
    reminder_id: Uuid,
    due_at: DateTime<Utc>,
) -> Result<(reminder::Model, memo::Model), ReminderError> {
    in_transaction(&services.database, async |transaction| -> Result<_, ReminderError> {
        let own = lock_own(transaction, viewer, reminder_id).await?;
        let (reminder, memo) = own.ok_or(ReminderError::NotFound)?;
        if due_at <= services.now() {
            return Err(ReminderError::Past);
        }
        if reminder.dismissed_at.is_some()
            && standing_reminders(transaction, viewer, memo.id).await? >= MAX_REMINDERS
        {
            return Err(ReminderError::TooMany);
        }
        let mut row = reminder.into_active_model();
        row.due_at = Set(due_at);
        row.dismissed_at = Set(None);
        row.fired_at = Set(None);
        let reminder = row.update(transaction).await?;
        tracing::info!(
            memo_id = %ids::memo(memo.id),
            reminder_id = %ids::reminder(reminder_id),
            person = %ids::user(viewer.id),
            "reminder changed"
        );
        Ok((reminder, memo))
    })
    .await
}

/// Dismisses the viewer's reminder, so that it does not fire any more. Repeating this changes
/// nothing.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn dismiss_reminder(
    services: &Services,
    viewer: Viewer,
    reminder_id: Uuid,
) -> Result<(reminder::Model, memo::Model), DismissReminderError> {
    in_transaction(&services.database, async |transaction| -> Result<_, DismissReminderError> {
        let own = lock_own(transaction, viewer, reminder_id).await?;
        let (reminder, memo) = own.ok_or(DismissReminderError::NotFound)?;
        if reminder.dismissed_at.is_some() {
            return Ok((reminder, memo));
        }
        let mut row = reminder.into_active_model();
        row.dismissed_at = Set(Some(services.now()));
        let reminder = row.update(transaction).await?;
        tracing::info!(
            memo_id = %ids::memo(memo.id),
            reminder_id = %ids::reminder(reminder_id),
            person = %ids::user(viewer.id),
            "reminder dismissed"
        );
        Ok((reminder, memo))
    })
    .await
}

/// Deletes the viewer's reminder, dismissed or not. It cannot be restored.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn delete_reminder(
    services: &Services,
    viewer: Viewer,
    reminder_id: Uuid,
) -> Result<memo::Model, DismissReminderError> {
    in_transaction(&services.database, async |transaction| -> Result<_, DismissReminderError> {
        let own = lock_own(transaction, viewer, reminder_id).await?;
        let (reminder, memo) = own.ok_or(DismissReminderError::NotFound)?;
        reminder.delete(transaction).await?;
        tracing::info!(
            memo_id = %ids::memo(memo.id),
            reminder_id = %ids::reminder(reminder_id),
            person = %ids::user(viewer.id),
            "reminder deleted"
        );
        Ok(memo)
    })
    .await
}

/// The viewer's reminder and its locked memo.
async fn lock_own(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    reminder_id: Uuid,
) -> Result<Option<(reminder::Model, memo::Model)>> {
    let find = || {
        reminder::Entity::find_by_id(reminder_id)
            .filter(reminder::Column::UserId.eq(viewer.id))
            .filter(is_live(reminder::Column::MemoId))
            .one(transaction)
    };
    let Some(reminder) = find().await? else { return Ok(None) };
    let Some(locked) = lock(transaction, viewer, reminder.memo_id).await? else { return Ok(None) };
    // It may have changed during the wait for the lock.
    Ok(find().await?.map(|reminder| (reminder, locked.memo)))
}

/// How many reminders of the memo the viewer has not dismissed.
async fn standing_reminders(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<u64> {
    Ok(reminder::Entity::find()
        .filter(reminder::Column::MemoId.eq(memo_id))
        .filter(reminder::Column::UserId.eq(viewer.id))
        .filter(reminder::Column::DismissedAt.is_null())
        .filter(is_live(reminder::Column::MemoId))
        .count(transaction)
        .await?)
}

fn of_viewer(viewer: Viewer) -> Select<reminder::Entity> {
    reminder::Entity::find()
        .filter(reminder::Column::UserId.eq(viewer.id))
        .filter(reminder::Column::MemoId.in_subquery(visible_memo_ids(viewer)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;
    use sea_orm::QueryTrait;

    #[test]
    fn statements_are_the_committed_ones() {
        let viewer = Viewer { id: Uuid::nil(), role: UserRole::Member };
        let after = Some((DateTime::UNIX_EPOCH, Uuid::nil()));
        let page = PageRequest { after, ..PageRequest::first(20) };
        for (name, dismissed_too) in [("waiting", false), ("all", true)] {
            assert_statement(&format!("reminders.{name}"), |backend| {
                page.by_value(
                    select(viewer, dismissed_too),
                    reminder::Column::DueAt,
                    reminder::Column::Id,
                )
                .build(backend)
            });
        }
    }
}
