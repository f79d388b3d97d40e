//! Reading deletion records: who may see which, and how much of them.

use super::{
    inventory::{Item, ItemCount, ItemKey},
    policy::Warning,
};
use crate::{
    Result, Services, Viewer,
    database::sql::is_one_of,
    page::{Page, PageRequest},
};
use entity::{Disposition, MemoRole, memo_deletion, memo_deletion_item};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Which records are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Only those of this memo.
    pub memo_id: Option<Uuid>,
    /// Only those that can, or cannot, be restored now.
    pub restorable: Option<bool>,
}

/// Records that the viewer may see, the latest first: own deletions, and those of memos of which they were author or recipient; for
/// administrators all.
///
/// # Errors
/// What the database answers.
pub async fn list(
    services: &Services,
    viewer: Viewer,
    filter: &RecordFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<memo_deletion::Model>> {
    use memo_deletion::Column;
    let mut query = memo_deletion::Entity::find().filter(visible(viewer));
    if let Some(memo_id) = filter.memo_id {
        query = query.filter(Column::MemoId.eq(memo_id));
    }
    if let Some(restorable) = filter.restorable {
        let condition = Condition::all()
            .add(Column::RestoredAt.is_null())
            .add(Column::PurgedAt.is_null())
            .add(Column::RestorableUntil.gt(services.now()));
        query = query.filter(if restorable { condition } else { condition.not() });
    }
    let rows = page.newest_first(query, Column::Id).all(services.database.connection()).await?;
    Ok(Page::of(page, rows))
}

/// What remains of a memo that is deleted now, if the viewer may see it.
///
/// # Errors
/// What the database answers.
pub async fn find_current(
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Result<Vec<memo_deletion::Model>> {
    Ok(memo_deletion::Entity::find()
        .filter(is_one_of(services.database.backend(), memo_deletion::Column::MemoId, memo_ids))
        .filter(memo_deletion::Column::RestoredAt.is_null())
        .filter(visible(viewer))
        .all(services.database.connection())
        .await?)
}

/// Records by their ids, those that the viewer may see.
///
/// # Errors
/// What the database answers.
pub async fn records_by_ids(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<memo_deletion::Model>> {
    Ok(memo_deletion::Entity::find()
        .filter(is_one_of(services.database.backend(), memo_deletion::Column::Id, ids))
        .filter(visible(viewer))
        .all(services.database.connection())
        .await?)
}

fn visible(viewer: Viewer) -> Condition {
    use memo_deletion::Column;
    if viewer.is_admin() {
        return Condition::all();
    }
    Condition::any()
        .add(Column::DeletedBy.eq(viewer.id))
        .add(Column::AuthorId.eq(viewer.id))
        .add(Column::RecipientId.eq(viewer.id))
}

/// What a person was to the memo of a record; empty for an administrator who had no part in it.
pub fn roles(record: &memo_deletion::Model, person: Uuid) -> Vec<MemoRole> {
    [(record.author_id, MemoRole::Author), (record.recipient_id, MemoRole::Recipient)]
        .into_iter()
        .filter(|(id, _)| *id == person)
        .map(|(_, role)| role)
        .collect()
}

/// A page of what a record says went or stayed. Names are shown to those who could see them when the memo was deleted.
///
/// # Errors
/// What the database answers.
pub async fn record_items(
    services: &Services,
    viewer: Viewer,
    record: &memo_deletion::Model,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    use memo_deletion_item::Column;
    let mut query = memo_deletion_item::Entity::find()
        .filter(Column::DeletionId.eq(record.id))
        .filter(Column::Disposition.eq(disposition))
        .order_by(Column::Position, Order::Asc)
        .limit(page.limit + 1);
    if let Some((position, _)) = page.after {
        query = query.filter(Column::Position.gt(position));
    }
    let rows = query.all(services.database.connection()).await?;
    let items: Vec<Item> = rows.into_iter().map(|row| item(record, viewer, row)).collect::<Result<_>>()?;
    Ok(Page::of(page, items))
}

fn item(record: &memo_deletion::Model, viewer: Viewer, row: memo_deletion_item::Model) -> Result<Item> {
    let sees = (viewer.id == record.author_id && row.author_sees)
        || (viewer.id == record.recipient_id && row.recipient_sees);
    Ok(Item {
        key: (row.position, row.deletion_id),
        kind: from_word(row.kind)?,
        node: row.node_id.filter(|_| sees),
        label: row.label.filter(|_| sees),
        kept_reason: row.kept_reason.map(from_word).transpose()?,
    })
}

fn from_word<T: DeserializeOwned>(word: String) -> Result<T> {
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

/// How many things went and stayed.
///
/// # Errors
/// [`crate::Error::Json`] if the stored JSON is damaged.
pub fn record_counts(record: &memo_deletion::Model) -> Result<Vec<ItemCount>> {
    Ok(serde_json::from_value(record.counts.clone())?)
}

/// The warnings that were confirmed.
///
/// # Errors
/// [`crate::Error::Json`] if the stored JSON is damaged.
pub fn record_warnings(record: &memo_deletion::Model) -> Result<Vec<Warning>> {
    Ok(serde_json::from_value(record.warnings.clone())?)
}
