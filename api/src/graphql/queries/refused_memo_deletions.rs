//! `refusedMemoDeletions`

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, admin, auth},
    loaders::services,
    objects::RefusedMemoDeletion,
    order::{ListOrder, RefusedMemoDeletionOrderField},
};
use async_graphql::{Context, Object};
use service::memo_deletion::list_refusals;

#[derive(Default)]
pub struct RefusedQuery;

#[Object]
impl RefusedQuery {
    /// Refused attempts to delete a memo, the latest first. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn refused_memo_deletions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<RefusedMemoDeletionOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<RefusedMemoDeletion>> {
        let scope = Scope::new("refusals", order_by);
        let request = PageArguments::of(ctx, first, after, last, before).request(&scope)?;
        let page = list_refusals(services(ctx)?, &order_by.apply(request)).await?;
        Ok(connection(
            page,
            &scope,
            Counted::RefusedMemoDeletions,
            |row| row.id,
            RefusedMemoDeletion,
        ))
    }
}
