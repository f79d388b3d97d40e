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
    scalars::Moment,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    holds::{self, HoldSelection},
    text,
};
use uuid::Uuid;

#[derive(Default)]
pub struct ManyMemoHolds;

/// Selects sent memos, including deleted ones. A memo must meet all conditions. At least one
/// condition is required. Drafts are never selected.
#[derive(InputObject)]
pub struct MemoHoldSelection {
    /// The global id of a person who is author or recipient.
    participant_id: Option<ID>,
    /// The global id of the author.
    author_id: Option<ID>,
    /// The global id of the recipient.
    recipient_id: Option<ID>,
    /// The global id of a tag that the memo has.
    tag_id: Option<ID>,
    /// The global id of the deal that the memo is about.
    deal_id: Option<ID>,
    /// Sent at this time or later.
    sent_from: Option<Moment>,
    /// Sent before this time.
    sent_before: Option<Moment>,
}

/// The memos to hold, the matter and the reason.
#[derive(InputObject)]
pub struct PlaceMemoHoldsInput {
    /// The memos to hold.
    selection: MemoHoldSelection,
    /// The legal or audit case for which the memos are kept, 1–100 characters.
    matter: String,
    /// The reason, 1–2,000 characters. Only administrators can read it.
    reason: String,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    PlaceMemoHolds(PlaceMemoHoldsErrorCode) or InvalidInput {}
}

done! {
    MemoHoldsPlaced(PlaceMemoHoldsErrorCode) {
        /// The global ids of the memos on which this call placed a hold, at most 1,000.
        placed_memo_ids: Vec<ID>,
        /// How many memos of the selection already had a hold for this matter.
        already_on_hold_count: u64,
        /// The global ids of memos that got no hold because they were being deleted, restored or
        /// erased at that moment. The next call tries them again.
        missed_memo_ids: Vec<ID>,
        /// Whether memos of the selection may still have no hold for this matter. If so, call
        /// again.
        has_more: bool,
    }
}

/// The matter whose holds to release.
#[derive(InputObject)]
pub struct ReleaseMemoHoldsInput {
    /// The matter that no longer needs the memos, 1–100 characters.
    matter: String,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    ReleaseMemoHolds(ReleaseMemoHoldsErrorCode) or InvalidInput {}
}

done! {
    MemoHoldsReleased(ReleaseMemoHoldsErrorCode) {
        /// The global ids of the memos whose hold for this matter was released by this call, at
        /// most 1,000. Other matters may still hold them.
        released_memo_ids: Vec<ID>,
        /// Whether the matter still holds memos. If so, call again.
        has_more: bool,
    }
}

#[Object]
impl ManyMemoHolds {
    /// Places a hold on the memos of a selection that have none for this matter, at most 1,000 per
    /// call. Call it again while `hasMore` is true. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn place_memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memos to hold, the matter and the reason.")]
        input: PlaceMemoHoldsInput,
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

    /// Releases the holds of a matter, at most 1,000 per call. Call it again while `hasMore` is
    /// true. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn release_memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The matter whose holds to release.")] input: ReleaseMemoHoldsInput,
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
            sent_from: self.sent_from.map(|moment| moment.0),
            sent_before: self.sent_before.map(|moment| moment.0),
        })
    }
}
