//! `memosDeletionPreview`

use crate::graphql::{
    error::{ApiError, ApiResult},
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{deletion_settings, metrics, services},
    objects::{MemosDeletionPreview, wanted_lists},
    sentences,
};
use async_graphql::{Context, ID, Object};
use service::memo_deletion::{MAX_DELETIONS, selection};

#[derive(Default)]
pub struct SelectionPreviewQuery;

#[Object]
impl SelectionPreviewQuery {
    /// What would happen if the viewer deleted several memos now. Null if the viewer sees none of
    /// them. Reading it changes nothing.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + memo_ids.len() + child_complexity"
    )]
    async fn memos_deletion_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids of the memos, 1–100.")] memo_ids: Vec<ID>,
    ) -> ApiResult<Option<MemosDeletionPreview>> {
        if memo_ids.is_empty() || memo_ids.len() > MAX_DELETIONS {
            let message = sentences::number_of_memos(memo_ids.len(), MAX_DELETIONS);
            return Err(ApiError::bad_input("memoIds", message));
        }
        let ids = Kind::Memo.parse_all("memoIds", &memo_ids)?;
        let lists = wanted_lists(&ctx.look_ahead());
        let (services, settings) = (services(ctx)?, deletion_settings(ctx)?);
        let preview = selection::preview(services, settings, viewer(ctx)?, &ids, lists).await?;
        if !preview.shows_any() {
            return Ok(None);
        }
        metrics(ctx)?.preview(preview.verdict());
        Ok(Some(MemosDeletionPreview(preview)))
    }
}
