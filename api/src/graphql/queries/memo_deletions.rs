//! `memoDeletion`, `memoDeletions`

use crate::graphql::{
    connection::{PageArguments, Scope, connection, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{RecordById, loaders, services},
    objects::MemoDeletion,
};
use async_graphql::{Context, ID, Object, connection::Connection};
use service::memo_deletion::{RecordFilter, list_records};

#[derive(Default)]
pub struct DeletionsQuery;

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
        #[graphql(desc = "The global id of a memo: only its records.")] memo_id: Option<ID>,
        #[graphql(
            desc = "Only records whose memo can still (true) or no longer (false) be restored."
        )]
        restorable: Option<bool>,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, MemoDeletion>> {
        let memo_id = Kind::Memo.parse_optional("memoId", memo_id.as_ref())?;
        let filter = RecordFilter { memo_id, restorable };
        let scope = Scope::new("deletions", &filter);
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = list_records(services(ctx)?, viewer(ctx)?, &filter, &request).await?;
        Ok(connection(page, &scope, |record| record.id, MemoDeletion))
    }
}
