//! `personalData`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::PersonalData,
};
use async_graphql::{Context, ID, Object};
use service::personal_data;

#[derive(Default)]
pub struct PersonalDataQuery;

#[Object]
impl PersonalDataQuery {
    /// What is stored about a person and what the person wrote, for downloading. For the person and
    /// for administrators; null for all others.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn personal_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's global id.")] user_id: ID,
    ) -> ApiResult<Option<PersonalData>> {
        let id = Kind::User.parse("userId", &user_id)?;
        Ok(personal_data::find(services(ctx)?, viewer(ctx)?, id).await?.map(PersonalData))
    }
}
