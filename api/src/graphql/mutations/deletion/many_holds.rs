//! `placeMemoHolds`, `releaseMemoHolds`

use super::holds::new_hold;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::{Kind, WrongId},
    loaders::services,
    mutations::{
        COST_OF_MANY,
        respond::{MutationError, Payload, codes, done, respond},
    },
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use service::{
    holds::{self, HoldSelection},
    text,
};
use uuid::Uuid;

#[derive(Default)]
pub struct ManyMemoHolds;

/// Which sent memos, live and deleted. Conditions add up; at least one is needed. Drafts are never
/// selected.
#[derive(InputObject)]
pub struct MemoHoldSelection {
    /// Whose author or recipient is that person.
    participant_id: Option<ID>,
    /// Of that author.
    author_id: Option<ID>,
    /// To that recipient.
    recipient_id: Option<ID>,
    /// With that tag.
    tag_id: Option<ID>,
    /// About that deal.
    deal_id: Option<ID>,
    /// Sent at or after that moment.
    sent_from: Option<DateTime<Utc>>,
    /// Sent before that moment.
    sent_before: Option<DateTime<Utc>>,
}

/// On which memos to place a hold, and for which matter.
#[derive(InputObject)]
pub struct PlaceMemoHoldsInput {
    /// Which memos.
    selection: MemoHoldSelection,
    /// The legal or audit case for which they are kept, 1–100 characters.
    matter: String,
    /// Why, for administrators, 1–2,000 characters.
    reason: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    PlaceMemoHolds(PlaceMemoHoldsErrorCode) or InvalidInput {}
}

done! {
    MemoHoldsPlaced(PlaceMemoHoldsErrorCode) {
        /// The global ids of the memos that are on hold for this matter since this call, at most
        /// 1,000.
        placed_memo_ids: Vec<ID>,
        /// How many memos of the selection were on hold for this matter before.
        already_on_hold_count: u64,
        /// The global ids of memos that were not held, because they were being deleted, restored or
        /// erased at this moment. The next call tries them again.
        missed_memo_ids: Vec<ID>,
        /// Whether memos of the selection may still be without the hold.
        has_more: bool,
    }
}

/// Which holds to release.
#[derive(InputObject)]
pub struct ReleaseMemoHoldsInput {
    /// The matter that needs the memos no longer.
    matter: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    ReleaseMemoHolds(ReleaseMemoHoldsErrorCode) or InvalidInput {}
}

done! {
    MemoHoldsReleased(ReleaseMemoHoldsErrorCode) {
        /// The global ids of the memos that the matter does not hold any more since this call, at
        /// most 1,000. Other matters may hold them.
        released_memo_ids: Vec<ID>,
        /// Whether the matter still holds memos.
        has_more: bool,
    }
}

#[Object]
impl ManyMemoHolds {
    /// Places a hold on every memo of a selection that has none for this matter, on at most 1,000 a
    /// call. Calling again goes on with the rest. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn place_memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which memos, for which matter, and why.")] input: PlaceMemoHoldsInput,
    ) -> ApiResult<Payload<MemoHoldsPlaced>> {
        respond(input.client_mutation_id, async {
            let selection = input.selection.into_service()?;
            if selection.is_everything() {
                let message = "Give at least one condition: every memo there is would be held.";
                return Err(MutationError::input("selection", message).into());
            }
            let new = new_hold(Some(&input.matter), &input.reason)?;
            if new.matter.is_empty() {
                return Err(MutationError::input("matter", "The matter must not be empty.").into());
            }
            let held = holds::place_many(services(ctx)?, viewer(ctx)?, &selection, &new).await?;
            Ok(MemoHoldsPlaced {
                placed_memo_ids: memo_ids(held.placed),
                already_on_hold_count: held.already,
                missed_memo_ids: memo_ids(held.missed),
                has_more: held.has_more,
            })
        })
        .await
    }

    /// Releases the holds of a matter, at most 1,000 a call. Calling again goes on with the rest.
    /// For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn release_memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holds of which matter.")] input: ReleaseMemoHoldsInput,
    ) -> ApiResult<Payload<MemoHoldsReleased>> {
        respond(input.client_mutation_id, async {
            let matter = text::required(&input.matter, text::MAX_MATTER)
                .map_err(|problem| MutationError::text("matter", problem))?;
            let released = holds::release_many(services(ctx)?, viewer(ctx)?, &matter).await?;
            let released_memo_ids = memo_ids(released.memo_ids);
            Ok(MemoHoldsReleased { released_memo_ids, has_more: released.has_more })
        })
        .await
    }
}

/// Global ids of memos.
fn memo_ids(ids: Vec<Uuid>) -> Vec<ID> {
    ids.into_iter().map(|id| Kind::Memo.id(id)).collect()
}

impl MemoHoldSelection {
    fn into_service(self) -> Result<HoldSelection, WrongId> {
        let id = |kind: Kind, field: &str, id: Option<ID>| {
            kind.parse_optional(&format!("selection.{field}"), id.as_ref())
        };
        Ok(HoldSelection {
            participant_id: id(Kind::User, "participantId", self.participant_id)?,
            author_id: id(Kind::User, "authorId", self.author_id)?,
            recipient_id: id(Kind::User, "recipientId", self.recipient_id)?,
            tag_id: id(Kind::Tag, "tagId", self.tag_id)?,
            deal_id: id(Kind::Deal, "dealId", self.deal_id)?,
            sent_from: self.sent_from,
            sent_before: self.sent_before,
        })
    }
}
