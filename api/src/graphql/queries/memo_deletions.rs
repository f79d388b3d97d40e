//! `memoDeletion`, `memoDeletions`

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    enums::MemoDeletionState,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{RecordById, loaders, services},
    objects::MemoDeletion,
    order::{ListOrder, MemoDeletionOrderField},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memo_deletion::{RecordFilter, list_records};

#[derive(Default)]
pub struct DeletionsQuery;

/// Selects deletion records. A record must meet all conditions. A condition that is left out or
/// null is ignored.
#[derive(InputObject, Debug, Default)]
pub struct MemoDeletionFilter {
    /// The global id of the memo. A memo that was restored and deleted again has several records.
    memo_id: Option<ID>,
    /// The record is in one of these states.
    states: Option<Vec<MemoDeletionState>>,
}

#[Object]
impl DeletionsQuery {
    /// The deletion record with this id. Null if it does not exist, or if the viewer cannot see it.
    async fn memo_deletion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record's global id.")] id: ID,
    ) -> ApiResult<Option<MemoDeletion>> {
        let id = Kind::MemoDeletion.parse("id", &id)?;
        Ok(loaders(ctx)?.load(RecordById(id)).await?.map(MemoDeletion))
    }

    /// Records of deleted memos that the viewer wrote or received, the latest first. Records of
    /// drafts are visible only to the author. Administrators can read all other records.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn memo_deletions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the records; all if left out.")] filter: Option<
            MemoDeletionFilter,
        >,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<MemoDeletionOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<MemoDeletion>> {
        let filter = filter.unwrap_or_default();
        let filter = RecordFilter {
            memo_id: Kind::Memo.parse_optional("filter.memoId", filter.memo_id.as_ref())?,
            states: filter.states.map(|states| states.into_iter().map(Into::into).collect()),
        };
        let scope = Scope::new("deletions", (&filter, order_by));
        let request = PageArguments::of(ctx, first, after, last, before).request(&scope)?;
        let request = order_by.apply(request);
        let page = list_records(services(ctx)?, viewer(ctx)?, &filter, &request).await?;
        let counted = Counted::MemoDeletions(filter);
        Ok(connection(page, &scope, counted, |record| record.id, MemoDeletion))
    }
}
