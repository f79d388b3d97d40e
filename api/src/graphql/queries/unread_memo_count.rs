//! `unreadMemoCount`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
};
use async_graphql::{Context, Object};
use service::memos::count_unread;

#[derive(Default)]
pub struct UnreadMemoCountQuery;

#[Object]
impl UnreadMemoCountQuery {
    /// The number of memos that the viewer can see and has not read.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn unread_memo_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        Ok(count_unread(services(ctx)?, viewer(ctx)?).await?)
    }
}
