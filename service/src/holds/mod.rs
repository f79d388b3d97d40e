//! Holds: orders of an administrator to preserve a memo, live or deleted. A hold is placed by the
//! memo's id, so an administrator need not be able to read it.
//!
//! Each hold belongs to a matter. Several matters can hold a memo at the same time, each of them
//! once. The memo is on hold until the last one is released. A draft is never held, because it
//! exists for its author alone, and lists of holds would reveal it to others.

mod many;
mod selection;

pub use many::{Held, MAX_HELD, Released, place_many, release_many};
pub use selection::HoldSelection;

use crate::{
    Result, Services, Viewer,
    database::{
        Parameters, in_transaction,
        sql::{any_of, column_names},
    },
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
    memos::write::lock_row,
    page::{Page, PageRequest},
    verb_error::verb_error,
};
use entity::{memo, memo_hold};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Select,
    Set, Statement,
};
use uuid::Uuid;

/// A new hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold {
    /// The legal or audit case, or an empty text. [`crate::text`] has checked it already.
    pub matter: String,
    /// The reason. [`crate::text`] has checked it already.
    pub reason: String,
}

verb_error! {
    /// Why a hold is not placed.
    pub enum PlaceHoldError {
        /// The memo does not exist or is a draft.
        NotFound,
        /// The same matter already holds the memo.
        AlreadyOnHold(Box<memo_hold::Model>),
    }
}

verb_error! {
    /// Why a hold is not released.
    pub enum ReleaseHoldError {
        /// There is no hold with this id.
        NoSuchHold,
        /// The matter has never held the memo.
        NotHeld,
    }
}

/// How an administrator identifies a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldName {
    /// By its id.
    Id(Uuid),
    /// By its memo and its matter. An empty matter means none.
    OfMemo {
        /// The memo.
        memo_id: Uuid,
        /// The matter.
        matter: String,
    },
}

/// Which holds to list. A hold must fulfil all conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldFilter {
    /// The state is one of these.
    pub states: Option<Vec<HoldState>>,
    /// The holds of this matter.
    pub matter: Option<String>,
    /// The holds of this memo.
    pub memo_id: Option<Uuid>,
}

/// Whether a hold still forbids the deletion of its memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    /// It does.
    Active,
    /// It was released.
    Released,
}

/// The active holds `h` on memos in which the person `:person` has a part: as author, recipient or
/// subscriber, with a comment, a file, a reminder or an unread mark.
pub(crate) const HELD_OF_PERSON: &str = "
    FROM memo_holds h
    WHERE h.held_memo_id IS NOT NULL
        AND (
            EXISTS (
                SELECT 1
                FROM memos m
                WHERE m.id = h.held_memo_id
                    AND (m.author_id = :person OR m.recipient_id = :person)
            )
            OR EXISTS (
                SELECT 1
                FROM deleted_memos d
                WHERE d.id = h.held_memo_id
                    AND (d.author_id = :person OR d.recipient_id = :person)
            )
            OR EXISTS (
                SELECT 1
                FROM memo_subscribers s
                WHERE s.memo_id = h.held_memo_id AND s.user_id = :person
            )
            OR EXISTS (
                SELECT 1
                FROM comments c
                WHERE c.memo_id = h.held_memo_id AND c.author_id = :person
            )
            OR EXISTS (
                SELECT 1
                FROM reminders r
                WHERE r.memo_id = h.held_memo_id AND r.user_id = :person
            )
            OR EXISTS (
                SELECT 1
                FROM unread_marks n
                WHERE n.memo_id = h.held_memo_id AND n.user_id = :person
            )
            OR EXISTS (
                SELECT 1
                FROM memo_files l
                JOIN files f ON f.id = l.file_id
                WHERE l.memo_id = h.held_memo_id
                    AND (l.attached_by = :person OR f.uploaded_by = :person)
            )
        )";

/// Places a hold, once for each key. The caller has checked that the viewer is an administrator.
///
/// # Errors
/// Returns the reason why it is not placed.
pub async fn place(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    memo_id: Uuid,
    new: &NewHold,
) -> Result<Created<memo_hold::Model>, CreateError<PlaceHoldError>> {
    create_once(
        services,
        key,
        async |transaction, id| place_in(services, transaction, viewer, memo_id, (id, new)).await,
        async |id| {
            let hold = memo_hold::Entity::find_by_id(id);
            Ok(hold.one(services.database.connection()).await?)
        },
    )
    .await
}

async fn place_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    (id, new): (Uuid, &NewHold),
) -> Result<memo_hold::Model, PlaceHoldError> {
    let memo = lock_wherever_it_is(transaction, viewer, memo_id).await?;
    if memo.is_none_or(|memo| memo.draft) {
        return Err(PlaceHoldError::NotFound);
    }
    let active = memo_hold::Entity::find()
        .filter(memo_hold::Column::HeldMemoId.eq(memo_id))
        .filter(memo_hold::Column::Matter.eq(&new.matter))
        .one(transaction)
        .await?;
    if let Some(active) = active {
        return Err(PlaceHoldError::AlreadyOnHold(Box::new(active)));
    }
    let hold = memo_hold::Model {
        id,
        memo_id,
        held_memo_id: Some(memo_id),
        reason: new.reason.clone(),
        placed_by: viewer.id,
        placed_at: services.now(),
        released_by: None,
        released_at: None,
        matter: new.matter.clone(),
    };
    let hold = hold.into_active_model().insert(transaction).await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        person = %ids::user(viewer.id),
        hold = %ids::memo_hold(hold.id),
        "hold placed"
    );
    Ok(hold)
}

