//! `updateMailPreferences`

use crate::graphql::{
    enums::NotificationKind,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    mutations::respond::{MutationError, Payload, codes, done, respond},
    objects::MailPreferences,
};
use async_graphql::{Context, InputObject, Object};
use service::notifications::{MAX_MARKED, choose_mail_kinds};

#[derive(Default)]
pub struct MailPreferencesMutation;

/// What the viewer wants by mail.
#[derive(InputObject)]
pub struct UpdateMailPreferencesInput {
    /// The kinds of notifications that the viewer wants by mail as well, and no others; none, if it
    /// is empty.
    kinds: Vec<NotificationKind>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    UpdateMailPreferences(UpdateMailPreferencesErrorCode) or InvalidInput {}
}

done! {
    MailPreferencesUpdated(UpdateMailPreferencesErrorCode) {
        /// The preferences as they are now; null if they were refused.
        mail_preferences: Option<MailPreferences>,
    }
}

#[Object]
impl MailPreferencesMutation {
    /// Chooses what the viewer gets by mail. A mail that waits to be sent is dropped if it is of
    /// another kind. Notifications are not touched.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_mail_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the viewer wants.")] input: UpdateMailPreferencesInput,
    ) -> ApiResult<Payload<MailPreferencesUpdated>> {
        respond(input.client_mutation_id, async {
            if input.kinds.len() > MAX_MARKED {
                let message = format!("{} kinds were given: give each once.", input.kinds.len());
                return Err(MutationError::input("kinds", message).into());
            }
            let services = services(ctx)?;
            let wanted: Vec<entity::NotificationKind> =
                input.kinds.into_iter().map(Into::into).collect();
            let chosen = choose_mail_kinds(services, viewer(ctx)?, &wanted).await?;
            let mail_preferences = Some(MailPreferences::new(services, chosen));
            Ok(MailPreferencesUpdated { mail_preferences })
        })
        .await
    }
}
