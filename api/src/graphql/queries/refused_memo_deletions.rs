//! `refusedMemoDeletions`

use crate::graphql::{
    connection::{PageArguments, Scope, connection, weight},
    error::ApiResult,
    guard::{Requirement, admin, auth},
    loaders::services,
    objects::RefusedMemoDeletion,
};
use async_graphql::{Context, Object, connection::Connection};
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
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, RefusedMemoDeletion>> {
        let scope = Scope::new("refusals", ());
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = list_refusals(services(ctx)?, &request).await?;
        Ok(connection(page, &scope, |row| row.id, RefusedMemoDeletion))
    }
}
