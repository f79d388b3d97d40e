//! What people are told, and what of it they get by mail.

pub(super) mod mail_preferences;
pub(super) mod read_marks;

use async_graphql::MergedObject;

/// What people are told, and what of it they get by mail.
#[derive(MergedObject, Default)]
pub struct NotificationsMutation(
    read_marks::NotificationMarkMutation,
    mail_preferences::MailPreferencesMutation,
);
