//! `placeMemoHolds`

use super::place_memo_hold::new_hold;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::{Kind, WrongId},
    loaders::services,
    mutations::COST_OF_MANY,
    payload::{or_refuse, refuses_wrong_ids, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use service::holds::{self, HoldSelection};
use uuid::Uuid;

#[derive(Default)]
pub struct PlaceMemoHolds;

/// Which sent memos, live and deleted. Conditions add up; at least one is needed. Drafts are never selected.
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

user_error! {
    /// Why no holds were placed.
    PlaceMemoHoldsUserError,
    /// The codes with which `placeMemoHolds` refuses.
    PlaceMemoHoldsErrorCode {
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(PlaceMemoHoldsUserError, PlaceMemoHoldsErrorCode);

/// What came of it. Call again with the same input while `hasMore` is true.
#[derive(SimpleObject, Default)]
pub struct PlaceMemoHoldsPayload {
    /// The global ids of the memos that are on hold for this matter since this call, at most 1,000.
    placed_memo_ids: Vec<ID>,
    /// How many memos of the selection were on hold for this matter before.
    already_on_hold_count: u64,
    /// The global ids of memos that were not held, because they were being deleted, restored or erased at this moment. The next call tries them again.
    missed_memo_ids: Vec<ID>,
    /// Whether memos of the selection may still be without the hold.
    has_more: bool,
    /// Why no holds were placed; empty if they were.
    user_errors: Vec<PlaceMemoHoldsUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl PlaceMemoHolds {
    /// Places a hold on every memo of a selection that has none for this matter, on at most 1,000 a call. Calling again goes on with the rest. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn place_memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which memos, for which matter, and why.")] input: PlaceMemoHoldsInput,
    ) -> ApiResult<PlaceMemoHoldsPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let refused = |field: &str, message: String| PlaceMemoHoldsPayload {
            user_errors: vec![PlaceMemoHoldsUserError::at(
                field,
                PlaceMemoHoldsErrorCode::InvalidInput,
                message,
            )],
            client_mutation_id: client_mutation_id.clone(),
            ..PlaceMemoHoldsPayload::default()
        };
        let selection = or_refuse!(input.selection.into_service(), PlaceMemoHoldsPayload, client_mutation_id);
        if selection.is_everything() {
            let message = "Give at least one condition: every memo there is would be held.";
            return Ok(refused("selection", message.to_owned()));
        }
        let new = match new_hold(Some(&input.matter), &input.reason) {
            Ok(new) if new.matter.is_empty() => {
                return Ok(refused("matter", "The matter must not be empty.".to_owned()));
            }
            Ok(new) => new,
            Err((field, message)) => return Ok(refused(field, message)),
        };
        let held = holds::place_many(services(ctx)?, viewer(ctx)?, &selection, &new).await?;
        Ok(PlaceMemoHoldsPayload {
            placed_memo_ids: memo_ids(held.placed),
            already_on_hold_count: held.already,
            missed_memo_ids: memo_ids(held.missed),
            has_more: held.has_more,
            user_errors: Vec::new(),
            client_mutation_id,
        })
    }
}

/// Global ids of memos.
pub(super) fn memo_ids(ids: Vec<Uuid>) -> Vec<ID> {
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
