//! What a person gets by mail.

use crate::graphql::enums::NotificationKind;
use async_graphql::SimpleObject;
use service::Services;

/// What the viewer gets by mail.
#[derive(SimpleObject)]
pub struct MailPreferences {
    /// The kinds of notifications that the viewer gets by mail as well; all of them, as long as
    /// they have not chosen.
    kinds: Vec<NotificationKind>,
    /// Whether this server sends mail. If not, the choice is kept until it does.
    mail_is_sent: bool,
}

impl MailPreferences {
    /// The preferences on that server.
    pub fn new(services: &Services, kinds: Vec<entity::NotificationKind>) -> Self {
        Self {
            kinds: kinds.into_iter().map(Into::into).collect(),
            mail_is_sent: services.sends_mail,
        }
    }
}
