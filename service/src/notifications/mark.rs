//! Marking notifications as read.

use crate::{
    Result, Services, Viewer,
    database::{Parameters, in_transaction, lock::LockRows, sql::is_one_of},
};
use chrono::{DateTime, Utc};
use entity::notification;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement,
    sea_query::Expr,
};
use std::collections::HashMap;
use uuid::Uuid;

/// The maximum number of notifications in one request to mark.
pub const MAX_MARKED: usize = 100;

/// Marks the notifications as read. Returns those of the viewer, in their order without duplicates.
/// A notification that is already read keeps its time of reading.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn mark_read(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<notification::Model>> {
    let now = services.now();
    let rows = in_transaction(&services.database, async |transaction| -> Result<_> {
        let backend = transaction.get_database_backend();
        // Rows are locked in the order of their ids. So two requests that mark the same ones cause
        // no deadlock.
        let mut rows = notification::Entity::find()
            .filter(is_one_of(backend, notification::Column::Id, ids))
            .filter(notification::Column::UserId.eq(viewer.id))
            .order_by_asc(notification::Column::Id)
            .lock_rows()
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
    })
    .await?;
    let mut rows: HashMap<Uuid, notification::Model> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// Marks all of the viewer's notifications up to a time, or until now, as read. Returns the number
/// of unread ones among them.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn mark_all_read(
    services: &Services,
    viewer: Viewer,
    up_to: Option<DateTime<Utc>>,
) -> Result<u64> {
    let now = services.now();
    let up_to = up_to.unwrap_or(now);
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let backend = transaction.get_database_backend();
        let read = read_notifications_statement(backend, viewer.id, up_to, now);
        Ok(transaction.execute_raw(read).await?.rows_affected())
    })
    .await
}

fn read_notifications_statement(
    backend: DbBackend,
    viewer: Uuid,
    up_to: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("viewer", viewer).bind("up_to", up_to).bind("now", now).statement(
        "WITH unread_notifications AS MATERIALIZED (
            SELECT id
            FROM notifications
            WHERE user_id = :viewer AND read_at IS NULL AND created_at <= :up_to
            ORDER BY id
            FOR UPDATE
        )
        UPDATE notifications
        SET read_at = :now
        WHERE id IN (SELECT id FROM unread_notifications)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let now = DateTime::UNIX_EPOCH;
        assert_statement("read_notifications", |backend| {
            read_notifications_statement(backend, Uuid::nil(), now, now)
        });
    }
}
