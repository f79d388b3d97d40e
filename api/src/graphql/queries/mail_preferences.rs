//! `mailPreferences`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    objects::MailPreferences,
};
use async_graphql::{Context, Object};
use service::notifications::mail_kinds;

#[derive(Default)]
pub struct MailPreferencesQuery;

#[Object]
impl MailPreferencesQuery {
    /// Which notifications the viewer also gets by mail.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn mail_preferences(&self, ctx: &Context<'_>) -> ApiResult<MailPreferences> {
        let services = services(ctx)?;
        Ok(MailPreferences::new(services, mail_kinds(services, viewer(ctx)?).await?))
    }
}
