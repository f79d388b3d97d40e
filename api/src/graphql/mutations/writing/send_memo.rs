//! `sendMemo`

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
use service::memos::send;

#[derive(Default)]
pub struct SendMemo;

/// Which draft to send.
#[derive(InputObject)]
pub struct SendMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The `version` of the draft that the person has seen: if it has another by now, it is not sent. Left out or null, that is not checked.
    expected_version: Option<i64>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a draft was not sent.
    SendMemoUserError,
    /// The codes with which `sendMemo` refuses.
    SendMemoErrorCode {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only its author sends a memo.
        NotTheAuthor,
        /// The draft has another version than the expected one: the payload's `memo` is the draft as it is now.
        VersionConflict,
        /// The recipient does not work here any more: choose another with `updateMemo`.
        InactivePerson,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(SendMemoUserError, SendMemoErrorCode { NotFound, NotTheAuthor, VersionConflict, InactivePerson; InvalidInput });

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct SendMemoPayload {
    /// The memo as it is now, also with `VERSION_CONFLICT`; null if it was refused for another reason.
    memo: Option<Memo>,
    /// Whether it had been sent before: nothing was done now, and nobody was told again.
    replayed: bool,
    /// Why the draft was not sent; empty if it is sent.
    user_errors: Vec<SendMemoUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl SendMemo {
    /// Sends a draft, for its author: recipient and subscribers are told, and have not read it. Doing it again changes nothing and tells nobody.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn send_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: SendMemoInput,
    ) -> ApiResult<SendMemoPayload> {
        let memo_id =
            or_refuse!(Kind::Memo.parse("memoId", &input.memo_id), SendMemoPayload, input.client_mutation_id);
        let client_mutation_id = input.client_mutation_id;
        let sent = send(services(ctx)?, viewer(ctx)?, memo_id, input.expected_version).await?;
        loaders(ctx)?.forget_memos();
        Ok(match sent {
            Ok(sent) => SendMemoPayload {
                memo: Some(Memo(sent.memo)),
                replayed: sent.replayed,
                client_mutation_id,
                ..SendMemoPayload::default()
            },
            Err(refusal) => {
                let (memo, refused) = of_write(refusal);
                SendMemoPayload {
                    memo: memo.map(Memo),
                    user_errors: refused.into_iter().map(Into::into).collect(),
                    client_mutation_id,
                    ..SendMemoPayload::default()
                }
            }
        })
    }
}
