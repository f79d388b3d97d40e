//! `updateDeal`

use super::refused;
use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    id::Kind,
    loaders::services,
    mutations::answer::{self, Stop, answer, present},
    objects::Deal,
    words::WorkStage,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use service::catalogue::{self, DealChanges};

#[derive(Default)]
pub struct UpdateDeal;

/// What to change of a deal. What is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateDealInput {
    /// The deal's global id.
    deal_id: ID,
    /// The name, 1–250 characters. It cannot be null.
    name: MaybeUndefined<String>,
    /// How far it is. It cannot be null.
    stage: MaybeUndefined<WorkStage>,
    /// When it should be closed; null for no day.
    due_date: MaybeUndefined<Date>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why a deal stayed as it was.
    UpdateDealUserError,
    /// The codes with which `updateDeal` refuses.
    UpdateDealErrorCode {
        /// There is no such deal.
        NotFound = NotFound,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    UpdateDealPayload {
        /// The deal as it is now; null if it was refused.
        deal: Option<Deal>,
    }
}

impl UpdateDealInput {
    async fn run(self, ctx: &Context<'_>) -> Result<UpdateDealPayload, Stop> {
        let id = Kind::Deal.parse("dealId", &self.deal_id)?;
        let changes = DealChanges {
            name: present("name", self.name)?.as_deref().map(answer::name).transpose()?,
            stage: present("stage", self.stage)?.map(Into::into),
            due_date: self.due_date.map_value(|date| date.0).into(),
        };
        let changed = catalogue::update_deal(services(ctx)?, viewer(ctx)?, id, &changes).await?;
        let row = changed.map_err(|refusal| refused("deal", refusal))?;
        Ok(UpdateDealPayload { deal: Some(Deal(row)), ..UpdateDealPayload::default() })
    }
}

#[Object]
impl UpdateDeal {
    /// Changes a deal. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn update_deal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateDealInput,
    ) -> ApiResult<UpdateDealPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        UpdateDealPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
