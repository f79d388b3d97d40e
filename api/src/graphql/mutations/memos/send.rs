//! `sendMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::Memo,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memos::{self, SendMemoError};

#[derive(Default)]
pub struct SendMemo;

/// The draft to send.
#[derive(InputObject)]
pub struct SendMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The `version` of the draft that the person has seen. If the draft has another version by
    /// now, it is not sent. If left out or null, the version is not checked.
    expected_version: Option<i64>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    SendMemo(SendMemoErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
        /// Only the author can send a memo.
        NotTheAuthor,
        /// The draft does not have the expected version. The payload's `memo` is the draft as it is
        /// now.
        VersionConflict,
        /// The recipient is not active any more. Choose another one with `updateMemo`.
        InactivePerson,
    }
}

done! {
    MemoSent(SendMemoErrorCode) {
        /// The memo as it is now, also with `VERSION_CONFLICT`. Null if the mutation was refused
        /// for another reason.
        memo: Option<Memo>,
        /// Whether the memo had already been sent before. If so, nothing was done now, and nobody
        /// was notified again.
        replayed: bool,
    }
}

impl From<SendMemoError> for Stop<MemoSent> {
    fn from(error: SendMemoError) -> Self {
        use SendMemoErrorCode as Code;
        let (code, message) = match error {
            SendMemoError::NotFound => (Code::NotFound, sentences::NO_SUCH_MEMO),
            SendMemoError::NotTheAuthor => (Code::NotTheAuthor, sentences::NOT_THE_AUTHOR),
            SendMemoError::InactiveRecipient => (Code::InactivePerson, sentences::INACTIVE_PERSON),
            SendMemoError::VersionConflict(memo) => {
                let message = sentences::version_conflict(memo.version);
                let error = MutationError::at("expectedVersion", Code::VersionConflict, message);
                return Self::refused(
                    MemoSent { memo: Some(Memo::from(*memo)), replayed: false },
                    vec![error],
                );
            }
            SendMemoError::Failed(error) => return error.into(),
        };
        MutationError::at("memoId", code, message).into()
    }
}

#[Object]
impl SendMemo {
    /// Sends a draft. Only its author can do this. Recipient and subscribers are notified, and the
    /// memo is unread for them. Repeating it changes nothing and notifies nobody.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn send_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft to send.")] input: SendMemoInput,
    ) -> ApiResult<Payload<MemoSent>> {
        respond(input.client_mutation_id, async {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let sent =
                memos::send(services(ctx)?, viewer(ctx)?, memo_id, input.expected_version).await?;
            Ok(MemoSent { memo: Some(Memo::from(sent.memo)), replayed: sent.replayed })
        })
        .await
    }
}
