//! Lists of memos: a box, a filter, an order, a page.

use super::{subscribed_ids, visible};
use crate::{
    Result, Services, Viewer,
    page::{Page, PageRequest},
};
use chrono::{DateTime, Datelike, Utc};
use entity::{MemoStage, memo, memo_tag};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Value,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which memos of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoBox {
    /// Sent to them.
    Inbox,
    /// Sent by them.
    Sent,
    /// That they read along.
    Subscribed,
    /// Their own drafts.
    Drafts,
    /// All that they see.
    AllVisible,
}

/// Which memos of a box. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoFilter {
    /// In one of these stages.
    pub stages: Option<Vec<MemoStage>>,
    /// Of that author.
    pub author_id: Option<Uuid>,
    /// To that recipient.
    pub recipient_id: Option<Uuid>,
    /// With that tag.
    pub tag_id: Option<Uuid>,
    /// About that deal.
    pub deal_id: Option<Uuid>,
    /// Written at or after.
    pub created_from: Option<DateTime<Utc>>,
    /// Written before.
    pub created_before: Option<DateTime<Utc>>,
}

/// By what a list is sorted. Equal rows are sorted by their age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemoOrderField {
    /// When the memo was written.
    #[default]
    CreatedAt,
    /// When its own fields last changed.
    UpdatedAt,
    /// Its name.
    Name,
}

/// How a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoOrder {
    /// By what.
    pub field: MemoOrderField,
    /// The greatest first.
    pub descending: bool,
}

impl Default for MemoOrder {
    fn default() -> Self {
        Self { field: MemoOrderField::CreatedAt, descending: true }
    }
}

/// The place of a memo in a list: what it is sorted by (none for its age, which the id holds), then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemoKey {
    /// Sorted by age.
    Id(Uuid),
    /// Sorted by a moment.
    Time(DateTime<Utc>, Uuid),
    /// Sorted by a text.
    Text(String, Uuid),
}

impl MemoOrderField {
    /// The place of a memo in a list that is sorted by this.
    pub fn key(self, memo: &memo::Model) -> MemoKey {
        match self {
            Self::CreatedAt => MemoKey::Id(memo.id),
            Self::UpdatedAt => MemoKey::Time(memo.updated_at, memo.id),
            Self::Name => MemoKey::Text(memo.name.clone(), memo.id),
        }
    }

    /// Whether a list that is sorted by this has such places, and the database can look for this one.
    pub fn fits(self, key: &MemoKey) -> bool {
        match (self, key) {
            (Self::CreatedAt, MemoKey::Id(_)) => true,
            (Self::UpdatedAt, MemoKey::Time(moment, _)) => is_searchable(*moment),
            (Self::Name, MemoKey::Text(text, _)) => !text.contains('\0'),
            _ => false,
        }
    }

    fn column(self) -> memo::Column {
        match self {
            Self::CreatedAt => memo::Column::Id,
            Self::UpdatedAt => memo::Column::UpdatedAt,
            Self::Name => memo::Column::Name,
        }
    }
}

/// Whether a moment is in the years 1–9999: PostgreSQL ends some millennia before, and SQLite compares texts, whose year has four digits.
pub fn is_searchable(moment: DateTime<Utc>) -> bool {
    (1..=9999).contains(&moment.year())
}

/// A page of a box.
///
/// # Errors
/// What the database answers.
pub async fn list(
    services: &Services,
    viewer: Viewer,
    memo_box: MemoBox,
    filter: &MemoFilter,
    order: MemoOrder,
    page: &PageRequest<MemoKey>,
) -> Result<Page<memo::Model>> {
    let mut query = select(viewer, memo_box, filter);
    if let Some(after) = &page.after {
        query = query.filter(beyond(order, after, !order.descending));
    }
    if let Some(before) = &page.before {
        query = query.filter(beyond(order, before, order.descending));
    }
    let direction = if order.descending == page.from_end { Order::Asc } else { Order::Desc };
    if order.field != MemoOrderField::CreatedAt {
        query = query.order_by(order.field.column(), direction.clone());
    }
    let rows = query
        .order_by(memo::Column::Id, direction)
        .limit(page.limit + 1)
        .all(services.database.connection())
        .await?;
    Ok(Page::of(page, rows))
}

/// How many memos a box holds.
///
/// # Errors
/// What the database answers.
pub async fn count(
    services: &Services,
    viewer: Viewer,
    memo_box: MemoBox,
    filter: &MemoFilter,
) -> Result<u64> {
    Ok(select(viewer, memo_box, filter).count(services.database.connection()).await?)
}

fn select(viewer: Viewer, memo_box: MemoBox, filter: &MemoFilter) -> Select<memo::Entity> {
    use memo::Column;
    let query = memo::Entity::find();
    let query = match memo_box {
        MemoBox::Inbox => query.filter(Column::RecipientId.eq(viewer.id)).filter(Column::Draft.eq(false)),
        MemoBox::Sent => query.filter(Column::AuthorId.eq(viewer.id)).filter(Column::Draft.eq(false)),
        MemoBox::Subscribed => {
            query.filter(Column::Id.in_subquery(subscribed_ids(viewer))).filter(Column::Draft.eq(false))
        }
        MemoBox::Drafts => query.filter(Column::AuthorId.eq(viewer.id)).filter(Column::Draft.eq(true)),
        MemoBox::AllVisible => query.filter(visible(viewer)),
    };
    let mut all = Condition::all();
    if let Some(stages) = &filter.stages {
        all = all.add(Column::Stage.is_in(stages.iter().copied()));
    }
    if let Some(author) = filter.author_id {
        all = all.add(Column::AuthorId.eq(author));
    }
    if let Some(recipient) = filter.recipient_id {
        all = all.add(Column::RecipientId.eq(recipient));
    }
    if let Some(deal) = filter.deal_id {
        all = all.add(Column::DealId.eq(deal));
    }
    if let Some(tag) = filter.tag_id {
        let tagged = memo_tag::Entity::find()
            .select_only()
            .column(memo_tag::Column::MemoId)
            .filter(memo_tag::Column::TagId.eq(tag))
            .into_query();
        all = all.add(Column::Id.in_subquery(tagged));
    }
    if let Some(from) = filter.created_from {
        all = all.add(Column::CreatedAt.gte(from));
    }
    if let Some(before) = filter.created_before {
        all = all.add(Column::CreatedAt.lt(before));
    }
    query.filter(all)
}

/// Rows whose key is greater (or less) than the given one.
fn beyond(order: MemoOrder, key: &MemoKey, greater: bool) -> Condition {
    let compare =
        |column: memo::Column, value: Value| if greater { column.gt(value) } else { column.lt(value) };
    let (value, id): (Option<Value>, Uuid) = match key {
        MemoKey::Id(id) => (None, *id),
        MemoKey::Time(time, id) => (Some((*time).into()), *id),
        MemoKey::Text(text, id) => (Some(text.as_str().into()), *id),
    };
    let later_id = compare(memo::Column::Id, id.into());
    match value {
        None => Condition::all().add(later_id),
        Some(value) => {
            let column = order.field.column();
            Condition::any()
                .add(compare(column, value.clone()))
                .add(Condition::all().add(column.eq(value)).add(later_id))
        }
    }
}
