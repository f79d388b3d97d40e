//! `restoreMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{MemoById, loaders, services},
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::{Memo, MemoDeletion},
    payload::MissingLink,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memo_deletion::{self, RestoreMemoError};

#[derive(Default)]
pub struct RestoreMemo;

/// Which deletion to undo.
#[derive(InputObject)]
pub struct RestoreMemoInput {
    /// The global id of the deletion record: the `receipt` of `deleteMemo`, or one of
    /// `memoDeletions`.
    deletion_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    RestoreMemo(RestoreMemoErrorCode) or InvalidInput {
        /// The record does not exist for the viewer.
        NotFound,
        /// Only who deleted the memo may restore it, and its author if the recipient deleted it; an
        /// administrator once none of them is active.
        NotAllowed,
        /// Somebody else has restored it already.
        AlreadyRestored,
        /// The time for restoring is over.
        NoLongerRestorable,
    }
}

done! {
    MemoRestored(RestoreMemoErrorCode) {
        /// The memo, under its own id; null if it was not restored, was deleted again since, or
        /// cannot be seen by the viewer.
        memo: Option<Memo>,
        /// The record, now marked as restored.
        deletion: Option<MemoDeletion>,
        /// What could not be brought back, because its other end is gone by now.
        missing: Vec<MissingLink>,
        /// Whether the viewer had restored it before, and nothing was done now.
        replayed: bool,
    }
}

impl From<RestoreMemoError> for Stop<MemoRestored> {
    fn from(error: RestoreMemoError) -> Self {
        use RestoreMemoErrorCode as Code;
        let (code, message) = match error {
            RestoreMemoError::NotFound => (Code::NotFound, sentences::NO_SUCH_DELETION),
            RestoreMemoError::NotAllowed => (Code::NotAllowed, sentences::RESTORE_NOT_ALLOWED),
            RestoreMemoError::AlreadyRestored => {
                (Code::AlreadyRestored, sentences::ALREADY_RESTORED)
            }
            RestoreMemoError::Expired => {
                (Code::NoLongerRestorable, sentences::NO_LONGER_RESTORABLE)
            }
            RestoreMemoError::Failed(error) => return error.into(),
        };
        MutationError::at("deletionId", code, message).into()
    }
}

#[Object]
impl RestoreMemo {
    /// Brings a deleted memo back, under its own id, with everything whose other end still exists.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn restore_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which deletion.")] input: RestoreMemoInput,
    ) -> ApiResult<Payload<MemoRestored>> {
        respond(input.client_mutation_id, async {
            let record_id = Kind::MemoDeletion.parse("deletionId", &input.deletion_id)?;
            let restored = memo_deletion::restore(services(ctx)?, viewer(ctx)?, record_id).await?;
            Ok(MemoRestored {
                memo: loaders(ctx)?.load(MemoById(restored.record.memo_id)).await?.map(Memo),
                deletion: Some(MemoDeletion(restored.record)),
                missing: restored.missing.into_iter().map(Into::into).collect(),
                replayed: restored.replayed,
            })
        })
        .await
    }
}
