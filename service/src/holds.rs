//! Holds: an administrator's order that a memo be kept, live or deleted. They are placed by id: an
//! administrator need not be able to read the memo.

use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{lock_rows, statement},
    },
    memos::write::lock_row,
    page::{Page, PageRequest},
};
use entity::{deleted_memo, memo, memo_hold};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, Set,
};
use uuid::Uuid;

/// Why a hold is not placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldRefusal {
    /// There is no such memo, or it is somebody else's draft.
    NotFound,
    /// One is active.
    AlreadyOnHold(Box<memo_hold::Model>),
}

/// What came of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// The hold is released; doing it again changes nothing.
    Released(Box<memo_hold::Model>),
    /// There is no such hold.
    NotFound,
}

/// Places a hold. The caller has made sure that the viewer is an administrator.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn place(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    reason: &str,
) -> Result<Result<memo_hold::Model, HoldRefusal>> {
    let outcome = in_transaction!(services.database, |transaction| {
        let Some(memo) = lock_wherever_it_is(transaction, viewer, memo_id).await? else {
            return Ok(Err(HoldRefusal::NotFound));
        };
        if memo.draft && memo.author_id != viewer.id {
            return Ok(Err(HoldRefusal::NotFound));
        }
        let active = memo_hold::Entity::find()
            .filter(memo_hold::Column::HeldMemoId.eq(memo_id))
            .one(transaction)
            .await?;
        if let Some(active) = active {
            return Ok(Err(HoldRefusal::AlreadyOnHold(Box::new(active))));
        }
        let hold = memo_hold::Model {
            id: services.new_id(),
            memo_id,
            held_memo_id: Some(memo_id),
            reason: reason.to_owned(),
            placed_by: viewer.id,
            placed_at: services.now(),
            released_by: None,
            released_at: None,
            matter: String::new(),
        };
        Ok(Ok(hold.into_active_model().insert(transaction).await?))
    })?;
    if let Ok(hold) = &outcome {
        tracing::info!(%memo_id, person = %viewer.id, hold = %hold.id, "hold placed");
    }
    Ok(outcome)
}

/// Locks the row of a live memo, or of a deleted one that is not purged.
async fn lock_wherever_it_is(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<Option<memo::Model>> {
    // A deletion or a restore may move it between the two looks, but not twice.
    for _ in 0..2 {
        if let Some((memo, _)) = lock_row(transaction, viewer, memo_id).await? {
            return Ok(Some(memo));
        }
        let backend = transaction.get_database_backend();
        let table = deleted_memo::TABLE;
        let sql = format!("SELECT d.* FROM {table} d WHERE d.id = $1{}", lock_rows(backend, "d"));
        if let Some(row) = transaction.query_one_raw(statement(backend, sql, [memo_id.into()])).await? {
            return Ok(Some(memo::Model::from_query_result(&row, "")?));
        }
    }
    Ok(None)
}

/// Releases a hold. The caller has made sure that the viewer is an administrator.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn release(services: &Services, viewer: Viewer, hold_id: Uuid) -> Result<Release> {
    in_transaction!(services.database, |transaction| {
        let Some(hold) = memo_hold::Entity::find_by_id(hold_id).one(transaction).await? else {
            return Ok(Release::NotFound);
        };
        if hold.released_at.is_some() {
            return Ok(Release::Released(Box::new(hold)));
        }
        // The memo first, as everywhere: a lock taken in another order could meet a deletion's.
        lock_wherever_it_is(transaction, viewer, hold.memo_id).await?;
        let memo_id = hold.memo_id;
        let mut hold = hold.into_active_model();
        hold.held_memo_id = Set(None);
        hold.released_by = Set(Some(viewer.id));
        hold.released_at = Set(Some(services.now()));
        let hold = hold.update(transaction).await?;
        tracing::info!(%memo_id, person = %viewer.id, hold = %hold.id, "hold released");
        Ok(Release::Released(Box::new(hold)))
    })
}

/// Holds, the latest first; `active` asks for active or for released ones alone.
///
/// # Errors
/// What the database answers.
pub async fn list(
    services: &Services,
    active: Option<bool>,
    page: &PageRequest<Uuid>,
) -> Result<Page<memo_hold::Model>> {
    let mut query = memo_hold::Entity::find();
    match active {
        Some(true) => query = query.filter(memo_hold::Column::HeldMemoId.is_not_null()),
        Some(false) => query = query.filter(memo_hold::Column::HeldMemoId.is_null()),
        None => {}
    }
    let rows = page.newest_first(query, memo_hold::Column::Id).all(services.database.connection()).await?;
    Ok(Page::of(page, rows))
}