/// Locks the row of a live memo, or of a deleted memo that is not purged.
async fn lock_wherever_it_is(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<Option<memo::Model>> {
    // A deletion or restore may move the row between the two reads, but not twice.
    for _ in 0..2 {
        if let Some((memo, _)) = lock_row(transaction, viewer, memo_id).await? {
            return Ok(Some(memo));
        }
        let deleted = deleted_memo_statement(transaction.get_database_backend(), memo_id);
        if let Some(row) = transaction.query_one_raw(deleted).await? {
            return Ok(Some(memo::Model::from_query_result(&row, "")?));
        }
    }
    Ok(None)
}

/// The locked row of a deleted memo.
fn deleted_memo_statement(backend: DbBackend, memo_id: Uuid) -> Statement {
    let columns = column_names::<memo::Entity>("d.");
    Parameters::new(backend).bind("memo_id", memo_id).statement(&format!(
        "SELECT {columns}
        FROM deleted_memos d
        WHERE d.id = :memo_id
        FOR UPDATE"
    ))
}

/// Releases a hold. The caller has checked that the viewer is an administrator.
///
/// # Errors
/// Returns the reason why it is not released.
pub async fn release(
    services: &Services,
    viewer: Viewer,
    name: &HoldName,
) -> Result<memo_hold::Model, ReleaseHoldError> {
    let not_found = || match name {
        HoldName::Id(_) => ReleaseHoldError::NoSuchHold,
        HoldName::OfMemo { .. } => ReleaseHoldError::NotHeld,
    };
    in_transaction(&services.database, async |transaction| -> Result<_, ReleaseHoldError> {
        let named = find(transaction, name).await?.ok_or_else(not_found)?;
        // The memo is locked first, as everywhere. Another order could cause a deadlock with a
        // deletion.
        lock_wherever_it_is(transaction, viewer, named.memo_id).await?;
        // It may have been released during the wait for the lock.
        let hold = memo_hold::Entity::find_by_id(named.id).one(transaction).await?;
        let hold = hold.ok_or_else(not_found)?;
        if hold.released_at.is_some() {
            return Ok(hold);
        }
        let memo_id = hold.memo_id;
        let mut hold = hold.into_active_model();
        hold.held_memo_id = Set(None);
        hold.released_by = Set(Some(viewer.id));
        hold.released_at = Set(Some(services.now()));
        let hold = hold.update(transaction).await?;
        tracing::info!(
            memo_id = %ids::memo(memo_id),
            person = %ids::user(viewer.id),
            hold = %ids::memo_hold(hold.id),
            "hold released"
        );
        Ok(hold)
    })
    .await
}

/// Finds a hold. If a memo and a matter have several, it is the active one, or else the latest.
async fn find(
    transaction: &DatabaseTransaction,
    name: &HoldName,
) -> Result<Option<memo_hold::Model>> {
    use memo_hold::Column;
    let query = match name {
        HoldName::Id(id) => memo_hold::Entity::find_by_id(*id),
        HoldName::OfMemo { memo_id, matter } => memo_hold::Entity::find()
            .filter(Column::MemoId.eq(*memo_id))
            .filter(Column::Matter.eq(matter))
            .order_by_desc(Column::HeldMemoId.is_not_null())
            .order_by_desc(Column::Id),
    };
    Ok(query.one(transaction).await?)
}

/// Holds, the latest first.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    filter: &HoldFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<memo_hold::Model>> {
    let query = page.newest_first(select(filter), memo_hold::Column::Id);
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many holds match the filter.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(services: &Services, filter: &HoldFilter) -> Result<u64> {
    Ok(select(filter).count(services.database.connection()).await?)
}

fn select(filter: &HoldFilter) -> Select<memo_hold::Entity> {
    use memo_hold::Column;
    let mut query = memo_hold::Entity::find();
    if let Some(states) = &filter.states {
        let conditions = states.iter().map(|state| match state {
            HoldState::Active => Condition::all().add(Column::HeldMemoId.is_not_null()),
            HoldState::Released => Condition::all().add(Column::HeldMemoId.is_null()),
        });
        query = query.filter(any_of(conditions));
    }
    if let Some(matter) = &filter.matter {
        query = query.filter(Column::Matter.eq(matter));
    }
    if let Some(memo_id) = filter.memo_id {
        query = query.filter(Column::MemoId.eq(memo_id));
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use sea_orm::QueryTrait;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("deleted_memo", |backend| deleted_memo_statement(backend, Uuid::nil()));
        let filtered = HoldFilter {
            states: Some(vec![HoldState::Active]),
            matter: Some("Audit".to_owned()),
            memo_id: Some(Uuid::nil()),
        };
        for (name, filter) in [("all", HoldFilter::default()), ("filtered", filtered)] {
            assert_statement(&format!("holds.{name}"), |backend| {
                let page = PageRequest::first(20);
                page.newest_first(select(&filter), memo_hold::Column::Id).build(backend)
            });
        }
    }
}
