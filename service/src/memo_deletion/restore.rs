//! Brings a deleted memo back, under its own id, with every link whose other end still exists.

use super::inventory::ItemKind;
use crate::{Result, Services, Viewer, database::in_transaction, events};
use chrono::{DateTime, Utc};
use entity::{
    Disposition, MemoEventKind, comment, deal, file, memo, memo_deletion, memo_deletion_item, memo_file,
    memo_subscriber, memo_tag, project, reminder, resolution, tag, task, unread_mark, user,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use uuid::Uuid;

/// Rows of one insert: SQLite allows 32,766 values a statement, PostgreSQL 65,535.
const ROWS_AN_INSERT: usize = 1_000;

/// What came of a restore.
#[derive(Debug)]
pub enum RestoreOutcome {
    /// The memo is back.
    Restored {
        /// The record, now marked as restored.
        record: Box<memo_deletion::Model>,
        /// Links that could not be made again, because their other end is gone.
        missing: Vec<Missing>,
        /// Whether the same person had restored it before, and nothing was done now.
        replayed: bool,
    },
    /// There is no such record for this person.
    NotFound,
    /// Only who deleted it may restore it, and its author if the recipient deleted it.
    NotAllowed,
    /// Somebody has restored it already.
    AlreadyRestored,
    /// The time for restoring is over.
    Expired,
}

/// A link that a restore could not make again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its kind.
    pub kind: ItemKind,
    /// The name of its other end, or the thing's beginning, as it was.
    pub label: Option<String>,
}

/// Restores the memo of a record.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn restore(services: &Services, viewer: Viewer, record_id: Uuid) -> Result<RestoreOutcome> {
    let outcome = in_transaction!(services.database, |transaction| restore_in(
        services,
        transaction,
        viewer,
        record_id
    )
    .await)?;
    if let RestoreOutcome::Restored { record, missing, replayed } = &outcome {
        tracing::info!(memo_id = %record.memo_id, person = %viewer.id, record = %record.id, missing = missing.len(), replayed, "memo restored");
    }
    Ok(outcome)
}

async fn restore_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    record_id: Uuid,
) -> Result<RestoreOutcome> {
    let now = services.now();
    // On SQLite this adds nothing: the transaction has locked everything already.
    let query = memo_deletion::Entity::find_by_id(record_id).lock_exclusive();
    let Some(record) = query.one(transaction).await? else { return Ok(RestoreOutcome::NotFound) };
    if !may_see(&record, viewer) {
        return Ok(RestoreOutcome::NotFound);
    }
    if !may_restore(&record, viewer) {
        return Ok(RestoreOutcome::NotAllowed);
    }
    if record.restored_at.is_some() {
        return Ok(if record.restored_by == Some(viewer.id) {
            let missing = Vec::new();
            RestoreOutcome::Restored { record: Box::new(record), missing, replayed: true }
        } else {
            RestoreOutcome::AlreadyRestored
        });
    }
    if is_over(&record, now) {
        return Ok(RestoreOutcome::Expired);
    }

    let missing = rebuild(transaction, record_id).await?;
    events::record(services, transaction, viewer.id, record.memo_id, MemoEventKind::Restored).await?;
    let mut record = record.into_active_model();
    record.restored_at = Set(Some(now));
    record.restored_by = Set(Some(viewer.id));
    let record = record.update(transaction).await?;
    Ok(RestoreOutcome::Restored { record: Box::new(record), missing, replayed: false })
}

fn may_see(record: &memo_deletion::Model, viewer: Viewer) -> bool {
    viewer.is_admin() || viewer.id == record.author_id || viewer.id == record.recipient_id
}

/// Who deleted may restore; so may the author, since the only other person who can delete is the recipient.
fn may_restore(record: &memo_deletion::Model, viewer: Viewer) -> bool {
    viewer.id == record.deleted_by || viewer.id == record.author_id
}

fn is_over(record: &memo_deletion::Model, now: DateTime<Utc>) -> bool {
    record.purged_at.is_some() || record.restorable_until <= now
}

/// Whether a restore by the viewer would succeed now. A hint: [`restore`] decides again.
pub fn can_restore(record: &memo_deletion::Model, viewer: Viewer, now: DateTime<Utc>) -> bool {
    may_restore(record, viewer) && record.restored_at.is_none() && !is_over(record, now)
}

