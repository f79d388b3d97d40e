//! Places a matter's hold on a selection of memos, and releases all holds of a matter, in portions.
//! Repeating the call continues after the last portion, since finished memos are no longer
//! selected.

use super::{HoldSelection, NewHold};
use crate::{
    Result, Services, Viewer,
    database::{
        Parameters, in_transaction,
        lock::LockRows,
        sql::{ids_in, is_one_of},
    },
    ids,
};
use chrono::{DateTime, Utc};
use entity::{memo, memo_hold};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Statement, sea_query::Expr,
};
use std::collections::HashSet;
use uuid::Uuid;

/// The maximum number of memos that one call holds or releases.
pub const MAX_HELD: usize = 1_000;

/// The result of placing holds on a selection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// The memos on which this call placed a hold.
    pub placed: Vec<Uuid>,
    /// How many memos of the selection the matter already held.
    pub already: u64,
    /// The memos that were being deleted, restored or erased. This call did not change them.
    pub missed: Vec<Uuid>,
    /// Whether the selection may contain more memos without the hold.
    pub has_more: bool,
}

/// The result of releasing the holds of a matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Released {
    /// The memos that the matter no longer holds. Another matter may still hold them.
    pub memo_ids: Vec<Uuid>,
    /// Whether the matter still holds memos.
    pub has_more: bool,
}

/// Places a hold on each of the selected memos that the matter does not hold yet, but on
/// [`MAX_HELD`] at most. The caller has checked that the viewer is an administrator.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn place_many(
    services: &Services,
    viewer: Viewer,
    selection: &HoldSelection,
    new: &NewHold,
) -> Result<Held> {
    let held = in_transaction(&services.database, async |transaction| -> Result<_> {
        place_in(services, transaction, viewer, selection, new).await
    })
    .await?;
    tracing::info!(
        person = %ids::user(viewer.id),
        placed = held.placed.len(),
        missed = held.missed.len(),
        "holds placed"
    );
    Ok(held)
}

async fn place_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    selection: &HoldSelection,
    new: &NewHold,
) -> Result<Held> {
    let (wanted, more) = without_hold(transaction, selection, &new.matter).await?;
    let found = lock(transaction, &wanted).await?;
    let (found, missed): (Vec<Uuid>, Vec<Uuid>) =
        wanted.into_iter().partition(|id| found.contains(id));
    let placed = insert(services, transaction, viewer, &found, new).await?;
    let held = count_held(transaction, selection, &new.matter).await?;
    Ok(Held {
        already: held.saturating_sub(placed.len() as u64),
        has_more: more || !missed.is_empty(),
        placed,
        missed,
    })
}

/// The first of the selected memos that the matter does not hold, and whether there are more.
async fn without_hold(
    transaction: &DatabaseTransaction,
    selection: &HoldSelection,
    matter: &str,
) -> Result<(Vec<Uuid>, bool)> {
    let held = memos_without_hold_statement(transaction.get_database_backend(), selection, matter);
    Ok(portion(ids_in(&transaction.query_all_raw(held).await?, "id")?))
}

fn memos_without_hold_statement(
    backend: DbBackend,
    selection: &HoldSelection,
    matter: &str,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("matter", matter).bind("limit", gauge_guard());
    let selected = selection.ids(&mut parameters);
    parameters.statement(&format!(
        "SELECT s.id
        FROM ({selected}) s
        WHERE NOT EXISTS (
            SELECT 1 FROM memo_holds h WHERE h.held_memo_id = s.id AND h.matter = :matter
        )
        ORDER BY s.id
        LIMIT :limit"
    ))
}

fn gauge_guard() -> i64 {
    i64::try_from(MAX_HELD + 1).unwrap_or(i64::MAX)
}

/// At most [`MAX_HELD`] ids, and whether there were more.
fn portion(mut ids: Vec<Uuid>) -> (Vec<Uuid>, bool) {
    let more = ids.len() > MAX_HELD;
    ids.truncate(MAX_HELD);
    (ids, more)
}

/// Locks the rows of the memos, live and deleted, ordered by id. Returns the existing ones. On
/// SQLite the transaction has locked everything, so all are returned.
async fn lock(transaction: &DatabaseTransaction, memo_ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let backend = transaction.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(memo_ids.iter().copied().collect());
    }
    let live: Vec<Uuid> = memo::Entity::find()
        .select_only()
        .column(memo::Column::Id)
        .filter(is_one_of(backend, memo::Column::Id, memo_ids))
        .order_by_asc(memo::Column::Id)
        .lock_rows()
        .into_tuple()
        .all(transaction)
        .await?;
    let deleted = transaction.query_all_raw(deleted_memos_statement(backend, memo_ids)).await?;
    Ok(live.into_iter().chain(ids_in(&deleted, "id")?).collect())
}

/// The locked rows of deleted memos.
fn deleted_memos_statement(backend: DbBackend, memo_ids: &[Uuid]) -> Statement {
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).statement(
        "SELECT d.id
        FROM deleted_memos d
        WHERE d.id IN :memo_ids
        ORDER BY d.id
        FOR UPDATE",
    )
}

