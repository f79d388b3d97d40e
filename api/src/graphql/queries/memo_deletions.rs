//! `memoDeletions`

use crate::graphql::{
    connection::{PageArguments, Scope, connection, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::MemoDeletion,
};
use async_graphql::{Context, ID, Object, connection::Connection};
use service::memo_deletion::{RecordFilter, list_records};

#[derive(Default)]
pub struct DeletionsQuery;

#[Object]
impl DeletionsQuery {
    /// Deletion records, the latest first: of memos that the viewer wrote or got; of drafts, only
    /// the viewer's own. Administrators read all but those of drafts.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn memo_deletions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only the records of this memo.")] memo_id: Option<ID>,
        #[graphql(
            desc = "Only records whose memo can (true) or cannot (false) be restored any more."
        )]
        restorable: Option<bool>,
        #[graphql(desc = "How many of the first, 1–100; 20 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many of the last, 1–100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, MemoDeletion>> {
        let memo_id = Kind::Memo.parse_optional("memoId", memo_id.as_ref())?;
        let filter = RecordFilter { memo_id, restorable };
        let scope = Scope::new("deletions", &filter);
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = list_records(services(ctx)?, viewer(ctx)?, &filter, &request).await?;
        Ok(connection(page, &scope, |record| record.id, MemoDeletion))
    }
}
