//! Erases the drafts of a person who is erased. A draft exists for its author alone, so nobody else
//! needs it.

use super::content::{self, Portion};
use crate::{Result, database::lock::LockRows, ledger};
use chrono::{DateTime, Utc};
use entity::{LedgerKind, memo, memo_deletion};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// What is left of a person's drafts.
#[derive(Debug, Default)]
pub(crate) struct DraftsErased {
    /// The contents of the erased files. Other files may have them too.
    pub(crate) contents: Vec<String>,
    /// Whether the purge has to erase more rows. Nobody can read them.
    pub(crate) has_more: bool,
}

/// Erases all drafts of a person, live and deleted, and empties the records of their deletions.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn erase_drafts_of(
    transaction: &DatabaseTransaction,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<DraftsErased> {
    let mut drafts: Vec<Uuid> = memo::Entity::find()
        .select_only()
        .column(memo::Column::Id)
        .filter(memo::Column::AuthorId.eq(person))
        .filter(memo::Column::Draft.eq(true))
        .order_by_asc(memo::Column::Id)
        .lock_rows()
        .into_tuple()
        .all(transaction)
        .await?;
    content::erase_live_rows(transaction, &drafts).await?;
    let records = memo_deletion::Entity::find()
        .filter(memo_deletion::Column::AuthorId.eq(person))
        .filter(memo_deletion::Column::Draft.eq(true))
        .filter(memo_deletion::Column::PurgedAt.is_null())
        .order_by_asc(memo_deletion::Column::Id)
        .lock_rows()
        .all(transaction)
        .await?;
    let mut purged = Vec::new();
    for record in records {
        let (id, memo_id, is_deleted) = (record.id, record.memo_id, record.restored_at.is_none());
        if content::erase(transaction, record, now, None).await?.is_some() {
            purged.push((id, memo_id));
            drafts.extend(is_deleted.then_some(memo_id));
        }
    }
    ledger::note(transaction, LedgerKind::Purged, &purged, None, now).await?;
    let Portion { contents, has_more } = content::erase_belongings(transaction, &drafts).await?;
    Ok(DraftsErased { contents, has_more })
}