/// Inserts the memo and what went with it; answers what could not be linked again.
async fn rebuild(transaction: &DatabaseTransaction, record_id: Uuid) -> Result<Vec<Missing>> {
    let items = memo_deletion_item::Entity::find()
        .filter(memo_deletion_item::Column::DeletionId.eq(record_id))
        .filter(memo_deletion_item::Column::Disposition.eq(Disposition::Removed))
        .order_by_asc(memo_deletion_item::Column::Position)
        .all(transaction)
        .await?;
    let mut snapshot = Snapshot { items, missing: Vec::new() };

    let Some(mut memo) = snapshot.rows::<memo::Model>(ItemKind::Memo)?.pop() else {
        return Err(crate::Error::Inconsistent(format!("the record {record_id} holds no memo")));
    };
    snapshot.keep_link::<task::Entity>(transaction, ItemKind::TaskLink, &mut memo.task_id).await?;
    snapshot.keep_link::<project::Entity>(transaction, ItemKind::ProjectLink, &mut memo.project_id).await?;
    snapshot.keep_link::<deal::Entity>(transaction, ItemKind::DealLink, &mut memo.deal_id).await?;
    snapshot
        .keep_link::<resolution::Entity>(transaction, ItemKind::ResolutionLink, &mut memo.resolution_id)
        .await?;
    // Above what any earlier confirmation was bound to. The counts come back with the comments, by the triggers.
    memo.revision += 1;
    memo.version += 1;
    (memo.comment_count, memo.author_comment_count, memo.recipient_comment_count) = (0, 0, 0);
    memo.into_active_model().insert(transaction).await?;

    let subscribers: Vec<memo_subscriber::Model> = snapshot.rows(ItemKind::SubscriberLink)?;
    let tags: Vec<memo_tag::Model> = snapshot.rows(ItemKind::TagLink)?;
    let comments: Vec<comment::Model> = snapshot.rows(ItemKind::Comment)?;
    let reminders: Vec<reminder::Model> = snapshot.rows(ItemKind::Reminder)?;
    let unread: Vec<unread_mark::Model> = snapshot.rows(ItemKind::UnreadMark)?;
    let files: Vec<file::Model> = snapshot.rows(ItemKind::File)?;
    let attachments: Vec<memo_file::Model> = snapshot.rows(ItemKind::Attachment)?;

    let people = existing::<user::Entity>(
        transaction,
        subscribers
            .iter()
            .map(|x| x.user_id)
            .chain(comments.iter().map(|x| x.author_id))
            .chain(reminders.iter().map(|x| x.user_id))
            .chain(unread.iter().map(|x| x.user_id))
            .chain(files.iter().map(|x| x.uploaded_by)),
    )
    .await?;
    let subscribers = snapshot.keep(ItemKind::SubscriberLink, subscribers, |x| people.contains(&x.user_id));
    insert_all(transaction, subscribers).await?;
    let known_tags = existing::<tag::Entity>(transaction, tags.iter().map(|x| x.tag_id)).await?;
    let tags = snapshot.keep(ItemKind::TagLink, tags, |x| known_tags.contains(&x.tag_id));
    insert_all(transaction, tags).await?;
    let comments = snapshot.keep(ItemKind::Comment, comments, |x| people.contains(&x.author_id));
    insert_all(transaction, comments).await?;
    let reminders = snapshot.keep(ItemKind::Reminder, reminders, |x| people.contains(&x.user_id));
    insert_all(transaction, reminders).await?;
    let unread = snapshot.keep(ItemKind::UnreadMark, unread, |x| people.contains(&x.user_id));
    insert_all(transaction, unread).await?;
    let files = snapshot.keep(ItemKind::File, files, |x| people.contains(&x.uploaded_by));
    insert_all(transaction, files).await?;
    let known_files = existing::<file::Entity>(transaction, attachments.iter().map(|x| x.file_id)).await?;
    let attachments = snapshot.keep(ItemKind::Attachment, attachments, |x| known_files.contains(&x.file_id));
    insert_all(transaction, attachments).await?;
    Ok(snapshot.missing)
}

/// The removed items of a record, and what of them has no other end any more.
struct Snapshot {
    items: Vec<memo_deletion_item::Model>,
    missing: Vec<Missing>,
}

impl Snapshot {
    fn of_kind(&self, kind: ItemKind) -> impl Iterator<Item = &memo_deletion_item::Model> {
        let word = super::inventory::word(kind);
        self.items.iter().filter(move |item| item.kind == word)
    }

    fn rows<M: DeserializeOwned>(&self, kind: ItemKind) -> Result<Vec<M>> {
        self.of_kind(kind)
            .filter_map(|item| item.content.as_deref())
            .map(|content| Ok(serde_json::from_str(content)?))
            .collect()
    }

    /// Clears a link of the memo's own row if its other end is gone.
    async fn keep_link<E>(
        &mut self,
        transaction: &DatabaseTransaction,
        kind: ItemKind,
        link: &mut Option<Uuid>,
    ) -> Result<()>
    where
        E: EntityTrait<PrimaryKey: sea_orm::PrimaryKeyTrait<ValueType = Uuid>>,
    {
        if existing::<E>(transaction, link.iter().copied()).await?.is_empty() && link.take().is_some() {
            let labels: Vec<Missing> =
                self.of_kind(kind).map(|item| Missing { kind, label: item.label.clone() }).collect();
            self.missing.extend(labels);
        }
        Ok(())
    }

    /// The rows whose other end exists; the others become missing. Rows and items of a kind stand in the same order.
    fn keep<M>(&mut self, kind: ItemKind, rows: Vec<M>, exists: impl Fn(&M) -> bool) -> Vec<M> {
        let labels: Vec<Option<String>> = self.of_kind(kind).map(|item| item.label.clone()).collect();
        let mut kept = Vec::with_capacity(rows.len());
        for (row, label) in rows.into_iter().zip(labels) {
            if exists(&row) {
                kept.push(row);
            } else {
                self.missing.push(Missing { kind, label });
            }
        }
        kept
    }
}

/// Which of the ids exist.
async fn existing<E>(
    transaction: &DatabaseTransaction,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashSet<Uuid>>
where
    E: EntityTrait<PrimaryKey: sea_orm::PrimaryKeyTrait<ValueType = Uuid>>,
{
    use sea_orm::{Iterable, PrimaryKeyToColumn};
    let mut found = HashSet::new();
    let ids: HashSet<Uuid> = ids.collect();
    let Some(key) = E::PrimaryKey::iter().next() else { return Ok(found) };
    let column = key.into_column();
    for ids in ids.into_iter().collect::<Vec<_>>().chunks(ROWS_AN_INSERT) {
        let rows: Vec<Uuid> = E::find()
            .select_only()
            .column(column)
            .filter(column.is_in(ids.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

async fn insert_all<M, A>(transaction: &DatabaseTransaction, rows: Vec<M>) -> Result<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    let mut rows: Vec<A> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_AN_INSERT));
        A::Entity::insert_many(rows).exec_without_returning(transaction).await?;
        rows = rest;
    }
    Ok(())
}
