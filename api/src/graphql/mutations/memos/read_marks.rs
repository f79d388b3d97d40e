//! `markMemosRead`, `markMemosUnread`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, element},
    loaders::services,
    mutations::respond::{
        Done, MutationError, Payload, RefusesInput, Stop, at_most, codes, done, respond,
    },
    objects::Memo,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memos;

#[derive(Default)]
pub struct MarkMemos;

/// The memos to mark as read.
#[derive(InputObject)]
pub struct MarkMemosReadInput {
    /// The memos' global ids, at most 100.
    memo_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    MarkMemosRead(MarkMemosReadErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it. The other memos were marked.
        NotFound,
    }
}

done! {
    MemosMarkedRead(MarkMemosReadErrorCode) {
        /// The memos that were marked, each once, in the order of the input.
        memos: Vec<Memo>,
        /// How many memos that the viewer can see are unread now; null if the mutation was
        /// refused.
        unread_memo_count: Option<u64>,
    }
}

/// The memos to mark as unread.
#[derive(InputObject)]
pub struct MarkMemosUnreadInput {
    /// The memos' global ids, at most 100.
    memo_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    MarkMemosUnread(MarkMemosUnreadErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it. The other memos were marked.
        NotFound,
    }
}

done! {
    MemosMarkedUnread(MarkMemosUnreadErrorCode) {
        /// The memos that were marked, each once, in the order of the input.
        memos: Vec<Memo>,
        /// How many memos that the viewer can see are unread now; null if the mutation was
        /// refused.
        unread_memo_count: Option<u64>,
    }
}

#[Object]
impl MarkMemos {
    /// Marks memos as read by the viewer. Nothing changes for other people. If a memo is not found,
    /// the others are still marked.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.memo_ids.len() * child_complexity"
    )]
    async fn mark_memos_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memos to mark.")] input: MarkMemosReadInput,
    ) -> ApiResult<Payload<MemosMarkedRead>> {
        respond(input.client_mutation_id, async {
            let done = |memos, unread_memo_count| MemosMarkedRead { memos, unread_memo_count };
            mark(ctx, &input.memo_ids, false, done, MarkMemosReadErrorCode::NotFound).await
        })
        .await
    }

    /// Marks memos as unread by the viewer. Nothing changes for other people. If a memo is not
    /// found, the others are still marked.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.memo_ids.len() * child_complexity"
    )]
    async fn mark_memos_unread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memos to mark.")] input: MarkMemosUnreadInput,
    ) -> ApiResult<Payload<MemosMarkedUnread>> {
        respond(input.client_mutation_id, async {
            let done = |memos, unread_memo_count| MemosMarkedUnread { memos, unread_memo_count };
            mark(ctx, &input.memo_ids, true, done, MarkMemosUnreadErrorCode::NotFound).await
        })
        .await
    }
}

async fn mark<T: Done<Code: RefusesInput>>(
    ctx: &Context<'_>,
    memo_ids: &[ID],
    unread: bool,
    done: impl FnOnce(Vec<Memo>, Option<u64>) -> T,
    not_found: T::Code,
) -> Result<T, Stop<T>> {
    at_most("memoIds", memo_ids)?;
    let memo_ids = Kind::Memo.parse_all("memoIds", memo_ids)?;
    let memos = memos::mark(services(ctx)?, viewer(ctx)?, &memo_ids, unread).await?;
    let missing =
        memo_ids.iter().enumerate().filter(|(_, id)| memos.iter().all(|memo| memo.id != **id));
    let errors: Vec<_> = missing
        .map(|(n, _)| MutationError::at(&element("memoIds", n), not_found, sentences::NO_SUCH_MEMO))
        .collect();
    // Counted only for clients that ask for it.
    let unread = if ctx.look_ahead().field("unreadMemoCount").exists() {
        Some(memos::count_unread(services(ctx)?, viewer(ctx)?).await?)
    } else {
        None
    };
    let done = done(memos.into_iter().map(Memo::from).collect(), unread);
    if errors.is_empty() { Ok(done) } else { Err(Stop::refused(done, errors)) }
}
