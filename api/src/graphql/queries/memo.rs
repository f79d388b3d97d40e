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
    /// The memo with this id. Null if it does not exist, if it is deleted, or if the viewer cannot
    /// see it.
    async fn memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo's global id.")] id: ID,
    ) -> ApiResult<Option<Memo>> {
        let id = Kind::Memo.parse("id", &id)?;
        Ok(loaders(ctx)?.load(MemoById(id)).await?.map(Memo::from))
    }
}
