//! Finding memos: which of them exist for a viewer, one by one and in lists.

mod list;

pub use list::{MemoBox, MemoFilter, MemoKey, MemoOrder, MemoOrderField, count, list};

use crate::{Result, Services, Viewer};
use entity::{comment, memo, memo_subscriber, memo_tag, tag, user};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::SelectStatement,
};
use uuid::Uuid;

/// The rule of visibility as a condition on `memos`: a draft for its author alone; else author, recipient, subscribers and chiefs.
pub fn visible(viewer: Viewer) -> Condition {
    let mut sent_to = Condition::any()
        .add(memo::Column::RecipientId.eq(viewer.id))
        .add(memo::Column::Id.in_subquery(subscribed_ids(viewer)));
    if viewer.is_chief() {
        sent_to = Condition::all();
    }
    Condition::any()
        .add(memo::Column::AuthorId.eq(viewer.id))
        .add(Condition::all().add(memo::Column::Draft.eq(false)).add(sent_to))
}

/// Ids of the memos that the viewer sees, as a subquery.
pub fn visible_ids(viewer: Viewer) -> SelectStatement {
    memo::Entity::find().select_only().column(memo::Column::Id).filter(visible(viewer)).into_query()
}

fn subscribed_ids(viewer: Viewer) -> SelectStatement {
    memo_subscriber::Entity::find()
        .select_only()
        .column(memo_subscriber::Column::MemoId)
        .filter(memo_subscriber::Column::UserId.eq(viewer.id))
        .into_query()
}

/// Memos by their ids, those that the viewer sees.
///
/// # Errors
/// What the database answers.
pub async fn by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<memo::Model>> {
    Ok(memo::Entity::find()
        .filter(memo::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(viewer))
        .all(services.database.connection())
        .await?)
}

/// Which of the memos the viewer reads along.
///
/// # Errors
/// What the database answers.
pub async fn subscribed(services: &Services, viewer: Viewer, memo_ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(memo_subscriber::Entity::find()
        .select_only()
        .column(memo_subscriber::Column::MemoId)
        .filter(memo_subscriber::Column::MemoId.is_in(memo_ids.iter().copied()))
        .filter(memo_subscriber::Column::UserId.eq(viewer.id))
        .into_tuple()
        .all(services.database.connection())
        .await?)
}

/// The subscribers of each of the memos, which the viewer sees.
///
/// # Errors
/// What the database answers.
pub async fn subscribers(services: &Services, memo_ids: &[Uuid]) -> Result<Vec<(Uuid, user::Model)>> {
    let links = memo_subscriber::Entity::find()
        .filter(memo_subscriber::Column::MemoId.is_in(memo_ids.iter().copied()))
        .order_by_asc(memo_subscriber::Column::UserId)
        .all(services.database.connection())
        .await?;
    let users = user::Entity::find()
        .filter(user::Column::Id.is_in(links.iter().map(|link| link.user_id)))
        .all(services.database.connection())
        .await?;
    let by_id: std::collections::HashMap<Uuid, user::Model> = users.into_iter().map(|user| (user.id, user)).collect();
    Ok(links.into_iter().filter_map(|link| Some((link.memo_id, by_id.get(&link.user_id)?.clone()))).collect())
}

/// The tags of each of the memos, which the viewer sees, by name.
///
/// # Errors
/// What the database answers.
pub async fn tags(services: &Services, memo_ids: &[Uuid]) -> Result<Vec<(Uuid, tag::Model)>> {
    let links = memo_tag::Entity::find()
        .filter(memo_tag::Column::MemoId.is_in(memo_ids.iter().copied()))
        .all(services.database.connection())
        .await?;
    let tags = tag::Entity::find()
        .filter(tag::Column::Id.is_in(links.iter().map(|link| link.tag_id)))
        .all(services.database.connection())
        .await?;
    let by_id: std::collections::HashMap<Uuid, tag::Model> = tags.into_iter().map(|tag| (tag.id, tag)).collect();
    let mut rows: Vec<(Uuid, tag::Model)> =
        links.into_iter().filter_map(|link| Some((link.memo_id, by_id.get(&link.tag_id)?.clone()))).collect();
    rows.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    Ok(rows)
}

/// Comments of a memo that the viewer sees, the oldest first.
///
/// # Errors
/// What the database answers.
pub async fn comments(
    services: &Services,
    memo_id: Uuid,
    page: &crate::page::PageRequest<Uuid>,
) -> Result<crate::page::Page<comment::Model>> {
    let query = comment::Entity::find().filter(comment::Column::MemoId.eq(memo_id));
    let rows = page.oldest_first(query, comment::Column::Id).all(services.database.connection()).await?;
    Ok(crate::page::Page::of(page, rows))
}

/// Comments by their ids, those of memos that the viewer sees.
///
/// # Errors
/// What the database answers.
pub async fn comments_by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<comment::Model>> {
    Ok(comment::Entity::find()
        .filter(comment::Column::Id.is_in(ids.iter().copied()))
        .filter(comment::Column::MemoId.in_subquery(visible_ids(viewer)))
        .all(services.database.connection())
        .await?)
}

/// Reminders by their ids, those of the viewer.
///
/// # Errors
/// What the database answers.
pub async fn reminders_by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<entity::reminder::Model>> {
    use entity::reminder;
    Ok(reminder::Entity::find()
        .filter(reminder::Column::Id.is_in(ids.iter().copied()))
        .filter(reminder::Column::UserId.eq(viewer.id))
        .all(services.database.connection())
        .await?)
}
