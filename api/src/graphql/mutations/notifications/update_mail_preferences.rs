//! `updateMailPreferences`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    objects::MailPreferences,
    payload::user_error,
    words::NotificationKind,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use service::notifications::{MAX_MARKED, choose_mail_kinds};

#[derive(Default)]
pub struct UpdateMailPreferences;

/// What the viewer wants by mail.
#[derive(InputObject)]
pub struct UpdateMailPreferencesInput {
    /// The kinds of notifications that the viewer wants by mail as well, and no others; none, if it is empty.
    kinds: Vec<NotificationKind>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why the preferences stay as they are.
    UpdateMailPreferencesUserError,
    /// The codes with which `updateMailPreferences` refuses.
    UpdateMailPreferencesErrorCode {
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct UpdateMailPreferencesPayload {
    /// The preferences as they are now; null if they were refused.
    mail_preferences: Option<MailPreferences>,
    /// Why the preferences stay as they are; empty if they are what was wanted.
    user_errors: Vec<UpdateMailPreferencesUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl UpdateMailPreferences {
    /// Chooses what the viewer gets by mail. A mail that waits to be sent is dropped if it is of another kind. Notifications are not touched.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_mail_preferences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the viewer wants.")] input: UpdateMailPreferencesInput,
    ) -> ApiResult<UpdateMailPreferencesPayload> {
        let UpdateMailPreferencesInput { kinds, client_mutation_id } = input;
        if kinds.len() > MAX_MARKED {
            let message = format!("{} kinds were given: give each once.", kinds.len());
            let code = UpdateMailPreferencesErrorCode::InvalidInput;
            return Ok(UpdateMailPreferencesPayload {
                user_errors: vec![UpdateMailPreferencesUserError::at("kinds", code, message)],
                client_mutation_id,
                ..UpdateMailPreferencesPayload::default()
            });
        }
        let services = services(ctx)?;
        let wanted: Vec<entity::NotificationKind> = kinds.into_iter().map(Into::into).collect();
        let chosen = choose_mail_kinds(services, viewer(ctx)?, &wanted).await?;
        Ok(UpdateMailPreferencesPayload {
            mail_preferences: Some(MailPreferences::new(services, chosen)),
            client_mutation_id,
            ..UpdateMailPreferencesPayload::default()
        })
    }
}
