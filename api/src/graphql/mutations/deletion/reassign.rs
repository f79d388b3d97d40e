//! `reassignMemos`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::{deletion_settings, services},
    mutations::{
        COST_OF_MANY,
        respond::{MutationError, Payload, Stop, codes, done, respond},
    },
    objects::{MemoReassignment, MemoReassignmentPreview, reassignment_message},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::reassignment::{self, Outcome, Preview, policy::BlockerCode};

#[derive(Default)]
pub struct ReassignMemos;

/// Whose memos are passed on, and to whom. The new person becomes the author, or the recipient,
/// that the other one was, and is notified.
#[derive(InputObject)]
pub struct ReassignMemosInput {
    /// The global id of the person whose memos they are, who is not active any more.
    from_user_id: ID,
    /// The global id of the person who is to get them, who is active.
    to_user_id: ID,
    /// The `confirmationToken` of the `memoReassignmentPreview` that was read, or of the `preview`
    /// of the last call.
    confirmation_token: Option<String>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    ReassignMemos(ReassignMemosErrorCode) or InvalidInput {
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
    }
}

done! {
    MemosReassigned(ReassignMemosErrorCode) {
        /// The record of the memos that were passed on by this call, at most 1,000; null if there
        /// were none.
        reassignment: Option<MemoReassignment>,
        /// Whether memos are left to be passed on.
        has_more: bool,
        /// What would be passed on now: what is left, or where this was refused, all. Null if
        /// nothing is left, or if one of the two people does not exist.
        preview: Option<MemoReassignmentPreview>,
    }
}

#[Object]
impl ReassignMemos {
    /// Passes memos of somebody who has left on, as `memoReassignmentPreview` counts them, at most
    /// 1,000 a call. Drafts, deleted memos and memos on hold stay. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn reassign_memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose memos, and to whom.")] input: ReassignMemosInput,
    ) -> ApiResult<Payload<MemosReassigned>> {
        respond(input.client_mutation_id, async {
            let from = Kind::User.parse("fromUserId", &input.from_user_id)?;
            let to = Kind::User.parse("toUserId", &input.to_user_id)?;
            let token = input.confirmation_token.as_deref();
            done(
                reassignment::reassign(
                    services(ctx)?,
                    deletion_settings(ctx)?,
                    viewer(ctx)?,
                    (from, to),
                    token,
                )
                .await?,
            )
        })
        .await
    }
}

fn done(outcome: Outcome) -> Result<MemosReassigned, Stop<MemosReassigned>> {
    use ReassignMemosErrorCode as Code;
    let (preview, errors) = match outcome {
        Outcome::Reassigned { record, rest } => {
            return Ok(MemosReassigned {
                reassignment: record.map(|record| MemoReassignment(*record)),
                ..rest.map(with_preview).unwrap_or_default()
            });
        }
        Outcome::NotFound => {
            return Err(MutationError::whole(Code::NotFound, sentences::NO_SUCH_PEOPLE).into());
        }
        Outcome::Denied(preview) => {
            let errors = preview.blockers.iter().map(|code| blocked(*code)).collect();
            (preview, errors)
        }
        Outcome::ConfirmationRequired(preview) => {
            let (code, message) = (Code::ConfirmationRequired, sentences::REASSIGNMENT_UNCONFIRMED);
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
        Outcome::ConfirmationStale(preview) => {
            let (code, message) = (Code::ConfirmationStale, sentences::REASSIGNMENT_STALE);
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
    };
    Err(Stop::refused(with_preview(preview), errors))
}

fn with_preview(preview: Box<Preview>) -> MemosReassigned {
    MemosReassigned {
        has_more: preview.counts.memos > 0,
        preview: Some(MemoReassignmentPreview(*preview)),
        ..MemosReassigned::default()
    }
}

fn blocked(blocker: BlockerCode) -> MutationError<ReassignMemosErrorCode> {
    let (field, code) = match blocker {
        BlockerCode::SamePerson => ("toUserId", ReassignMemosErrorCode::SamePerson),
        BlockerCode::StillActive => ("fromUserId", ReassignMemosErrorCode::StillActive),
        BlockerCode::NotActive => ("toUserId", ReassignMemosErrorCode::NotActive),
    };
    MutationError::at(field, code, reassignment_message(blocker))
}
