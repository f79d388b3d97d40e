//! A deletion record.

use super::{
    deletion_item::{DeletionItemConnection, item_connection, selects_rows},
    memo_deletion_preview::MemoDeletionWarning,
    user::{User, user_by_id},
};
use crate::graphql::{
    connection::{PageArguments, Scope, weight},
    enums::{DeletionVerdict, MemoRole, MemoStage},
    error::ApiResult,
    guard::viewer,
    id::Kind,
    loaders::services,
    scalars::{Bytes, Moment},
};
use async_graphql::{Context, ID, Object};
use entity::{Disposition, memo_deletion};
use service::{
    Viewer,
    access::{RecordAccess, RecordSight, record_roles},
    memo_deletion as deletion,
    page::Page,
};

pub struct MemoDeletion(pub memo_deletion::Model);

/// The record of a memo's deletion: who, when, why, in which role, what was removed and what was
/// kept. Names and contents are erased some time after `restorableUntil`, or earlier by
/// `eraseMemoDeletion`. The rest is kept forever.
#[Object]
impl MemoDeletion {
    /// The global id. `restoreMemo` takes it.
    pub async fn id(&self) -> ID {
        Kind::MemoDeletion.id(self.0.id)
    }

    /// The global id of the memo. For this id, `node` returns a `DeletedMemo`, or the memo itself
    /// after a restore.
    async fn memo_id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// The memo's name. Null after it is erased, and for administrators who are neither author nor
    /// recipient.
    async fn memo_name(&self, ctx: &Context<'_>) -> ApiResult<Option<&str>> {
        let viewer = viewer(ctx)?;
        Ok(self.0.memo_name.as_deref().filter(|_| self.has_content(viewer)))
    }

    /// The memo's author.
    async fn author(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.author_id).await
    }

    /// The memo's recipient.
    async fn recipient(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.recipient_id).await
    }

    /// The memo's stage when it was deleted.
    async fn stage(&self) -> MemoStage {
        self.0.stage.into()
    }

    /// Whether the memo was a draft.
    async fn draft(&self) -> bool {
        self.0.draft
    }

    /// Who deleted it.
    async fn deleted_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.deleted_by).await
    }

    /// The roles that this person had in the memo.
    async fn deleted_in_roles(&self) -> Vec<MemoRole> {
        record_roles(&self.0, self.0.deleted_by).into_iter().map(Into::into).collect()
    }

    /// When it was deleted.
    async fn deleted_at(&self) -> Moment {
        Moment(self.0.deleted_at)
    }

    /// The reason in this person's words; null if they gave none. Also null after it is erased, and
    /// for administrators who are neither author nor recipient.
    async fn reason(&self, ctx: &Context<'_>) -> ApiResult<Option<&str>> {
        let viewer = viewer(ctx)?;
        Ok(self.0.reason.as_deref().filter(|_| self.has_content(viewer)))
    }

    /// The verdict of the rules at that time.
    async fn verdict(&self) -> DeletionVerdict {
        self.0.verdict.into()
    }

    /// The warnings that the person confirmed.
    async fn warnings(&self) -> ApiResult<Vec<MemoDeletionWarning>> {
        let warnings = deletion::record_warnings(&self.0)?.into_iter();
        Ok(warnings.map(|warning| MemoDeletionWarning::of_memo(warning, self.0.stage)).collect())
    }

    /// What was removed.
    #[graphql(complexity = "5 + weight(first, None) * child_complexity")]
    async fn removed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        self.items(ctx, Disposition::Removed, first, after).await
    }

    /// What was kept, each item with its reason.
    #[graphql(complexity = "5 + weight(first, None) * child_complexity")]
    async fn kept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        self.items(ctx, Disposition::Kept, first, after).await
    }

    /// The size in bytes of the removed files. Their contents
    /// are erased some time after `restorableUntil`.
    async fn bytes_freed(&self) -> Bytes {
        Bytes(self.0.bytes_freed)
    }

    /// The time until which the memo can be restored.
    async fn restorable_until(&self) -> Moment {
        Moment(self.0.restorable_until)
    }

    /// When it was restored; null if it was not.
    async fn restored_at(&self) -> Option<Moment> {
        self.0.restored_at.map(Moment)
    }

    /// Who restored it; null if nobody did.
    async fn restored_by(&self, ctx: &Context<'_>) -> ApiResult<Option<User>> {
        match self.0.restored_by {
            Some(person) => user_by_id(ctx, person).await.map(Some),
            None => Ok(None),
        }
    }

    /// When names and contents were erased, by `erasedBy` or because their time was over; null if
    /// they have not been erased yet.
    async fn purged_at(&self) -> Option<Moment> {
        self.0.purged_at.map(Moment)
    }

    /// Who erased names and contents before their time was over; null if nobody did.
    async fn erased_by(&self, ctx: &Context<'_>) -> ApiResult<Option<User>> {
        match self.0.erased_by {
            Some(person) => user_by_id(ctx, person).await.map(Some),
            None => Ok(None),
        }
    }

    /// The reason in this person's words; null if they gave none. Everybody who can see the record
    /// can read it.
    async fn erasure_reason(&self) -> Option<&str> {
        self.0.erasure_reason.as_deref()
    }

    /// Whether `restoreMemo` would restore the memo for the viewer now.
    async fn viewer_can_restore(&self, ctx: &Context<'_>) -> ApiResult<bool> {
        let viewer = viewer(ctx)?;
        // Whether the others are active matters only for an administrator.
        let any_active = !viewer.is_admin()
            || user_by_id(ctx, self.0.deleted_by).await?.0.active
            || user_by_id(ctx, self.0.author_id).await?.0.active;
        Ok(deletion::can_restore(&self.0, viewer, any_active, services(ctx)?.now()))
    }
}

impl MemoDeletion {
    /// Whether the viewer can see the memo's name and contents.
    fn has_content(&self, viewer: Viewer) -> bool {
        RecordAccess::of(&self.0, viewer).sight() == RecordSight::Content
    }

    async fn items(
        &self,
        ctx: &Context<'_>,
        disposition: Disposition,
        first: Option<i32>,
        after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        let scope = Scope::new("items of a record", (self.0.id, disposition));
        let request = PageArguments { first, after, ..PageArguments::default() }.request(&scope)?;
        let page = if selects_rows(&ctx.look_ahead()) {
            deletion::record_items(services(ctx)?, viewer(ctx)?, &self.0, disposition, &request)
                .await?
        } else {
            Page::default()
        };
        let counts = deletion::record_counts(&self.0)?;
        Ok(item_connection(self.0.memo_id, page, &scope, &counts, disposition))
    }
}
