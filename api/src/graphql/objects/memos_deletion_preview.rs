//! What the deletion of several memos would do.

use super::{
    deletion_item::{DeletionItemConnection, Going, item_connection, selects_rows},
    memo::Memo,
    memo_deletion_preview::{
        MemoDeletionAlternative, MemoDeletionBlocker, MemoDeletionWarning, alternatives_of,
        blockers_of, brought_along, warnings_of,
    },
};
use crate::graphql::{
    connection::{PageArguments, Scope, weight},
    enums::{DeletionVerdict, MemoRole},
    error::ApiResult,
    guard::viewer,
    id::Kind,
    loaders::services,
    scalars::Bytes,
};
use async_graphql::{Context, ID, Object};
use entity::Disposition;
use service::{
    memo_deletion::{
        MAX_DELETIONS,
        selection::{self, Member, SelectionPreview},
    },
    page::Page,
};

pub struct MemosDeletionPreview(pub SelectionPreview);

/// What would happen if the viewer deleted several memos now. Reading it changes nothing. The
/// lists, the warnings and the size are about the memos that can be deleted. What several of them
/// share counts once: for example, a file goes if all memos that have it go.
#[Object]
impl MemosDeletionPreview {
    /// The memos in the order in which they were given, each once.
    #[graphql(complexity = "MAX_DELETIONS * child_complexity")]
    async fn memos(&self) -> Vec<MemosDeletionPreviewItem> {
        self.0.members.iter().cloned().map(MemosDeletionPreviewItem).collect()
    }

    /// Whether the rules allow the deletion of all of the memos. DENIED if one of them cannot be
    /// deleted. Then `deleteMemos` with `atomic` deletes nothing, and without it the others.
    async fn verdict(&self) -> DeletionVerdict {
        self.0.verdict().into()
    }

    /// Why the deletion is not recommended; empty if there are no warnings.
    async fn warnings(&self) -> Vec<MemoDeletionWarning> {
        self.0.warnings.iter().copied().map(MemoDeletionWarning::of_selection).collect()
    }

    /// What would be removed. Links are removed from each memo; anything else occurs once.
    #[graphql(complexity = "5 + weight(first, None) * child_complexity")]
    async fn removed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        self.items(ctx, Disposition::Removed, first, after).await
    }

    /// What would be kept, each item once, with its reason.
    #[graphql(complexity = "5 + weight(first, None) * child_complexity")]
    async fn kept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        self.items(ctx, Disposition::Kept, first, after).await
    }

    /// The size in bytes of the files that would be removed.
    async fn bytes_freed(&self) -> Bytes {
        Bytes(self.0.bytes_freed)
    }

    /// Send it to `deleteMemos` with the same memos to confirm exactly what this preview shows. If
    /// anything has changed by then, nothing is deleted. Null if none of the memos can be deleted.
    async fn confirmation_token(&self) -> Option<&str> {
        self.0.confirmation_token()
    }
}

impl MemosDeletionPreview {
    async fn items(
        &self,
        ctx: &Context<'_>,
        disposition: Disposition,
        first: Option<i32>,
        after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        let memo_ids = self.0.memo_ids();
        let mut sorted = memo_ids.clone();
        sorted.sort_unstable();
        let scope = Scope::new("items of a selection", (sorted, disposition));
        let request = PageArguments { first, after, ..PageArguments::default() }.request(&scope)?;
        let first_page = match disposition {
            Disposition::Removed => self.0.removed.as_ref(),
            Disposition::Kept => self.0.kept.as_ref(),
        };
        let page = match brought_along(first_page, &request) {
            Some(page) => page,
            None if !selects_rows(&ctx.look_ahead()) => Page::default(),
            None => {
                let (services, viewer) = (services(ctx)?, viewer(ctx)?);
                selection::preview_items(services, viewer, &memo_ids, disposition, &request).await?
            }
        };
        let going = Going::Memos(self.0.going().map(|preview| preview.memo.id).collect());
        Ok(item_connection(going, page, &scope, &self.0.counts, disposition))
    }
}

pub struct MemosDeletionPreviewItem(Member);

/// What would happen to one of several memos. Except for `memoId`, the fields are null or empty if
/// the memo does not exist, or if the viewer cannot see it.
#[Object]
impl MemosDeletionPreviewItem {
    /// The global id of the memo.
    async fn memo_id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// The memo.
    async fn memo(&self) -> Option<Memo> {
        self.0.preview.as_ref().map(|preview| Memo::from(preview.memo.clone()))
    }

    /// The viewer's roles in the memo.
    async fn viewer_roles(&self) -> Vec<MemoRole> {
        let roles = self.0.preview.iter().flat_map(|preview| &preview.decision.roles);
        roles.copied().map(Into::into).collect()
    }

    /// Whether the rules allow the deletion of the memo.
    async fn verdict(&self) -> Option<DeletionVerdict> {
        self.0.verdict().map(Into::into)
    }

    /// What forbids the deletion; empty if nothing does.
    async fn blockers(&self) -> Vec<MemoDeletionBlocker> {
        self.0.preview.as_ref().map(blockers_of).unwrap_or_default()
    }

    /// Why the deletion is not recommended, if the other memos that can be deleted go too. A file
    /// of several memos counts for each of them.
    async fn warnings(&self) -> Vec<MemoDeletionWarning> {
        self.0.preview.as_ref().map(warnings_of).unwrap_or_default()
    }

    /// What the viewer can do instead.
    async fn alternatives(&self) -> Vec<MemoDeletionAlternative> {
        self.0.preview.as_ref().map(alternatives_of).unwrap_or_default()
    }
}