/// Places the holds. Returns the memos that the matter did not hold.
async fn insert(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_ids: &[Uuid],
    new: &NewHold,
) -> Result<Vec<Uuid>> {
    let backend = transaction.get_database_backend();
    let ids: Vec<Uuid> = memo_ids.iter().map(|_| services.new_id()).collect();
    let holds = new_holds_statement(backend, (&ids, memo_ids), new, viewer.id, services.now());
    let mut placed = ids_in(&transaction.query_all_raw(holds).await?, "memo_id")?;
    placed.sort_unstable();
    Ok(placed)
}

fn new_holds_statement(
    backend: DbBackend,
    (ids, memo_ids): (&[Uuid], &[Uuid]),
    new: &NewHold,
    placed_by: Uuid,
    now: DateTime<Utc>,
) -> Statement {
    // Turns two lists into rows of two columns.
    let holds = match backend {
        DbBackend::Postgres => {
            "unnest(CAST(:ids AS uuid[]), CAST(:memo_ids AS uuid[])) AS hold (id, memo_id)"
        }
        _ => {
            "(
                SELECT unhex(i.value) AS id, unhex(m.value) AS memo_id
                FROM json_each(:ids) i
                JOIN json_each(:memo_ids) m ON m.key = i.key
            ) AS hold"
        }
    };
    let mut parameters = Parameters::new(backend);
    parameters.bind_ids("ids", ids).bind_ids("memo_ids", memo_ids);
    parameters.bind("reason", new.reason.as_str()).bind("matter", new.matter.as_str());
    parameters.bind("placed_by", placed_by).bind("now", now);
    parameters.statement(&format!(
        "INSERT INTO memo_holds (
            id, memo_id, held_memo_id, reason, placed_by, placed_at, matter
        )
        SELECT hold.id, hold.memo_id, hold.memo_id, :reason, :placed_by, :now, :matter
        FROM {holds}
        WHERE TRUE
        ON CONFLICT DO NOTHING
        RETURNING memo_id"
    ))
}

/// How many of the selected memos the matter holds.
async fn count_held(
    transaction: &DatabaseTransaction,
    selection: &HoldSelection,
    matter: &str,
) -> Result<u64> {
    let held = held_memos_statement(transaction.get_database_backend(), selection, matter);
    let row = transaction.query_one_raw(held).await?;
    let n: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(n).unwrap_or_default())
}

fn held_memos_statement(backend: DbBackend, selection: &HoldSelection, matter: &str) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("matter", matter);
    let selected = selection.ids(&mut parameters);
    parameters.statement(&format!(
        "SELECT count(*) AS n
        FROM ({selected}) s
        JOIN memo_holds h ON h.held_memo_id = s.id AND h.matter = :matter"
    ))
}

/// Releases the holds of a matter, [`MAX_HELD`] at most. The caller has checked that the viewer is
/// an administrator.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn release_many(services: &Services, viewer: Viewer, matter: &str) -> Result<Released> {
    let released = in_transaction(&services.database, async |transaction| -> Result<_> {
        release_in(services, transaction, viewer, matter).await
    })
    .await?;
    tracing::info!(person = %ids::user(viewer.id), released = released.memo_ids.len(),
        "holds released");
    Ok(released)
}

async fn release_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    matter: &str,
) -> Result<Released> {
    use memo_hold::Column;
    let backend = transaction.get_database_backend();
    let held: Vec<Uuid> = memo_hold::Entity::find()
        .select_only()
        .column(Column::HeldMemoId)
        .filter(Column::Matter.eq(matter))
        .filter(Column::HeldMemoId.is_not_null())
        .order_by_asc(Column::HeldMemoId)
        .limit(MAX_HELD as u64 + 1)
        .into_tuple()
        .all(transaction)
        .await?;
    let (memo_ids, has_more) = portion(held);
    lock(transaction, &memo_ids).await?;
    memo_hold::Entity::update_many()
        .col_expr(Column::HeldMemoId, Expr::value(None::<Uuid>))
        .col_expr(Column::ReleasedBy, Expr::value(viewer.id))
        .col_expr(Column::ReleasedAt, Expr::value(services.now()))
        .filter(Column::Matter.eq(matter))
        .filter(is_one_of(backend, Column::HeldMemoId, &memo_ids))
        .exec(transaction)
        .await?;
    Ok(Released { memo_ids, has_more })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let (id, now) = (Uuid::nil(), DateTime::UNIX_EPOCH);
        let selected = HoldSelection {
            participant_id: Some(id),
            author_id: Some(id),
            recipient_id: Some(id),
            tag_id: Some(id),
            deal_id: Some(id),
            sent_from: Some(now),
            sent_before: Some(now),
        };
        for (name, selection) in [("everything", HoldSelection::default()), ("selected", selected)]
        {
            assert_statement(&format!("memos_without_hold.{name}"), |backend| {
                memos_without_hold_statement(backend, &selection, "Audit")
            });
            assert_statement(&format!("held_memos.{name}"), |backend| {
                held_memos_statement(backend, &selection, "Audit")
            });
        }
        assert_statement("deleted_memos", |backend| deleted_memos_statement(backend, &[id]));
        let new = NewHold { matter: String::new(), reason: String::new() };
        assert_statement("new_holds", |backend| {
            new_holds_statement(backend, (&[id], &[id]), &new, id, now)
        });
    }
}
