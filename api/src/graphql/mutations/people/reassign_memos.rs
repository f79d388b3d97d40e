//! `reassignMemos`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::COST_OF_MANY,
    objects::{MemoReassignment, MemoReassignmentPreview, reassignment_message},
    payload::{or_refuse, refuses_wrong_ids, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::reassignment::{self, Outcome, Preview, policy::BlockerCode};

#[derive(Default)]
pub struct ReassignMemos;

/// Whose memos are passed on, and to whom. The new person becomes the author, or the recipient, that the other one was, and is notified.
#[derive(InputObject)]
pub struct ReassignMemosInput {
    /// The global id of the person whose memos they are, who is not active any more.
    from_user_id: ID,
    /// The global id of the person who is to get them, who is active.
    to_user_id: ID,
    /// The `confirmationToken` of the `memoReassignmentPreview` that was read, or of the `preview` of the last call.
    confirmation_token: Option<String>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why memos were not passed on.
    ReassignMemosUserError,
    /// The codes with which `reassignMemos` refuses.
    ReassignMemosErrorCode {
        /// One of the two people does not exist.
        NotFound,
        /// Both are one person.
        SamePerson,
        /// The person whose memos they are is active.
        StillActive,
        /// The person who is to get them is not active.
        NotActive,
        /// It needs the `confirmationToken` of the payload's `preview`.
        ConfirmationRequired,
        /// Something has changed since the preview: the payload's `preview` is a fresh one.
        ConfirmationStale,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(ReassignMemosUserError, ReassignMemosErrorCode);

/// What came of it. While `hasMore` is true, call again with the token of `preview`.
#[derive(SimpleObject, Default)]
pub struct ReassignMemosPayload {
    /// The record of the memos that were passed on by this call, at most 1,000; null if there were none.
    reassignment: Option<MemoReassignment>,
    /// Whether memos are left to be passed on.
    has_more: bool,
    /// What would be passed on now: what is left, or where this was refused, all. Null if nothing is left, or if one of the two people does not exist.
    preview: Option<MemoReassignmentPreview>,
    /// Why nothing was passed on; empty if something was, or if there is nothing.
    user_errors: Vec<ReassignMemosUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl ReassignMemos {
    /// Passes memos of somebody who has left on, as `memoReassignmentPreview` counts them, at most 1,000 a call. Drafts, deleted memos and memos on hold stay. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn reassign_memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose memos, and to whom.")] input: ReassignMemosInput,
    ) -> ApiResult<ReassignMemosPayload> {
        let from = or_refuse!(
            Kind::User.parse("fromUserId", &input.from_user_id),
            ReassignMemosPayload,
            input.client_mutation_id
        );
        let to = or_refuse!(
            Kind::User.parse("toUserId", &input.to_user_id),
            ReassignMemosPayload,
            input.client_mutation_id
        );
        let token = input.confirmation_token.as_deref();
        let outcome = reassignment::reassign(services(ctx)?, viewer(ctx)?, (from, to), token).await?;
        Ok(ReassignMemosPayload { client_mutation_id: input.client_mutation_id, ..payload(outcome) })
    }
}

fn payload(outcome: Outcome) -> ReassignMemosPayload {
    use ReassignMemosErrorCode as Code;
    let refused = |preview: Box<Preview>, code: Code, message: &str| ReassignMemosPayload {
        user_errors: vec![ReassignMemosUserError::at("confirmationToken", code, message)],
        ..with_preview(preview)
    };
    match outcome {
        Outcome::Reassigned { record, rest } => ReassignMemosPayload {
            reassignment: record.map(|record| MemoReassignment(*record)),
            ..rest.map(with_preview).unwrap_or_default()
        },
        Outcome::NotFound => ReassignMemosPayload {
            user_errors: vec![ReassignMemosUserError {
                code: Code::NotFound,
                field: None,
                message: "There is no person with one of these ids. Check them.".to_owned(),
            }],
            ..ReassignMemosPayload::default()
        },
        Outcome::Denied(preview) => ReassignMemosPayload {
            user_errors: preview.blockers.iter().map(|code| blocked(*code)).collect(),
            ..with_preview(preview)
        },
        Outcome::ConfirmationRequired(preview) => refused(
            preview,
            Code::ConfirmationRequired,
            "Read how many memos it is about, and send the preview's confirmationToken.",
        ),
        Outcome::ConfirmationStale(preview) => refused(
            preview,
            Code::ConfirmationStale,
            "Something has changed since the preview, so nothing was passed on. Read the fresh preview, and send its confirmationToken.",
        ),
    }
}

fn with_preview(preview: Box<Preview>) -> ReassignMemosPayload {
    ReassignMemosPayload {
        has_more: preview.counts.memos > 0,
        preview: Some(MemoReassignmentPreview(*preview)),
        ..ReassignMemosPayload::default()
    }
}

fn blocked(blocker: BlockerCode) -> ReassignMemosUserError {
    let (field, code) = match blocker {
        BlockerCode::SamePerson => ("toUserId", ReassignMemosErrorCode::SamePerson),
        BlockerCode::StillActive => ("fromUserId", ReassignMemosErrorCode::StillActive),
        BlockerCode::NotActive => ("toUserId", ReassignMemosErrorCode::NotActive),
    };
    ReassignMemosUserError::at(field, code, reassignment_message(blocker))
}
