//! What a deletion would do.

use super::{
    deletion_item::{DeletionItemConnection, item_connection, selects_rows, write_item_connection},
    memo::Memo,
};
use crate::{
    at_hand,
    graphql::{
        connection::{PageArguments, Scope, weight},
        enums::{
            DeletionVerdict, MemoDeletionAlternativeCode, MemoDeletionBlockerCode,
            MemoDeletionWarningCode, MemoRole, MemoStage,
        },
        error::ApiResult,
        guard::viewer,
        loaders::services,
        scalars::{Bytes, Moment},
        sentences::what_the_recipient_did,
    },
};
use async_graphql::{Context, Lookahead, Object, Value};
use entity::Disposition;
use service::{
    memo_deletion::{self as deletion, Item, ItemKey, Lists, Preview, policy},
    page::{DEFAULT_PAGE, MAX_PAGE, Page, PageRequest},
};

pub struct MemoDeletionPreview(pub Preview);

/// What would happen if the viewer deleted the memo now: what would be removed and kept, with
/// blockers and warnings. Reading it changes nothing.
#[Object]
impl MemoDeletionPreview {
    /// The memo.
    async fn memo(&self) -> Memo {
        Memo::from(self.0.memo.clone())
    }

    /// The viewer's roles in the memo.
    async fn viewer_roles(&self) -> Vec<MemoRole> {
        self.0.decision.roles.iter().copied().map(Into::into).collect()
    }

    /// Whether the rules allow the deletion.
    async fn verdict(&self) -> DeletionVerdict {
        self.0.decision.verdict().into()
    }

    /// What forbids the deletion; empty if nothing does.
    async fn blockers(&self) -> Vec<MemoDeletionBlocker> {
        blockers_of(&self.0)
    }

    /// Why the deletion is not recommended; empty if there are no warnings.
    async fn warnings(&self) -> Vec<MemoDeletionWarning> {
        warnings_of(&self.0)
    }

    /// What the viewer can do instead.
    async fn alternatives(&self) -> Vec<MemoDeletionAlternative> {
        alternatives_of(&self.0)
    }

    /// What would be removed.
    #[graphql(complexity = "5 + weight(first, None) * child_complexity")]
    async fn removed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        self.items(ctx, Disposition::Removed, first, after).await
    }

    /// What would be kept, each item with its reason.
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

    /// Send it to `deleteMemo` to confirm exactly what this preview shows. If anything has changed
    /// by then, nothing is deleted. Null if the verdict is DENIED.
    async fn confirmation_token(&self) -> Option<&str> {
        self.0.confirmation_token()
    }
}

at_hand!(MemoDeletionPreview {
    "memo" => memo,
    "viewerRoles" => viewer_roles,
    "verdict" => verdict,
    "blockers" => blockers,
    "warnings" => warnings,
    "alternatives" => alternatives,
    "bytesFreed" => bytes_freed,
    "confirmationToken" => confirmation_token,
} or write_list);

impl MemoDeletionPreview {
    /// Writes the first page of a list, if the preview's own statement has read it.
    fn write_list(&self, field: &str, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        let disposition = match field {
            "removed" => Disposition::Removed,
            "kept" => Disposition::Kept,
            _ => return None,
        };
        let (_, first) = ctx.param_value::<Option<i32>>("first", None).ok()?;
        let (_, after) = ctx.param_value::<Option<String>>("after", None).ok()?;
        let scope = self.scope(disposition);
        let request = PageArguments { first, after, ..PageArguments::default() };
        let request = request.request(&scope).ok()?;
        let page = match brought_along(self.page(disposition), &request) {
            Some(page) => page,
            None if !selects_rows(&ctx.look_ahead()) => Page::default(),
            None => return None,
        };
        write_item_connection(self.0.memo.id, page, &scope, &self.0.counts, disposition, ctx, json)
    }

    fn scope(&self, disposition: Disposition) -> Scope {
        Scope::new("items of a preview", (self.0.memo.id, disposition))
    }

    async fn items(
        &self,
        ctx: &Context<'_>,
        disposition: Disposition,
        first: Option<i32>,
        after: Option<String>,
    ) -> ApiResult<DeletionItemConnection> {
        let scope = self.scope(disposition);
        let request = PageArguments { first, after, ..PageArguments::default() }.request(&scope)?;
        let page = match brought_along(self.page(disposition), &request) {
            Some(page) => page,
            None if !selects_rows(&ctx.look_ahead()) => Page::default(),
            None => {
                deletion::preview_items(
                    services(ctx)?,
                    viewer(ctx)?,
                    self.0.memo.id,
                    disposition,
                    &request,
                )
                .await?
            }
        };
        Ok(item_connection(self.0.memo.id, page, &scope, &self.0.counts, disposition))
    }

