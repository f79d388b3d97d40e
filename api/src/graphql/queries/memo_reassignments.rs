//! `memoReassignmentPreview`, `memoReassignments`

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::{deletion_settings, services},
    objects::{MemoReassignment, MemoReassignmentPreview},
    order::{ListOrder, MemoReassignmentOrderField},
};
use async_graphql::{Context, ID, Object};
use service::reassignment;

#[derive(Default)]
pub struct ReassignmentsQuery;

/// The cost, in simple fields, of counting a person's memos.
const COST_OF_COUNTING: usize = 100;

#[Object]
impl ReassignmentsQuery {
    /// How many memos `reassignMemos` would pass on from one person to another. Null if one of the
    /// two people does not exist. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_COUNTING + child_complexity"
    )]
    async fn memo_reassignment_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of the person who has the memos.")] from_user_id: ID,
        #[graphql(desc = "The global id of the person who would get them.")] to_user_id: ID,
    ) -> ApiResult<Option<MemoReassignmentPreview>> {
        let from = Kind::User.parse("fromUserId", &from_user_id)?;
        let to = Kind::User.parse("toUserId", &to_user_id)?;
        let preview =
            reassignment::preview(services(ctx)?, deletion_settings(ctx)?, viewer(ctx)?, from, to)
                .await?;
        Ok(preview.map(MemoReassignmentPreview))
    }

    /// The records of memos that were passed on, the latest first. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn memo_reassignments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<MemoReassignmentOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<MemoReassignment>> {
        let scope = Scope::new("reassignments", order_by);
        let request = PageArguments::of(ctx, first, after, last, before).request(&scope)?;
        let page = reassignment::list(services(ctx)?, &order_by.apply(request)).await?;
        Ok(connection(page, &scope, Counted::MemoReassignments, |row| row.id, MemoReassignment))
    }
}
