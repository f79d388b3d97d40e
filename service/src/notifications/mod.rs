//! What people are told.

mod tell;

pub(crate) use tell::{About, News, tell};

use crate::{
    Result, Services, Viewer,
    database::sql::is_one_of,
    page::{Page, PageRequest},
};
use entity::notification;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// The viewer's notifications, the latest first.
///
/// # Errors
/// What the database answers.
pub async fn list(
    services: &Services,
    viewer: Viewer,
    page: &PageRequest<Uuid>,
) -> Result<Page<notification::Model>> {
    let query = notification::Entity::find().filter(notification::Column::UserId.eq(viewer.id));
    let rows = page.newest_first(query, notification::Column::Id).all(services.database.connection()).await?;
    Ok(Page::of(page, rows))
}

/// Notifications by their ids, those of the viewer.
///
/// # Errors
/// What the database answers.
pub async fn by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<notification::Model>> {
    Ok(notification::Entity::find()
        .filter(is_one_of(services.database.backend(), notification::Column::Id, ids))
        .filter(notification::Column::UserId.eq(viewer.id))
        .all(services.database.connection())
        .await?)
}
