//! The viewer's notifications.

use crate::{
    Result, Services, Viewer,
    database::sql::is_one_of,
    page::{Page, PageRequest},
};
use entity::{NotificationKind, notification};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};
use uuid::Uuid;

/// Which of the viewer's notifications to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationFilter {
    /// Only read ones (`false`) or only unread ones (`true`).
    pub unread: Option<bool>,
    /// The kind is one of these.
    pub kinds: Option<Vec<NotificationKind>>,
}

/// The viewer's notifications, the latest first.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    viewer: Viewer,
    filter: &NotificationFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<notification::Model>> {
    let query = page.newest_first(select(viewer, filter), notification::Column::Id);
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many of the viewer's notifications match the filter.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(
    services: &Services,
    viewer: Viewer,
    filter: &NotificationFilter,
) -> Result<u64> {
    Ok(select(viewer, filter).count(services.database.connection()).await?)
}

fn select(viewer: Viewer, filter: &NotificationFilter) -> Select<notification::Entity> {
    let mut query = notification::Entity::find().filter(notification::Column::UserId.eq(viewer.id));
    if let Some(unread) = filter.unread {
        let read_at = notification::Column::ReadAt;
        query = query.filter(if unread { read_at.is_null() } else { read_at.is_not_null() });
    }
    if let Some(kinds) = &filter.kinds {
        query = query.filter(notification::Column::Kind.is_in(kinds.iter().copied()));
    }
    query
}

/// How many notifications the viewer has not read.
///
/// # Errors
/// Returns errors of the database.
pub async fn count_unread(services: &Services, viewer: Viewer) -> Result<u64> {
    let filter = NotificationFilter { unread: Some(true), kinds: None };
    count(services, viewer, &filter).await
}

/// Those of the notifications with these ids that belong to the viewer.
///
/// # Errors
/// Returns errors of the database.
pub async fn by_ids(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<notification::Model>> {
    Ok(notification::Entity::find()
        .filter(is_one_of(services.database.backend(), notification::Column::Id, ids))
        .filter(notification::Column::UserId.eq(viewer.id))
        .all(services.database.connection())
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;
    use sea_orm::QueryTrait;

    #[test]
    fn statements_are_the_committed_ones() {
        let viewer = Viewer { id: Uuid::nil(), role: UserRole::Member };
        let kinds = Some(vec![NotificationKind::ReminderDue]);
        for (name, filter) in [
            ("all", NotificationFilter::default()),
            ("filtered", NotificationFilter { unread: Some(true), kinds }),
        ] {
            assert_statement(&format!("notifications.{name}"), |backend| {
                let page = PageRequest::first(20);
                let query = select(viewer, &filter);
                page.newest_first(query, notification::Column::Id).build(backend)
            });
        }
    }
}
