//! Fires reminders that are due. The table decides: reminders that became due while no server ran
//! fire later. Each reminder fires once, no matter how many servers run.

use crate::{
    Result, Services, Viewer,
    access::MemoState,
    database::{in_transaction, lock::LockRows, sql::is_one_of},
    ids,
    memos::is_live,
    notifications::{NotificationDraft, Subject, notify},
};
use chrono::{DateTime, Utc};
use entity::{NotificationKind, memo, memo_subscriber, reminder, user};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The maximum number of reminders that one transaction fires.
const BATCH: u64 = 100;

/// Notifies people of their due reminders. They must be active and see the memo; otherwise the
/// reminder is dismissed. Returns the number of notifications.
///
/// # Errors
/// Returns errors of the database. The remaining reminders fire the next time.
pub async fn fire_due(services: &Services) -> Result<u64> {
    let mut told = 0;
    loop {
        let now = services.now();
        let memo_ids = memos_with_due(services, now).await?;
        if memo_ids.is_empty() {
            break;
        }
        let fired = in_transaction(&services.database, async |transaction| -> Result<_> {
            fire(services, transaction, &memo_ids, now).await
        })
        .await?;
        // Another server is handling these. There is no need to wait for it.
        let Some(of_these) = fired else { break };
        told += of_these;
    }
    if told > 0 {
        tracing::info!(reminders = told, "people were reminded");
    }
    Ok(told)
}

/// Memos with due reminders, read without a lock.
async fn memos_with_due(services: &Services, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    Ok(reminder::Entity::find()
        .select_only()
        .column(reminder::Column::MemoId)
        .filter(due(now))
        .filter(is_live(reminder::Column::MemoId))
        .order_by_asc(reminder::Column::DueAt)
        .limit(BATCH)
        .into_tuple()
        .all(services.database.connection())
        .await?)
}

fn due(now: DateTime<Utc>) -> Condition {
    use reminder::Column;
    Condition::all()
        .add(Column::FiredAt.is_null())
        .add(Column::DismissedAt.is_null())
        .add(Column::DueAt.lte(now))
}

/// Fires the due reminders of these memos and marks them. `None` if no memo was free.
async fn fire(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Option<u64>> {
    let backend = services.database.backend();
    // Like every change, this locks the memos first, ordered by id. A memo that somebody is
    // changing waits for the next round.
    let memos: HashMap<Uuid, memo::Model> = memo::Entity::find()
        .filter(is_one_of(backend, memo::Column::Id, memo_ids))
        .order_by_asc(memo::Column::Id)
        .lock_free_rows()
        .all(transaction)
        .await?
        .into_iter()
        .map(|memo| (memo.id, memo))
        .collect();
    let ids: Vec<Uuid> = memos.keys().copied().collect();
    let reminders = reminder::Entity::find()
        .filter(is_one_of(backend, reminder::Column::MemoId, &ids))
        .filter(due(now))
        .filter(is_live(reminder::Column::MemoId))
        .order_by_asc(reminder::Column::DueAt)
        .order_by_asc(reminder::Column::Id)
        .all(transaction)
        .await?;
    if reminders.is_empty() {
        return Ok(None);
    }
    let people = People::load(transaction, &reminders, &ids).await?;
    let is_seen = |reminder: &reminder::Model| {
        memos.get(&reminder.memo_id).is_some_and(|memo| people.see(reminder.user_id, memo))
    };
    let (seen, unseen): (Vec<&reminder::Model>, Vec<&reminder::Model>) =
        reminders.iter().partition(|reminder| is_seen(reminder));
    for (reminders, column) in
        [(seen, reminder::Column::FiredAt), (unseen, reminder::Column::DismissedAt)]
    {
        if reminders.is_empty() {
            continue;
        }
        let ids: Vec<Uuid> = reminders.iter().map(|reminder| reminder.id).collect();
        reminder::Entity::update_many()
            .col_expr(column, Expr::value(now))
            .filter(is_one_of(backend, reminder::Column::Id, &ids))
            .exec(transaction)
            .await?;
    }
    let mut told = 0;
    for reminder in &reminders {
        let Some(memo) =
            memos.get(&reminder.memo_id).filter(|memo| people.see(reminder.user_id, memo))
        else {
            tracing::info!(
                reminder_id = %ids::reminder(reminder.id),
                memo_id = %ids::memo(reminder.memo_id),
                "reminder dismissed: its person does not see the memo"
            );
            continue;
        };
        let draft = NotificationDraft {
            kind: NotificationKind::ReminderDue,
            actor: reminder.user_id,
            about: Subject::Memo(memo.id),
            name: &memo.name,
        };
        notify(services, transaction, [reminder.user_id], &draft).await?;
        told += 1;
    }
    Ok(Some(told))
}

/// The owners of the reminders, and to which of the memos they subscribe.
struct People {
    active: HashMap<Uuid, Viewer>,
    subscribed: HashSet<(Uuid, Uuid)>,
}

impl People {
    async fn load(
        transaction: &DatabaseTransaction,
        reminders: &[reminder::Model],
        memo_ids: &[Uuid],
    ) -> Result<Self> {
        use sea_orm::ConnectionTrait;
        let backend = transaction.get_database_backend();
        let ids: Vec<Uuid> = reminders.iter().map(|reminder| reminder.user_id).collect();
        let active = user::Entity::find()
            .filter(is_one_of(backend, user::Column::Id, &ids))
            .filter(user::Column::Active.eq(true))
            .all(transaction)
            .await?
            .into_iter()
            .map(|person| (person.id, Viewer::from(&person)))
            .collect();
        let subscribed = memo_subscriber::Entity::find()
            .filter(is_one_of(backend, memo_subscriber::Column::MemoId, memo_ids))
            .filter(is_one_of(backend, memo_subscriber::Column::UserId, &ids))
            .filter(is_live(memo_subscriber::Column::MemoId))
            .all(transaction)
            .await?
            .into_iter()
            .map(|link| (link.memo_id, link.user_id))
            .collect();
        Ok(Self { active, subscribed })
    }

    /// Whether the person is active and sees the memo.
    fn see(&self, person: Uuid, memo: &memo::Model) -> bool {
        self.active.get(&person).is_some_and(|viewer| {
            let subscribes = self.subscribed.contains(&(memo.id, person));
            MemoState::of(memo, *viewer, subscribes).access().is_visible()
        })
    }
}