    /// The first page of a list, if it was requested.
    fn page(&self, disposition: Disposition) -> Option<&Page<Item>> {
        match disposition {
            Disposition::Removed => self.0.removed.as_ref(),
            Disposition::Kept => self.0.kept.as_ref(),
        }
    }
}

/// The requested page, if the preview's own statement has already read it: the `first` one.
pub fn brought_along(
    first: Option<&Page<Item>>,
    request: &PageRequest<ItemKey>,
) -> Option<Page<Item>> {
    let page = first?;
    let length = usize::try_from(request.limit).ok()?;
    let enough = page.rows.len() >= length || !page.has_next;
    if request.after.is_some() || !enough {
        return None;
    }
    let mut page = page.clone();
    page.has_next = page.has_next || page.rows.len() > length;
    page.rows.truncate(length);
    Some(page)
}

/// What forbids the deletion of a memo.
pub fn blockers_of(preview: &Preview) -> Vec<MemoDeletionBlocker> {
    let blockers = preview.decision.blockers.iter().cloned();
    let recipient = &preview.inactive_recipient;
    blockers.map(|blocker| MemoDeletionBlocker(blocker, recipient.clone())).collect()
}

/// Why the deletion of a memo is not recommended.
pub fn warnings_of(preview: &Preview) -> Vec<MemoDeletionWarning> {
    let warnings = preview.decision.warnings.iter();
    warnings.map(|warning| MemoDeletionWarning::of_memo(*warning, preview.memo.stage)).collect()
}

/// What the viewer can do instead of deleting a memo.
pub fn alternatives_of(preview: &Preview) -> Vec<MemoDeletionAlternative> {
    preview.decision.alternatives.iter().copied().map(MemoDeletionAlternative).collect()
}

/// The lists that a selection of a preview asks for, and their lengths. The preview's statement
/// reads them at once. If only counts are selected, it reads no list.
pub fn wanted_lists(preview: &Lookahead<'_>) -> Lists {
    let wanted = |name: &str| {
        let list = preview.field(name);
        if !selects_rows(&list) {
            return None;
        }
        let fields = list.selection_fields();
        let first = fields.iter().filter_map(|field| {
            let arguments = field.arguments().ok()?;
            let first = arguments.into_iter().find(|(argument, _)| argument == "first");
            match first {
                Some((_, Value::Number(first))) => first.as_u64(),
                _ => Some(DEFAULT_PAGE),
            }
        });
        Some(first.max().unwrap_or(DEFAULT_PAGE).min(MAX_PAGE))
    };
    Lists { removed: wanted("removed"), kept: wanted("kept") }
}

/// A blocker, and the name of the memo's recipient if they are not active any more.
pub struct MemoDeletionBlocker(pub policy::Blocker, pub Option<String>);

/// Why the viewer may not delete the memo.
#[Object]
impl MemoDeletionBlocker {
    /// The code, for programs.
    async fn code(&self) -> MemoDeletionBlockerCode {
        self.0.code.into()
    }

    /// The reason and what to do instead, as English text for people.
    async fn message(&self) -> String {
        blocker_message(&self.0, self.1.as_deref())
    }

    /// For `RECIPIENT_HAS_ACTED`: when the recipient first acted on the memo.
    async fn since(&self) -> Option<Moment> {
        self.0.act.map(|(_, at)| at).map(Moment)
    }

    /// For `RECIPIENT_HAS_ACTED`: the stage to which the recipient then moved the memo.
    async fn stage(&self) -> Option<MemoStage> {
        self.0.act.map(|(stage, _)| stage.into())
    }
}

/// The reason of a refusal, and what to do instead. `inactive_recipient` is the name of the memo's
/// recipient if they are not active any more: then an administrator can pass their memos on.
pub fn blocker_message(blocker: &policy::Blocker, inactive_recipient: Option<&str>) -> String {
    use policy::BlockerCode;
    match (blocker.code, blocker.act) {
        (BlockerCode::NotAParticipant, _) => {
            "Only the memo's author or recipient may delete it. Ask one of them.".to_owned()
        }
        (BlockerCode::RecipientHasActed, act) => {
            let acted = what_the_recipient_did(act);
            let whom_to_ask = match inactive_recipient {
                Some(name) => format!(
                    "{name} is not active any more: ask an administrator to pass their memos on."
                ),
                None => "Ask the recipient.".to_owned(),
            };
            format!("{acted}, so its author can no longer delete it. {whom_to_ask}")
        }
        (BlockerCode::OnHold, _) => {
            "This memo is on hold: nobody can delete it until an administrator releases it."
                .to_owned()
        }
    }
}

