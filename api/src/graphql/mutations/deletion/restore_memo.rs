//! `restoreMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{MemoById, loaders, services},
    objects::{Memo, MemoDeletion},
    payload::{MissingLink, or_refuse, refuses_wrong_ids, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::memo_deletion::{self, RestoreOutcome};

#[derive(Default)]
pub struct RestoreMemo;

/// Which deletion to undo.
#[derive(InputObject)]
pub struct RestoreMemoInput {
    /// The global id of the deletion record: the `receipt` of `deleteMemo`, or one of `memoDeletions`.
    deletion_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo was not restored.
    RestoreMemoUserError,
    /// The codes with which `restoreMemo` refuses.
    RestoreMemoErrorCode {
        /// The record does not exist for the viewer.
        NotFound,
        /// Only who deleted the memo may restore it, and its author if the recipient deleted it; an administrator once none of them is active.
        NotAllowed,
        /// Somebody else has restored it already.
        AlreadyRestored,
        /// The time for restoring is over.
        NoLongerRestorable,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(RestoreMemoUserError, RestoreMemoErrorCode);

/// What came of a restore.
#[derive(SimpleObject, Default)]
pub struct RestoreMemoPayload {
    /// The memo, under its own id; null if it was not restored, was deleted again since, or cannot be seen by the viewer.
    memo: Option<Memo>,
    /// The record, now marked as restored.
    deletion: Option<MemoDeletion>,
    /// What could not be brought back, because its other end is gone by now.
    missing: Vec<MissingLink>,
    /// Whether the viewer had restored it before, and nothing was done now.
    replayed: bool,
    /// Why the memo was not restored; empty if it was.
    user_errors: Vec<RestoreMemoUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl RestoreMemo {
    /// Brings a deleted memo back, under its own id, with everything whose other end still exists.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn restore_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which deletion.")] input: RestoreMemoInput,
    ) -> ApiResult<RestoreMemoPayload> {
        use RestoreMemoErrorCode as Code;
        let client_mutation_id = input.client_mutation_id;
        let record_id = or_refuse!(
            Kind::MemoDeletion.parse("deletionId", &input.deletion_id),
            RestoreMemoPayload,
            client_mutation_id
        );
        let refused = |code: Code, message: &str| vec![RestoreMemoUserError::at("deletionId", code, message)];
        let payload = match memo_deletion::restore(services(ctx)?, viewer(ctx)?, record_id).await? {
            RestoreOutcome::Restored { record, missing, replayed } => {
                let memo = loaders(ctx)?.load(MemoById(record.memo_id)).await?.map(Memo);
                return Ok(RestoreMemoPayload {
                    memo,
                    deletion: Some(MemoDeletion(*record)),
                    missing: missing.into_iter().map(Into::into).collect(),
                    replayed,
                    user_errors: Vec::new(),
                    client_mutation_id,
                });
            }
            RestoreOutcome::NotFound => refused(
                Code::NotFound,
                "There is no deletion with this id that you can see. Look it up in memoDeletions.",
            ),
            RestoreOutcome::NotAllowed => refused(
                Code::NotAllowed,
                "Only the person who deleted this memo can restore it, and its author if the recipient deleted it. Ask one of them, or an administrator if they do not work here any more.",
            ),
            RestoreOutcome::AlreadyRestored => refused(
                Code::AlreadyRestored,
                "Somebody has restored this memo already. Read it under its own id.",
            ),
            RestoreOutcome::Expired => refused(
                Code::NoLongerRestorable,
                "The time for restoring this memo is over: its content is gone. Write a new one.",
            ),
        };
        Ok(RestoreMemoPayload { user_errors: payload, client_mutation_id, ..RestoreMemoPayload::default() })
    }
}
