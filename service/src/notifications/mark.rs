//! Marking notifications as read.

use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{is_one_of, lock_rows, statement},
    },
};
use chrono::{DateTime, Utc};
use entity::notification;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Most notifications that are marked by their ids at once.
pub const MAX_MARKED: usize = 100;

/// Marks the notifications as read. Answers those of the viewer, each once, in their order. One
/// that has been read keeps the moment of that.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn mark_read(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<notification::Model>> {
    let now = services.now();
    let rows = in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        // Locked in the order of their ids, so that two who mark the same ones do not wait for each
        // other.
        let mut rows = notification::Entity::find()
            .filter(is_one_of(backend, notification::Column::Id, ids))
            .filter(notification::Column::UserId.eq(viewer.id))
            .order_by_asc(notification::Column::Id)
            .lock_exclusive()
            .all(transaction)
            .await?;
        let unread: Vec<Uuid> =
            rows.iter().filter(|row| row.read_at.is_none()).map(|row| row.id).collect();
        if !unread.is_empty() {
            notification::Entity::update_many()
                .col_expr(notification::Column::ReadAt, Expr::value(now))
                .filter(is_one_of(backend, notification::Column::Id, &unread))
                .exec(transaction)
                .await?;
        }
        for row in &mut rows {
            row.read_at.get_or_insert(now);
        }
        Ok(rows)
    })?;
    let mut rows: HashMap<Uuid, notification::Model> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// Marks as read all that the viewer was told up to that moment, or until now. Answers how many had
/// not been read.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn mark_all_read(
    services: &Services,
    viewer: Viewer,
    up_to: Option<DateTime<Utc>>,
) -> Result<u64> {
    let now = services.now();
    let up_to = up_to.unwrap_or(now);
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let lock = lock_rows(backend, "notifications");
        let sql = format!(
            "WITH unread AS MATERIALIZED (SELECT id FROM notifications \
             WHERE user_id = $1 AND read_at IS NULL AND created_at <= $2 ORDER BY id{lock}) \
             UPDATE notifications SET read_at = $3 WHERE id IN (SELECT id FROM unread)"
        );
        let values = [viewer.id.into(), up_to.into(), now.into()];
        Ok(transaction.execute_raw(statement(backend, sql, values)).await?.rows_affected())
    })
}
