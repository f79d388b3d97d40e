//! `createDeal`

use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    loaders::services,
    mutations::answer::{self, Stop, answer},
    objects::Deal,
    words::WorkStage,
};
use async_graphql::{Context, InputObject, Object};
use service::catalogue::{self, NewDeal};

#[derive(Default)]
pub struct CreateDeal;

/// The deal to create.
#[derive(InputObject)]
pub struct CreateDealInput {
    /// The name, 1–250 characters.
    name: String,
    /// How far it is; OPEN if left out or null.
    stage: Option<WorkStage>,
    /// When it should be closed.
    due_date: Option<Date>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why no deal was created.
    CreateDealUserError,
    /// The codes with which `createDeal` refuses.
    CreateDealErrorCode {
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    CreateDealPayload {
        /// The new deal; null if it was refused.
        deal: Option<Deal>,
    }
}

impl CreateDealInput {
    async fn run(self, ctx: &Context<'_>) -> Result<CreateDealPayload, Stop> {
        let new = NewDeal {
            name: answer::name(&self.name)?,
            stage: self.stage.map_or(entity::WorkStage::Open, Into::into),
            due_date: self.due_date.map(|date| date.0),
        };
        let row = catalogue::create_deal(services(ctx)?, viewer(ctx)?, &new).await?;
        Ok(CreateDealPayload { deal: Some(Deal(row)), ..CreateDealPayload::default() })
    }
}

#[Object]
impl CreateDeal {
    /// Creates a deal, which anybody's memos can be about then. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn create_deal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create.")] input: CreateDealInput,
    ) -> ApiResult<CreateDealPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateDealPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
