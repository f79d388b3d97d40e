//! `memoHolds`

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    enums::MemoHoldState,
    error::ApiResult,
    guard::{Requirement, admin, auth},
    id::Kind,
    loaders::services,
    objects::MemoHold,
    order::{ListOrder, MemoHoldOrderField},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::holds::{self, HoldFilter};

#[derive(Default)]
pub struct HoldsQuery;

/// Selects holds. A hold must meet all conditions. A condition that is left out or null is ignored.
#[derive(InputObject, Debug, Default)]
pub struct MemoHoldFilter {
    /// The hold is in one of these states.
    states: Option<Vec<MemoHoldState>>,
    /// The hold is for this matter. An empty text selects holds without a matter.
    matter: Option<String>,
    /// The global id of the memo that is or was on hold.
    memo_id: Option<ID>,
}

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
        #[graphql(desc = "Conditions for the holds; all if left out.")] filter: Option<
            MemoHoldFilter,
        >,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<MemoHoldOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<MemoHold>> {
        let filter = filter.unwrap_or_default();
        let filter = HoldFilter {
            states: filter.states.map(|states| states.into_iter().map(Into::into).collect()),
            // No matter has this character, and PostgreSQL does not accept texts with it.
            matter: filter.matter.map(|matter| matter.trim().replace('\0', "\u{fffd}")),
            memo_id: Kind::Memo.parse_optional("filter.memoId", filter.memo_id.as_ref())?,
        };
        let scope = Scope::new("holds", (&filter, order_by));
        let request = PageArguments::of(ctx, first, after, last, before).request(&scope)?;
        let page = holds::list(services(ctx)?, &filter, &order_by.apply(request)).await?;
        Ok(connection(page, &scope, Counted::MemoHolds(filter), |row| row.id, MemoHold))
    }
}
