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

/// The person whose memos are passed on, and the person who gets them. The new person replaces the
/// other one as author or recipient, and is notified.
#[derive(InputObject)]
pub struct ReassignMemosInput {
    /// The global id of the person whose memos are passed on. This person must be inactive.
    from_user_id: ID,
    /// The global id of the person who gets them. This person must be active.
    to_user_id: ID,
    /// The `confirmationToken` of `memoReassignmentPreview`, or of the `preview` of the last call.
    /// It is required.
    confirmation_token: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    ReassignMemos(ReassignMemosErrorCode) or InvalidInput {
        /// One of the two people does not exist.
        NotFound,
        /// Both ids are of the same person.
        SamePerson,
        /// The person whose memos would be passed on is still active.
        StillActive,
        /// The person who would get the memos is not active.
        NotActive,
        /// The `confirmationToken` is missing. Check the payload's `preview`, and send its token.
        ConfirmationRequired,
        /// Something has changed since the preview. Check the payload's new `preview`, and send its
        /// `confirmationToken`.
        ConfirmationStale,
    }
}

done! {
    MemosReassigned(ReassignMemosErrorCode) {
        /// The record of the memos that this call passed on, at most 1,000; null if there were
        /// none.
        reassignment: Option<MemoReassignment>,
        /// Whether there is more to pass on. To continue, call again with the token of
        /// `preview`.
        has_more: bool,
        /// What is left to pass on; if the mutation was refused, all memos. Null if nothing is
        /// left, or if one of the two people does not exist.
        preview: Option<MemoReassignmentPreview>,
    }
}

#[Object]
impl ReassignMemos {
    /// Passes on the memos of an inactive person, at most 1,000 per call, and makes the new person
    /// responsible for the open tasks and projects. `memoReassignmentPreview` shows how many there
    /// are. Drafts, deleted memos and memos on hold stay. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn reassign_memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two people, and the confirmation.")] input: ReassignMemosInput,
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
        has_more: preview.counts.has_any(),
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
