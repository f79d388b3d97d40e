//! Reads deletion records: who may see which record, and how much of it.

use super::{
    inventory::{self, Item, ItemCount, ItemKey, ItemKind, KeptReason, MissingThing, Whose},
    policy::Warning,
};
use crate::{
    Result, Services, Viewer,
    access::{RecordAccess, RecordSight, visible_records},
    database::sql::{any_of, is_one_of},
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::{Disposition, memo_deletion, memo_deletion_missing};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    Select,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Which records to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Only those of this memo.
    pub memo_id: Option<Uuid>,
    /// The state is one of these.
    pub states: Option<Vec<RecordState>>,
}

/// What has become of a deleted memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    /// It can be restored.
    Restorable,
    /// It was restored.
    Restored,
    /// Its time is over, or it was erased.
    Gone,
}

impl RecordState {
    fn condition(self, now: DateTime<Utc>) -> Condition {
        use memo_deletion::Column;
        let restorable =
            Condition::all().add(Column::PurgedAt.is_null()).add(Column::RestorableUntil.gt(now));
        let deleted = Condition::all().add(Column::RestoredAt.is_null());
        match self {
            Self::Restorable => deleted.add(restorable),
            Self::Restored => deleted.not(),
            Self::Gone => deleted.add(restorable.not()),
        }
    }
}

/// Records that the viewer may see, the latest first.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    viewer: Viewer,
    filter: &RecordFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<memo_deletion::Model>> {
    let query = page.newest_first(select(services, viewer, filter), memo_deletion::Column::Id);
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many records the viewer may see.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(services: &Services, viewer: Viewer, filter: &RecordFilter) -> Result<u64> {
    Ok(select(services, viewer, filter).count(services.database.connection()).await?)
}

fn select(
    services: &Services,
    viewer: Viewer,
    filter: &RecordFilter,
) -> Select<memo_deletion::Entity> {
    let mut query = memo_deletion::Entity::find().filter(visible_records(viewer));
    if let Some(memo_id) = filter.memo_id {
        query = query.filter(memo_deletion::Column::MemoId.eq(memo_id));
    }
    if let Some(states) = &filter.states {
        let now = services.now();
        let conditions = states.iter().map(|state| state.condition(now));
        query = query.filter(any_of(conditions));
    }
    query
}

/// The record of a memo that is deleted now, if the viewer may see it.
///
/// # Errors
/// Returns errors of the database.
pub async fn find_current(
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Result<Vec<memo_deletion::Model>> {
    Ok(memo_deletion::Entity::find()
        .filter(is_one_of(services.database.backend(), memo_deletion::Column::MemoId, memo_ids))
        .filter(memo_deletion::Column::RestoredAt.is_null())
        .filter(visible_records(viewer))
        .all(services.database.connection())
        .await?)
}

/// Those of the records with these ids that the viewer may see.
///
/// # Errors
/// Returns errors of the database.
pub async fn records_by_ids(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<memo_deletion::Model>> {
    Ok(memo_deletion::Entity::find()
        .filter(is_one_of(services.database.backend(), memo_deletion::Column::Id, ids))
        .filter(visible_records(viewer))
        .all(services.database.connection())
        .await?)
}

/// A page of what went or stayed. People involved in the memo get the preview's own list while the
/// memo can be restored. It is read from what the deletion left in place. Otherwise each item has a
/// kind only.
///
/// # Errors
/// Returns errors of the database.
pub async fn record_items(
    services: &Services,
    viewer: Viewer,
    record: &memo_deletion::Model,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let in_place = record.restored_at.is_none() && record.purged_at.is_none();
    let sight = RecordAccess::of(record, viewer).sight();
    if !in_place || sight < RecordSight::Content {
        return bare_items(&record_counts(record)?, &record.kept_files, disposition, page);
    }
    let connection = services.database.connection();
    let whose = Whose::Record { kept_files: &record.kept_files };
    let comments = inventory::comments_of(disposition, page);
    let belongings = inventory::read(
        connection,
        services,
        viewer,
        record.memo_id,
        whose,
        services.now(),
        comments,
    )
    .await?;
    let Some(belongings) = belongings else { return Ok(Page::default()) };
    let missing = missing(connection, viewer, record).await?;
    Ok(Page::of(page, inventory::list(&belongings, &missing, disposition, page)))
}

/// What somebody has deleted since, with the names that the viewer could see.
pub(super) async fn missing<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    record: &memo_deletion::Model,
) -> Result<Vec<MissingThing>> {
    use memo_deletion_missing::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::DeletionId.eq(record.id))
        .order_by_asc(Column::Kind)
        .order_by_asc(Column::NodeId)
        .all(connection)
        .await?;
    let could_see = |row: &memo_deletion_missing::Model| {
        (row.author_sees && viewer.id == record.author_id)
            || (row.recipient_sees && viewer.id == record.recipient_id)
    };
    let mut missing = Vec::with_capacity(rows.len());
    for row in rows {
        let label = if could_see(&row) { row.label } else { None };
        missing.push(MissingThing { kind: from_word(row.kind)?, label });
    }
    // In the order of the inventory, like the lists.
    missing.sort_by_key(|thing| thing.kind);
    Ok(missing)
}

/// Items without names, made from counts. `kept_files` contains the reasons why files stay.
pub(super) fn bare_items(
    counts: &[ItemCount],
    kept_files: &serde_json::Value,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let of_files: Vec<KeptReason> = match kept_files.as_object() {
        Some(files) => {
            files.values().cloned().map(serde_json::from_value).collect::<Result<_, _>>()?
        }
        None => Vec::new(),
    };
    let mut items = Vec::new();
    let wanted = usize::try_from(page.limit + 1).unwrap_or(usize::MAX);
    for (rank, ItemCount { kind, count, .. }) in
        counts.iter().copied().filter(|count| count.disposition == disposition).enumerate()
    {
        let rank = i64::try_from(rank).unwrap_or(i64::MAX);
        let first = match page.after {
            Some((after_rank, ..)) if after_rank > rank => continue,
            Some((after_rank, number, _)) if after_rank == rank => {
                u64::try_from(number).unwrap_or_default()
            }
            _ => 0,
        };
        for place in first..count {
            if items.len() == wanted {
                break;
            }
            let of_file =
                usize::try_from(place).ok().and_then(|place| of_files.get(place).copied());
            let reason = match (disposition, kind) {
                (Disposition::Removed, _) => None,
                (Disposition::Kept, ItemKind::File) => of_file,
                (Disposition::Kept, kind) => inventory::reason_of(kind),
            };
            items.push(Item {
                key: (rank, i64::try_from(place + 1).unwrap_or(i64::MAX), Uuid::nil()),
                kind,
                node: None,
                label: None,
                kept_reason: reason,
            });
        }
    }
    Ok(Page::of(page, items))
}

/// Parses a value of an enum from its stored code.
fn from_word<T: DeserializeOwned>(word: String) -> Result<T> {
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

/// How many things of each kind went and stayed.
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
