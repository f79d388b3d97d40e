//! Placing a matter's hold on a selection of memos, and releasing all holds of a matter, in
//! portions. Whoever asks again goes on where the last portion ended, since what is done is no
//! longer selected.

use super::{HoldSelection, NewHold};
use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{Parameters, id_pairs_first, is_one_of, is_one_of_first, lock_rows, statement},
    },
    ids,
};
use entity::{deleted_memo, memo_hold};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryResult, sea_query::Expr,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Most memos that one call holds or releases.
pub const MAX_HELD: usize = 1_000;

/// What came of placing holds on a selection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// The memos that are on hold for the matter since this call.
    pub placed: Vec<Uuid>,
    /// How many memos of the selection were on hold for the matter before.
    pub already: u64,
    /// The memos that somebody deleted, restored or erased at this moment: they are as they were.
    pub missed: Vec<Uuid>,
    /// Whether memos of the selection may still be without the hold.
    pub has_more: bool,
}

/// What came of releasing the holds of a matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Released {
    /// The memos that the matter does not hold any more. Another one may.
    pub memo_ids: Vec<Uuid>,
    /// Whether the matter still holds memos.
    pub has_more: bool,
}

/// Places a hold on each of the selected memos that has none for the matter, on [`MAX_HELD`] at
/// most. The caller has made sure that the viewer is an administrator.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn place_many(
    services: &Services,
    viewer: Viewer,
    selection: &HoldSelection,
    new: &NewHold,
) -> Result<Held> {
    let held = in_transaction!(services.database, |transaction| place_in(
        services,
        transaction,
        viewer,
        selection,
        new
    )
    .await)?;
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
    let mut parameters = Parameters::default();
    let ids = selection.ids(&mut parameters);
    let matter = parameters.bind(matter);
    let limit = parameters.bind(one_more());
    let sql = format!(
        "SELECT s.id FROM ({ids}) s WHERE NOT EXISTS \
         (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = s.id AND h.matter = {matter}) \
         ORDER BY s.id LIMIT {limit}"
    );
    let query = statement(transaction.get_database_backend(), sql, parameters.0);
    Ok(portion(read_ids(&transaction.query_all_raw(query).await?, "id")?))
}

fn one_more() -> i64 {
    i64::try_from(MAX_HELD + 1).unwrap_or(i64::MAX)
}

/// At most [`MAX_HELD`] ids, and whether there were more.
fn portion(mut ids: Vec<Uuid>) -> (Vec<Uuid>, bool) {
    let more = ids.len() > MAX_HELD;
    ids.truncate(MAX_HELD);
    (ids, more)
}

fn read_ids(rows: &[QueryResult], column: &str) -> Result<Vec<Uuid>> {
    Ok(rows.iter().map(|row| row.try_get("", column)).collect::<Result<_, _>>()?)
}

/// Locks the rows of the memos, live and deleted, in the order of their ids; answers those that are
/// there. On SQLite the transaction has locked everything, and all are.
async fn lock(transaction: &DatabaseTransaction, memo_ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let backend = transaction.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(memo_ids.iter().copied().collect());
    }
    let mut found = HashSet::new();
    for table in ["memos", deleted_memo::TABLE] {
        let (one_of, ids) = is_one_of_first(backend, memo_ids);
        let sql = format!(
            "SELECT m.id FROM {table} m WHERE m.id {one_of} ORDER BY m.id{}",
            lock_rows(backend, "m")
        );
        let rows = transaction.query_all_raw(statement(backend, sql, [ids])).await?;
        found.extend(read_ids(&rows, "id")?);
    }
    Ok(found)
}

/// Places the holds; answers the memos that had none for the matter.
async fn insert(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_ids: &[Uuid],
    new: &NewHold,
) -> Result<Vec<Uuid>> {
    let backend = transaction.get_database_backend();
    let ids: Vec<Uuid> = memo_ids.iter().map(|_| services.new_id()).collect();
    let (pairs, [first, second]) = id_pairs_first(backend, &ids, memo_ids);
    // SQLite names a subquery's columns inside it.
    let columns = if backend == DbBackend::Postgres { " (a, b)" } else { "" };
    let sql = format!(
        "INSERT INTO memo_holds (id, memo_id, held_memo_id, reason, placed_by, placed_at, matter) \
         SELECT x.a, x.b, x.b, $3, $4, $5, $6 FROM {pairs} AS x{columns} WHERE TRUE \
         ON CONFLICT DO NOTHING RETURNING memo_id"
    );
    let values = [
        first,
        second,
        new.reason.as_str().into(),
        viewer.id.into(),
        services.now().into(),
        new.matter.as_str().into(),
    ];
    let mut placed =
        read_ids(&transaction.query_all_raw(statement(backend, sql, values)).await?, "memo_id")?;
    placed.sort_unstable();
    Ok(placed)
}

/// How many of the selected memos the matter holds.
async fn count_held(
    transaction: &DatabaseTransaction,
    selection: &HoldSelection,
    matter: &str,
) -> Result<u64> {
    let mut parameters = Parameters::default();
    let ids = selection.ids(&mut parameters);
    let matter = parameters.bind(matter);
    let sql = format!(
        "SELECT count(*) AS n FROM ({ids}) s JOIN memo_holds h ON h.held_memo_id = s.id AND \
         h.matter = {matter}"
    );
    let query = statement(transaction.get_database_backend(), sql, parameters.0);
    let n: i64 = transaction
        .query_one_raw(query)
        .await?
        .map(|row| row.try_get("", "n"))
        .transpose()?
        .unwrap_or_default();
    Ok(u64::try_from(n).unwrap_or_default())
}

/// Releases the holds of a matter, [`MAX_HELD`] at most. The caller has made sure that the viewer
/// is an administrator.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn release_many(services: &Services, viewer: Viewer, matter: &str) -> Result<Released> {
    let released = in_transaction!(services.database, |transaction| release_in(
        services,
        transaction,
        viewer,
        matter
    )
    .await)?;
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
    let sql = "SELECT h.held_memo_id AS id FROM memo_holds h \
        WHERE h.matter = $1 AND h.held_memo_id IS NOT NULL ORDER BY h.held_memo_id LIMIT $2";
    let held = statement(backend, sql, [matter.into(), one_more().into()]);
    let (memo_ids, has_more) = portion(read_ids(&transaction.query_all_raw(held).await?, "id")?);
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
