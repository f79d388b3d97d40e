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
    /// All kinds of notifications that the viewer also wants by mail. An empty list turns mails
    /// off.
    kinds: Vec<NotificationKind>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    UpdateMailPreferences(UpdateMailPreferencesErrorCode) or InvalidInput {}
}

done! {
    MailPreferencesUpdated(UpdateMailPreferencesErrorCode) {
        /// The preferences as they are now; null if the mutation was refused.
        mail_preferences: Option<MailPreferences>,
    }
}

#[Object]
impl MailPreferencesMutation {
    /// Chooses which notifications the viewer also gets by mail. A waiting mail of another kind is
    /// not sent. The notifications themselves do not change.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_mail_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the viewer wants by mail.")] input: UpdateMailPreferencesInput,
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
