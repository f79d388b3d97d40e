//! A new notification, for subscribers.

use super::Notification;
use crate::graphql::{
    error::ApiResult,
    guard::viewer,
    loaders::{NotificationById, deletion_settings, loaders, services},
};
use async_graphql::{Context, ID, Object};
use entity::notification;
use service::{feed, notifications};
use std::sync::Arc;

pub struct NotificationAdded(pub Arc<notification::Model>);

/// A notification that the viewer has just got.
#[Object]
impl NotificationAdded {
    /// For `after` when the viewer subscribes again. It is not a global id, and is valid only for
    /// this viewer.
    async fn id(&self, ctx: &Context<'_>) -> ApiResult<ID> {
        let key = &deletion_settings(ctx)?.confirmation_key;
        let position = self.0.position.unwrap_or_default();
        Ok(ID(feed::seal_id(key, notifications::SEQUENCE, viewer(ctx)?, position)))
    }

    /// The notification as it is now.
    async fn notification(&self, ctx: &Context<'_>) -> ApiResult<Notification> {
        // Since then, the viewer may have read it.
        let now = loaders(ctx)?.load(NotificationById(self.0.id)).await?;
        Ok(Notification(now.unwrap_or_else(|| (*self.0).clone())))
    }

    /// The number of notifications that the viewer has not read now.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        Ok(notifications::count_unread(services(ctx)?, viewer(ctx)?).await?)
    }
}
