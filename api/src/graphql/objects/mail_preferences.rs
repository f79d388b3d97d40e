//! What a person gets by mail.

use crate::graphql::enums::NotificationKind;
use async_graphql::SimpleObject;
use service::Services;

/// Which notifications the viewer also gets by mail.
#[derive(SimpleObject)]
pub struct MailPreferences {
    /// The kinds of notifications that the viewer also gets by mail. Until the viewer chooses,
    /// these are all kinds.
    kinds: Vec<NotificationKind>,
    /// Whether this server sends mail. If it does not, it keeps the choice for later.
    mail_is_sent: bool,
}

impl MailPreferences {
    /// The preferences on this server.
    pub fn new(services: &Services, kinds: Vec<entity::NotificationKind>) -> Self {
        Self {
            kinds: kinds.into_iter().map(Into::into).collect(),
            mail_is_sent: services.sends_mail,
        }
    }
}
