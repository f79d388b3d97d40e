//! What an erasure leaves behind, and the purge removes: rows that requests under way wrote after
//! it, and erased texts in the free space of SQLite's file.

use super::effects::{all_erased, delete_own_rows};
use crate::{Result, Services, database::in_transaction, installation, memos};
use entity::{memo_id, user};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// Removes the traces of all erased people. Several processes may do it at the same time.
///
/// # Errors
/// Returns errors of the database. The next pass does the rest.
pub async fn purge(services: &Services) -> Result<()> {
    let erased = user::Entity::find().filter(user::Column::ErasedAt.is_not_null());
    if erased.count(services.database.connection()).await? == 0 {
        return Ok(());
    }
    let rows = in_transaction(&services.database, async |transaction| -> Result<_> {
        delete_own_rows(transaction, &all_erased()).await
    })
    .await?;
    if rows > 0 {
        tracing::info!(rows, "rows of erased people removed, which were written after the erasure");
    }
    remove(services).await?;
    Ok(())
}

/// Removes erased texts from SQLite's file, if an erasure has left any. Returns whether none are
/// left. PostgreSQL's own vacuum removes old versions of rows, and no dump contains them.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn remove(services: &Services) -> Result<bool> {
    let database = &services.database;
    let marked = installation::get(database.connection(), installation::ERASED_TRACES).await?;
    let Some(since) = marked else { return Ok(true) };
    let erasing = memo_id::Entity::find().filter(memo_id::Column::Erasing.eq(true));
    if erasing.one(database.connection()).await?.is_some() {
        // The rest of a draft goes first.
        return Ok(false);
    }
    memos::merge_index(database).await?;
    if !database.compact().await? {
        return Ok(false);
    }
    in_transaction(database, async |transaction| -> Result<_> {
        installation::remove(transaction, installation::ERASED_TRACES, &since).await
    })
    .await?;
    Ok(true)
}
