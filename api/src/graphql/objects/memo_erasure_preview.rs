//! What an erasure would do.

use super::{
    deletion_item::{DeletionItemConnection, item_connection, selects_rows},
    memo_deletion::MemoDeletion,
};
use crate::graphql::{
    connection::{PageArguments, Scope, weight},
    enums::{DeletionVerdict, MemoErasureBlockerCode},
    error::ApiResult,
    guard::viewer,
    loaders::services,
    scalars::Bytes,
    sentences,
};
use async_graphql::{Context, Object};
use entity::Disposition;
use service::{
    memo_deletion::erasure::{self, Preview, policy::BlockerCode},
    page::Page,
};

pub struct MemoErasurePreview(pub Preview);

/// What would happen if the viewer erased a deleted memo now. An erasure cannot be undone: nobody
/// can restore the memo after it. The record stays, without names and texts. Reading this preview
/// changes nothing.
#[Object]
impl MemoErasurePreview {
    /// The record of the deletion.
    async fn deletion(&self) -> MemoDeletion {
        MemoDeletion(self.0.record.clone())
    }

    /// Whether the rules allow the erasure: ALLOWED or DENIED.
    async fn verdict(&self) -> DeletionVerdict {
        self.0.verdict().into()
    }

    /// What forbids the erasure; empty if nothing does.
    async fn blockers(&self) -> Vec<MemoErasureBlocker> {
        self.0.blockers.iter().copied().map(MemoErasureBlocker).collect()
    }

    /// What would be erased. For administrators who are neither author nor recipient, each item has
    /// a kind only. Empty if the memo was restored or is erased already.
    #[graphql(complexity = "5 + weight(first, None) * child_complexity")]
    async fn removed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        self.items(ctx, Disposition::Removed, first, after).await
    }

    /// What would be kept, each item with its reason as it is now. The same restrictions apply.
    #[graphql(complexity = "5 + weight(first, None) * child_complexity")]
    async fn kept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        self.items(ctx, Disposition::Kept, first, after).await
    }

    /// The size in bytes of the files that would be erased.
    async fn bytes_freed(&self) -> Bytes {
        Bytes(self.0.bytes_freed)
    }

    /// Send it to `eraseMemoDeletion` to confirm exactly what this preview shows. If anything has
    /// changed by then, nothing is erased. Null if the verdict is DENIED.
    async fn confirmation_token(&self) -> Option<&str> {
        self.0.confirmation_token()
    }
}

impl MemoErasurePreview {
    async fn items(
        &self,
        ctx: &Context<'_>,
        disposition: Disposition,
        first: Option<i32>,
        after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        let record = &self.0.record;
        let scope = Scope::new("items of an erasure", (record.id, disposition));
        let request = PageArguments { first, after, ..PageArguments::default() }.request(&scope)?;
        let page = if selects_rows(&ctx.look_ahead()) {
            erasure::preview_items(services(ctx)?, viewer(ctx)?, &self.0, disposition, &request)
                .await?
        } else {
            Page::default()
        };
        Ok(item_connection(record.memo_id, page, &scope, &self.0.counts, disposition))
    }
}

pub struct MemoErasureBlocker(BlockerCode);

/// Why the viewer may not erase a deleted memo.
#[Object]
impl MemoErasureBlocker {
    /// The code, for programs.
    async fn code(&self) -> MemoErasureBlockerCode {
        self.0.into()
    }

    /// The reason and what to do instead, as English text for people.
    async fn message(&self) -> &str {
        sentences::erasure_blocker(self.0)
    }
}
