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

/// The deletion to undo.
#[derive(InputObject)]
pub struct RestoreMemoInput {
    /// The global id of the deletion record: the `receipt` of `deleteMemo`, or one of
    /// `memoDeletions`.
    deletion_id: ID,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    RestoreMemo(RestoreMemoErrorCode) or InvalidInput {
        /// The record does not exist, or the viewer cannot see it.
        NotFound,
        /// Only the person who deleted the memo can restore it, and the author if the recipient
        /// deleted it. If none of them is active, an administrator can.
        NotAllowed,
        /// Somebody else has already restored it.
        AlreadyRestored,
        /// Somebody has erased the content with `eraseMemoDeletion`.
        Erased,
        /// The time for restoring is over: `restorableUntil` has passed.
        NoLongerRestorable,
    }
}

done! {
    MemoRestored(RestoreMemoErrorCode) {
        /// The memo, under its own id. Null if it was not restored, if it was deleted again, or if
        /// the viewer cannot see it.
        memo: Option<Memo>,
        /// The record, now marked as restored; null if the mutation was refused.
        deletion: Option<MemoDeletion>,
        /// The links that could not be restored, because the objects at their other end no longer
        /// exist.
        missing: Vec<MissingLink>,
        /// Whether the viewer had already restored it before. If so, nothing was done now.
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
            RestoreMemoError::Erased => (Code::Erased, sentences::ERASED),
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
    /// Restores a deleted memo under its own id, with everything that belonged to it. Links to
    /// objects that no longer exist are not restored.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn restore_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deletion to undo.")] input: RestoreMemoInput,
    ) -> ApiResult<Payload<MemoRestored>> {
        respond(input.client_mutation_id, async {
            let record_id = Kind::MemoDeletion.parse("deletionId", &input.deletion_id)?;
            let restored = memo_deletion::restore(services(ctx)?, viewer(ctx)?, record_id).await?;
            Ok(MemoRestored {
                memo: loaders(ctx)?.load(MemoById(restored.record.memo_id)).await?.map(Memo::from),
                deletion: Some(MemoDeletion(restored.record)),
                missing: restored.missing.into_iter().map(Into::into).collect(),
                replayed: restored.replayed,
            })
        })
        .await
    }
}
