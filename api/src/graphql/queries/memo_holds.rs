//! `memoHolds`

use crate::graphql::{
    connection::{PageArguments, Scope, connection, weight},
    error::ApiResult,
    guard::{Requirement, admin, auth},
    loaders::services,
    objects::MemoHold,
};
use async_graphql::{Context, Object, connection::Connection};
use service::holds;

#[derive(Default)]
pub struct HoldsQuery;

#[Object]
impl HoldsQuery {
    /// Holds on memos, the latest first. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only active (true) or only released (false) holds.")] active: Option<bool>,
        #[graphql(desc = "How many of the first, 1–100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many of the last, 1–100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, MemoHold>> {
        let scope = Scope::new("holds", active);
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = holds::list(services(ctx)?, active, &request).await?;
        Ok(connection(page, &scope, |row| row.id, MemoHold))
    }
}
