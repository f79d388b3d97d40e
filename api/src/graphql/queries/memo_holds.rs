//! `memoHolds`

use crate::graphql::{
    connection::{PageArguments, Scope, connection, weight},
    error::ApiResult,
    guard::{Requirement, admin, auth},
    id::Kind,
    loaders::services,
    objects::MemoHold,
};
use async_graphql::{Context, ID, Object, connection::Connection};
use service::holds::{self, HoldFilter};

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
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only active (true) or only released (false) holds.")] active: Option<
            bool,
        >,
        #[graphql(
            desc = "Only holds for this matter. An empty text selects holds without a matter."
        )]
        matter: Option<String>,
        #[graphql(desc = "The global id of a memo: only its holds.")] memo_id: Option<ID>,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, MemoHold>> {
        let memo_id = Kind::Memo.parse_optional("memoId", memo_id.as_ref())?;
        // No matter has this character, and PostgreSQL does not accept texts with it.
        let matter = matter.map(|matter| matter.trim().replace('\0', "\u{fffd}"));
        let filter = HoldFilter { active, matter, memo_id };
        let scope = Scope::new("holds", &filter);
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = holds::list(services(ctx)?, &filter, &request).await?;
        Ok(connection(page, &scope, |row| row.id, MemoHold))
    }
}
