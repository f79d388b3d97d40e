//! Notifications, and which of them people get by mail.

pub(super) mod mail_preferences;
pub(super) mod read_marks;

use async_graphql::MergedObject;

/// Notifications, and which of them people get by mail.
#[derive(MergedObject, Default)]
pub struct NotificationsMutation(
    read_marks::NotificationMarkMutation,
    mail_preferences::MailPreferencesMutation,
);
