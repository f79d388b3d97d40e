//! `memoErasurePreview`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{deletion_settings, services},
    objects::MemoErasurePreview,
};
use async_graphql::{Context, ID, Object};
use service::memo_deletion::erasure;

#[derive(Default)]
pub struct ErasurePreviewQuery;

#[Object]
impl ErasurePreviewQuery {
    /// What would happen if the viewer erased a deleted memo now. Null if the record does not
    /// exist, or if the viewer cannot see it. Reading it changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn memo_erasure_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of the deletion record.")] deletion_id: ID,
    ) -> ApiResult<Option<MemoErasurePreview>> {
        let id = Kind::MemoDeletion.parse("deletionId", &deletion_id)?;
        let (services, settings) = (services(ctx)?, deletion_settings(ctx)?);
        let preview = erasure::preview(services, settings, viewer(ctx)?, id).await?;
        Ok(preview.map(MemoErasurePreview))
    }
}
