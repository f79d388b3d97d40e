//! `deals`

use super::catalogue::{CatalogueConnectionFields, search_text};
use crate::graphql::{
    connection::{PageArguments, Scope, connection_with, weight},
    enums::WorkStage,
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    loaders::services,
    objects::Deal,
};
use async_graphql::{Context, Object, connection::Connection};
use service::catalogue::{DealFilter, list_deals};

#[derive(Default)]
pub struct DealsQuery;

#[Object]
impl DealsQuery {
    /// The deals, the newest first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn deals(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What the name contains, in capitals or not; at most 250 characters. On SQLite, \
                letters beyond a–z must match as they are."
        )]
        search: Option<String>,
        #[graphql(desc = "In one of these stages; in any if left out.")] stages: Option<
            Vec<WorkStage>,
        >,
        #[graphql(desc = "How many of the first, 1–100; 20 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many of the last, 1–100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Deal, CatalogueConnectionFields>> {
        let filter = DealFilter {
            search: search_text(search.as_deref())?,
            stages: stages.map(|stages| stages.into_iter().map(Into::into).collect()),
        };
        let scope = Scope::new("deal", &filter);
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = list_deals(services(ctx)?, &filter, &request).await?;
        let fields = CatalogueConnectionFields::Deals(filter);
        Ok(connection_with(page, &scope, fields, |deal| deal.id, Deal))
    }
}
