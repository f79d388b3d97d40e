//! `memoDeletionPreview`

use crate::graphql::{
    at_hand::{AtHand, Resolved, at_hand},
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{deletion_settings, metrics, services},
    objects::{MemoDeletionPreview, wanted_lists},
};
use async_graphql::{Context, ID, Object};
use service::memo_deletion;

#[derive(Default)]
pub struct PreviewQuery;

#[Object]
impl PreviewQuery {
    /// What would happen if the viewer deleted the memo now. Null if the memo does not exist, or if
    /// the viewer cannot see it. Reading it changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn memo_deletion_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo's global id.")] memo_id: ID,
    ) -> ApiResult<Option<Resolved<MemoDeletionPreview>>> {
        let id = Kind::Memo.parse("memoId", &memo_id)?;
        let lists = wanted_lists(&ctx.look_ahead());
        let preview = memo_deletion::preview(
            services(ctx)?,
            deletion_settings(ctx)?,
            viewer(ctx)?,
            id,
            lists,
        )
        .await?;
        if let Some(preview) = &preview {
            metrics(ctx)?.preview(preview.decision.verdict());
        }
        Ok(preview.map(|preview| {
            let preview = MemoDeletionPreview(preview);
            let written = at_hand(ctx, |ctx, json| preview.write(ctx, json));
            written.unwrap_or(Resolved::Itself(preview))
        }))
    }
}
