//! `memo`

use crate::graphql::{
    error::ApiResult,
    id::Kind,
    loaders::{MemoById, loaders},
    objects::Memo,
};
use async_graphql::{Context, ID, Object};

#[derive(Default)]
pub struct MemoQuery;

#[Object]
impl MemoQuery {
    /// The memo with that id; null if it does not exist for the viewer, be it unknown, somebody
    /// else's, or deleted.
    async fn memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo's global id.")] id: ID,
    ) -> ApiResult<Option<Memo>> {
        let id = Kind::Memo.parse("id", &id)?;
        Ok(loaders(ctx)?.load(MemoById(id)).await?.map(Memo))
    }
}
