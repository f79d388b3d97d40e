//! `deals`

use super::catalogue::search_text;
use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    enums::WorkStatus,
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    loaders::services,
    objects::Deal,
    order::{DealOrderField, ListOrder},
};
use async_graphql::{Context, InputObject, Object};
use entity::deal;
use service::{catalogue, page::SortBy};

#[derive(Default)]
pub struct DealsQuery;

/// Selects deals. A deal must meet all conditions. A condition that is left out or null is ignored.
#[derive(InputObject, Debug, Default)]
pub struct DealFilter {
    /// A part of the name, ignoring case; at most 250 characters. Servers with SQLite ignore case
    /// only for the letters a–z.
    text: Option<String>,
    /// The deal has one of these statuses.
    statuses: Option<Vec<WorkStatus>>,
}

#[Object]
impl DealsQuery {
    /// The deals.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn deals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the deals; all if left out.")] filter: Option<DealFilter>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<DealOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Deal>> {
        let filter = filter.unwrap_or_default();
        let filter = catalogue::DealFilter {
            search: search_text(filter.text.as_deref())?,
            statuses: filter.statuses.map(|list| list.into_iter().map(Into::into).collect()),
        };
        let sort = SortBy::from(order_by.field);
        let scope = Scope::new("deal", (&filter, order_by));
        let request = PageArguments::of(ctx, first, after, last, before)
            .request_by(&scope, |key| sort.fits(key))?;
        let page =
            catalogue::list_deals(services(ctx)?, &filter, sort, &order_by.apply(request)).await?;
        let key = |deal: &deal::Model| sort.key(deal.id, &deal.name, deal.due_date);
        Ok(connection(page, &scope, Counted::Deals(filter), key, Deal::from))
    }
}
