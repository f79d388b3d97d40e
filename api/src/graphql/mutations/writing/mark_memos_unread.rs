//! `markMemosUnread`

use super::{
    input::too_long,
    refusals::{Refused, Word, carries_refusals},
};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::Memo,
    payload::{or_refuse, user_error},
    sentences::NO_SUCH_MEMO,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::memos::mark;

#[derive(Default)]
pub struct MarkMemosUnread;

/// Which memos the viewer has not read.
#[derive(InputObject)]
pub struct MarkMemosUnreadInput {
    /// The memos' global ids, at most 100.
    memo_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo was not marked.
    MarkMemosUnreadUserError,
    /// The codes with which `markMemosUnread` refuses.
    MarkMemosUnreadErrorCode {
        /// The memo does not exist for the viewer. The others were marked.
        NotFound,
        /// The input is not acceptable: the message says what to give instead. Nothing was marked.
        InvalidInput,
    }
}
carries_refusals!(MarkMemosUnreadUserError, MarkMemosUnreadErrorCode { NotFound; InvalidInput });

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct MarkMemosUnreadPayload {
    /// The memos that are marked now, each once, in the order of the input.
    memos: Vec<Memo>,
    /// An error for each memo that was not marked; empty if all are.
    user_errors: Vec<MarkMemosUnreadUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl MarkMemosUnread {
    /// Marks memos that the viewer sees as unread by them; for others nothing changes. One that is not found does not hinder the others.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.memo_ids.len() * child_complexity"
    )]
    async fn mark_memos_unread(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memos.")] input: MarkMemosUnreadInput,
    ) -> ApiResult<MarkMemosUnreadPayload> {
        let client_mutation_id = input.client_mutation_id;
        let refused = too_long(&[("memoIds", &input.memo_ids)]);
        if !refused.is_empty() {
            let user_errors = refused.into_iter().map(Into::into).collect();
            return Ok(MarkMemosUnreadPayload {
                user_errors,
                client_mutation_id,
                ..MarkMemosUnreadPayload::default()
            });
        }
        let memo_ids = or_refuse!(
            Kind::Memo.parse_all("memoIds", &input.memo_ids),
            MarkMemosUnreadPayload,
            client_mutation_id
        );
        let memos = mark(services(ctx)?, viewer(ctx)?, &memo_ids, true).await?;
        loaders(ctx)?.forget_memos();
        let user_errors = memo_ids
            .iter()
            .enumerate()
            .filter(|(_, id)| memos.iter().all(|memo| memo.id != **id))
            .map(|(n, _)| Refused::at_element("memoIds", n, Word::NotFound, NO_SUCH_MEMO).into())
            .collect();
        Ok(MarkMemosUnreadPayload {
            memos: memos.into_iter().map(Memo).collect(),
            user_errors,
            client_mutation_id,
        })
    }
}
