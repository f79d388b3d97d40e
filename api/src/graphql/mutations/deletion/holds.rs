//! `placeMemoHold`, `releaseMemoHold`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::{
        idempotency::create,
        respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    },
    objects::MemoHold,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    holds::{self, HoldName, NewHold, PlaceHoldError, ReleaseHoldError},
    idempotency::Created,
    text,
};

#[derive(Default)]
pub struct MemoHolds;

/// The hold to place, and the memo.
#[derive(InputObject)]
pub struct PlaceMemoHoldInput {
    /// The memo's global id. Administrators can hold memos that they cannot read.
    memo_id: ID,
    /// The legal or audit case for which the memo is kept, 1–100 characters. If left out, null or
    /// empty, the hold has no matter. A memo can have one active hold per matter.
    matter: Option<String>,
    /// The reason, 1–2,000 characters. Only administrators can read it.
    reason: String,
    /// A key for this request, 1–128 characters. Repeating the request with the same key
    /// within 24 hours creates nothing again.
    idempotency_key: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    PlaceMemoHold(PlaceMemoHoldErrorCode) creates {
        /// The memo does not exist, or it is a draft.
        NotFound,
        /// The memo already has an active hold for this matter. The payload returns it as `hold`.
        AlreadyOnHold,
    }
}

done! {
    MemoHoldPlaced(PlaceMemoHoldErrorCode) creates {
        /// The active hold: the new one, or with `ALREADY_ON_HOLD` the existing one. Null if the
        /// mutation was refused for another reason.
        hold: Option<MemoHold>,
    }
}

impl From<PlaceHoldError> for Stop<MemoHoldPlaced> {
    fn from(error: PlaceHoldError) -> Self {
        use PlaceMemoHoldErrorCode as Code;
        match error {
            PlaceHoldError::NotFound => {
                MutationError::at("memoId", Code::NotFound, sentences::NO_SENT_MEMO).into()
            }
            PlaceHoldError::AlreadyOnHold(hold) => {
                let error =
                    MutationError::at("memoId", Code::AlreadyOnHold, sentences::ALREADY_ON_HOLD);
                let hold = Some(MemoHold(*hold));
                Self::refused(MemoHoldPlaced { hold, replayed: false }, vec![error])
            }
            PlaceHoldError::Failed(error) => error.into(),
        }
    }
}

/// The hold to release. Give either `holdId`, or `memoId` and `matter`. Leave out `matter` if the
/// hold names none.
#[derive(InputObject)]
pub struct ReleaseMemoHoldInput {
    /// The hold's global id, as in `memoHolds`.
    hold_id: Option<ID>,
    /// The global id of the memo that is on hold.
    memo_id: Option<ID>,
    /// The matter of the hold. Only together with `memoId`.
    matter: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    ReleaseMemoHold(ReleaseMemoHoldErrorCode) or InvalidInput {
        /// The hold does not exist.
        NotFound,
    }
}

done! {
    MemoHoldReleased(ReleaseMemoHoldErrorCode) {
        /// The released hold; null if the mutation was refused.
        hold: Option<MemoHold>,
    }
}

impl From<ReleaseHoldError> for Stop<MemoHoldReleased> {
    fn from(error: ReleaseHoldError) -> Self {
        let (field, message) = match error {
            ReleaseHoldError::NoSuchHold => ("holdId", sentences::NO_SUCH_HOLD),
            ReleaseHoldError::NotHeld => ("memoId", sentences::NOT_HELD),
            ReleaseHoldError::Failed(error) => return error.into(),
        };
        MutationError::at(field, ReleaseMemoHoldErrorCode::NotFound, message).into()
    }
}

#[Object]
impl MemoHolds {
    /// Places a hold on a sent memo, even if it is deleted. Until its last hold is released, nobody
    /// can delete the memo, and it is not erased. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn place_memo_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The hold to place, and the memo.")] input: PlaceMemoHoldInput,
    ) -> ApiResult<Payload<MemoHoldPlaced>> {
        create(ctx, input, async |input: PlaceMemoHoldInput, key| {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let new = new_hold(input.matter.as_deref(), &input.reason)?;
            let (services, viewer) = (services(ctx)?, viewer(ctx)?);
            let Created { thing, replayed } =
                holds::place(services, viewer, key.as_ref(), memo_id, &new).await?;
            Ok(MemoHoldPlaced { hold: Some(MemoHold(thing)), replayed })
        })
        .await
    }

    /// Releases a hold. Other holds on the memo stay active. Repeating it changes nothing. For
    /// administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn release_memo_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The hold to release.")] input: ReleaseMemoHoldInput,
    ) -> ApiResult<Payload<MemoHoldReleased>> {
        respond(input.client_mutation_id.clone(), async {
            let hold = holds::release(services(ctx)?, viewer(ctx)?, &input.name()?).await?;
            Ok(MemoHoldReleased { hold: Some(MemoHold(hold)) })
        })
        .await
    }
}

impl ReleaseMemoHoldInput {
    /// How the input identifies the hold.
    fn name(&self) -> Result<HoldName, Stop<MemoHoldReleased>> {
        match (&self.hold_id, &self.memo_id, &self.matter) {
            (Some(id), None, None) => Ok(HoldName::Id(Kind::MemoHold.parse("holdId", id)?)),
            (None, Some(memo_id), matter) => {
                let memo_id = Kind::Memo.parse("memoId", memo_id)?;
                let matter = text::optional(matter.as_deref(), text::MAX_MATTER)
                    .map_err(|problem| MutationError::text("matter", problem))?;
                Ok(HoldName::OfMemo { memo_id, matter: matter.unwrap_or_default() })
            }
            _ => {
                let message = "Give either holdId alone, or memoId and the matter.";
                Err(MutationError::input("holdId", message).into())
            }
        }
    }
}

/// The hold of an input.
pub(super) fn new_hold<C: RefusesInput>(
    matter: Option<&str>,
    reason: &str,
) -> Result<NewHold, MutationError<C>> {
    let matter = text::optional(matter, text::MAX_MATTER)
        .map_err(|problem| MutationError::text("matter", problem))?
        .unwrap_or_default();
    let reason = text::required(reason, text::MAX_REASON)
        .map_err(|problem| MutationError::text("reason", problem))?;
    Ok(NewHold { matter, reason })
}
