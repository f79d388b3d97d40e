//! `copyMemo`

use super::refusals::{carries_refusals, of_write};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::Memo,
    payload::{or_refuse, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::memos::copy;

#[derive(Default)]
pub struct CopyMemo;

/// Which memo to copy.
#[derive(InputObject)]
pub struct CopyMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo was not copied.
    CopyMemoUserError,
    /// The codes with which `copyMemo` refuses.
    CopyMemoErrorCode {
        /// The memo does not exist for the viewer.
        NotFound,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(CopyMemoUserError, CopyMemoErrorCode { NotFound; InvalidInput });

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct CopyMemoPayload {
    /// The new draft; null if it was refused. A copy of somebody else's memo is to the viewer themselves. It has neither the conclusion, the dates, the
    /// stage, the resolution, the work, the discussion nor the reminders of what it was made of.
    memo: Option<Memo>,
    /// Why the memo was not copied; empty if it was.
    user_errors: Vec<CopyMemoUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl CopyMemo {
    /// Makes a draft of the viewer's with the name, description, deal, tags and files of a memo that they see; if they wrote it, also with its people.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn copy_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo.")] input: CopyMemoInput,
    ) -> ApiResult<CopyMemoPayload> {
        let memo_id =
            or_refuse!(Kind::Memo.parse("memoId", &input.memo_id), CopyMemoPayload, input.client_mutation_id);
        let (memo, refused) = match copy(services(ctx)?, viewer(ctx)?, memo_id).await? {
            Ok(memo) => (Some(memo), Vec::new()),
            Err(refusal) => of_write(refusal),
        };
        loaders(ctx)?.forget_memos();
        Ok(CopyMemoPayload {
            memo: memo.map(Memo),
            user_errors: refused.into_iter().map(Into::into).collect(),
            client_mutation_id: input.client_mutation_id,
        })
    }
}