/// A warning, and the stage of the memo. `None`: the warning is about several memos.
pub struct MemoDeletionWarning(policy::Warning, Option<entity::MemoStage>);

impl MemoDeletionWarning {
    /// A warning about a memo in this stage.
    pub fn of_memo(warning: policy::Warning, stage: entity::MemoStage) -> Self {
        Self(warning, Some(stage))
    }

    /// A warning about several memos.
    pub fn of_selection(warning: policy::Warning) -> Self {
        Self(warning, None)
    }
}

/// Why a deletion is not recommended and needs a confirmation.
#[Object]
impl MemoDeletionWarning {
    /// The code, for programs.
    async fn code(&self) -> MemoDeletionWarningCode {
        self.0.code.into()
    }

    /// The warning as English text for people.
    async fn message(&self) -> String {
        match self.1 {
            Some(stage) => warning_message(self.0, stage),
            None => selection_warning_message(self.0),
        }
    }

    /// How many items the warning is about.
    async fn count(&self) -> u64 {
        self.0.count
    }
}

fn warning_message(warning: policy::Warning, stage: entity::MemoStage) -> String {
    use policy::WarningCode;
    let keep = if stage == entity::MemoStage::Reviewed {
        "Better keep it."
    } else {
        "Better keep it, marked as reviewed."
    };
    let many = |one: &str, more: &str| {
        if warning.count == 1 { format!("1 {one}") } else { format!("{} {more}", warning.count) }
    };
    match warning.code {
        WarningCode::RecipientDeletion => {
            format!(
                "Somebody else wrote this memo. If you delete it, its author is notified. {keep}"
            )
        }
        WarningCode::DocumentsTask => {
            format!("This memo is the record of a task. {keep}")
        }
        WarningCode::DocumentsProject => {
            format!("This memo is the record of a project. {keep}")
        }
        WarningCode::DocumentsDeal => {
            format!("This memo is the record of a deal. {keep}")
        }
        WarningCode::UntransferredFiles => {
            format!(
                "{} would be deleted with it. Transfer what should be kept to a task or project.",
                many("file", "files")
            )
        }
        WarningCode::HasDiscussion => {
            format!("{} of other people would be deleted with it.", many("comment", "comments"))
        }
        WarningCode::PendingReminders => {
            format!(
                "{} of other people would be deleted with it.",
                many("future reminder", "future reminders")
            )
        }
    }
}

/// The text of a warning about several memos.
fn selection_warning_message(warning: policy::Warning) -> String {
    use policy::WarningCode;
    let n = warning.count;
    let records = |of: &str| match n {
        1 => format!("1 of these memos is the record of a {of}. Better keep it."),
        _ => format!("{n} of these memos are records of {of}s. Better keep them."),
    };
    let others = |one: &str| {
        let s = if n == 1 { "" } else { "s" };
        format!("{n} {one}{s} of other people would be deleted with these memos.")
    };
    match warning.code {
        WarningCode::RecipientDeletion if n == 1 => "Somebody else wrote 1 of these memos. If you \
            delete it, its author is notified. Better keep it."
            .to_owned(),
        WarningCode::RecipientDeletion => format!(
            "Other people wrote {n} of these memos. If you delete them, their authors are \
             notified. Better keep them."
        ),
        WarningCode::DocumentsTask => records("task"),
        WarningCode::DocumentsProject => records("project"),
        WarningCode::DocumentsDeal => records("deal"),
        WarningCode::UntransferredFiles => {
            let files = if n == 1 { "file" } else { "files" };
            format!(
                "{n} {files} would be deleted with these memos. Transfer what should be kept to a \
                 task or project."
            )
        }
        WarningCode::HasDiscussion => others("comment"),
        WarningCode::PendingReminders => others("future reminder"),
    }
}

pub struct MemoDeletionAlternative(policy::Alternative);

/// What the viewer can do instead.
#[Object]
impl MemoDeletionAlternative {
    /// The code, for programs.
    async fn code(&self) -> MemoDeletionAlternativeCode {
        self.0.into()
    }

    /// What it does, as English text for people.
    async fn message(&self) -> &str {
        match self.0 {
            policy::Alternative::MarkAsReviewed => {
                "Mark the memo as reviewed: it is then settled, and stays on record."
            }
            policy::Alternative::TransferFiles => {
                "Transfer the files to a task or a project: they are kept there."
            }
        }
    }
}

at_hand!(MemoDeletionBlocker {
    "code" => code,
    "message" => message,
    "since" => since,
    "stage" => stage,
});
at_hand!(MemoDeletionWarning { "code" => code, "message" => message, "count" => count });
at_hand!(MemoDeletionAlternative { "code" => code, "message" => message });
