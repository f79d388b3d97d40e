//! `sendMemo`, `copyMemo`

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
use service::memos::{self, CopyMemoError, SendMemoError};

#[derive(Default)]
pub struct SendMemo;

/// Which draft to send.
#[derive(InputObject)]
pub struct SendMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The `version` of the draft that the person has seen: if it has another by now, it is not
    /// sent. Left out or null, that is not checked.
    expected_version: Option<i64>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    SendMemo(SendMemoErrorCode) or InvalidInput {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only its author sends a memo.
        NotTheAuthor,
        /// The draft has another version than the expected one: the payload's `memo` is the draft
        /// as it is now.
        VersionConflict,
        /// The recipient does not work here any more: choose another with `updateMemo`.
        InactivePerson,
    }
}

done! {
    MemoSent(SendMemoErrorCode) {
        /// The memo as it is now, also with `VERSION_CONFLICT`; null if it was refused for another
        /// reason.
        memo: Option<Memo>,
        /// Whether it had been sent before: nothing was done now, and nobody was told again.
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
                    MemoSent { memo: Some(Memo(*memo)), replayed: false },
                    vec![error],
                );
            }
            SendMemoError::Failed(error) => return error.into(),
        };
        MutationError::at("memoId", code, message).into()
    }
}

/// Which memo to copy.
#[derive(InputObject)]
pub struct CopyMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    CopyMemo(CopyMemoErrorCode) or InvalidInput {
        /// The memo does not exist for the viewer.
        NotFound,
    }
}

done! {
    MemoCopied(CopyMemoErrorCode) {
        /// The new draft; null if it was refused. A copy of somebody else's memo is to the viewer
        /// themselves. It has neither the conclusion, the dates, the stage, the resolution, the
        /// work, the discussion nor the reminders of what it was made of.
        memo: Option<Memo>,
    }
}

impl From<CopyMemoError> for Stop<MemoCopied> {
    fn from(error: CopyMemoError) -> Self {
        match error {
            CopyMemoError::NotFound => {
                MutationError::at("memoId", CopyMemoErrorCode::NotFound, sentences::NO_SUCH_MEMO)
                    .into()
            }
            CopyMemoError::Failed(error) => error.into(),
        }
    }
}

#[Object]
impl SendMemo {
    /// Sends a draft, for its author: recipient and subscribers are told, and have not read it.
    /// Doing it again changes nothing and tells nobody.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn send_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which draft.")] input: SendMemoInput,
    ) -> ApiResult<Payload<MemoSent>> {
        respond(input.client_mutation_id, async {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let sent =
                memos::send(services(ctx)?, viewer(ctx)?, memo_id, input.expected_version).await?;
            Ok(MemoSent { memo: Some(Memo(sent.memo)), replayed: sent.replayed })
        })
        .await
    }

    /// Makes a draft of the viewer's with the name, description, deal, tags and files of a memo
    /// that they see; if they wrote it, also with its people.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn copy_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo.")] input: CopyMemoInput,
    ) -> ApiResult<Payload<MemoCopied>> {
        respond(input.client_mutation_id, async {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let memo = memos::copy(services(ctx)?, viewer(ctx)?, memo_id).await?;
            Ok(MemoCopied { memo: Some(Memo(memo)) })
        })
        .await
    }
}
