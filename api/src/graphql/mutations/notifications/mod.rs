//! What people are told, and what of it they get by mail.

mod mark_all_notifications_read;
mod mark_notifications_read;
mod update_mail_preferences;

use async_graphql::MergedObject;

/// What people are told, and what of it they get by mail.
#[derive(MergedObject, Default)]
pub struct NotificationsMutation(
    mark_notifications_read::MarkNotificationsRead,
    mark_all_notifications_read::MarkAllNotificationsRead,
    update_mail_preferences::UpdateMailPreferences,
);
