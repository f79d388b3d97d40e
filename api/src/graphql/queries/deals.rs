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
    /// All deals, the newest first.
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
            desc = "A part of the name, ignoring case; at most 250 characters. Servers with\n\
                SQLite ignore case only for the letters a–z."
        )]
        search: Option<String>,
        #[graphql(desc = "Only deals in one of these stages; all if left out.")] stages: Option<
            Vec<WorkStage>,
        >,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Deal, CatalogueConnectionFields>> {
        let filter = DealFilter {
            search: search_text(search.as_deref())?,
            stages: stages.map(|stages| stages.into_iter().map(Into::into).collect()),
        };
        let scope = Scope::new("deal", &filter);
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = list_deals(services(ctx)?, &filter, &request).await?;
        let fields = CatalogueConnectionFields::Deals(filter);
        Ok(connection_with(page, &scope, fields, |deal| deal.id, Deal::from))
    }
}
