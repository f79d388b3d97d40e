//! `createDeal`, `updateDeal`

use crate::graphql::{
    enums::WorkStatus,
    error::ApiResult,
    guard::{Requirement, auth, chief_or_admin, viewer},
    id::Kind,
    loaders::services,
    mutations::{
        idempotency::create,
        input::{self, present},
        respond::{MutationError, Payload, Stop, codes, done, respond},
    },
    objects::Deal,
    scalars::Date,
    sentences,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use service::{
    catalogue::{self, DealChanges, NewDeal, UpdateDealError},
    idempotency::Created,
};

#[derive(Default)]
pub struct DealMutation;

/// The deal to create.
#[derive(InputObject)]
pub struct CreateDealInput {
    /// The name, 1–250 characters.
    name: String,
    /// The progress; OPEN if left out or null.
    status: Option<WorkStatus>,
    /// The day by which it should be closed.
    due_date: Option<Date>,
    /// A key for this request, 1–128 characters. Repeating the request with the same key
    /// within 24 hours creates nothing again.
    idempotency_key: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    CreateDeal(CreateDealErrorCode) creates {}
}

done! {
    DealCreated(CreateDealErrorCode) creates {
        /// The new deal; null if the mutation was refused.
        deal: Option<Deal>,
    }
}

/// The changes to a deal. A field that is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateDealInput {
    /// The deal's global id.
    deal_id: ID,
    /// The name, 1–250 characters. It cannot be null.
    name: MaybeUndefined<String>,
    /// The progress. It cannot be null.
    status: MaybeUndefined<WorkStatus>,
    /// The day by which it should be closed; null removes it.
    due_date: MaybeUndefined<Date>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    UpdateDeal(UpdateDealErrorCode) or InvalidInput {
        /// The deal does not exist.
        NotFound,
    }
}

done! {
    DealUpdated(UpdateDealErrorCode) {
        /// The deal as it is now; null if the mutation was refused.
        deal: Option<Deal>,
    }
}

impl From<UpdateDealError> for Stop<DealUpdated> {
    fn from(error: UpdateDealError) -> Self {
        match error {
            UpdateDealError::NotFound => {
                let code = UpdateDealErrorCode::NotFound;
                MutationError::at("dealId", code, sentences::no_such_entry("deal")).into()
            }
            UpdateDealError::Failed(error) => error.into(),
        }
    }
}

#[Object]
impl DealMutation {
    /// Creates a deal. All people can then write memos about it. For company management and
    /// administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn create_deal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deal to create.")] input: CreateDealInput,
    ) -> ApiResult<Payload<DealCreated>> {
        create(ctx, input, async |input: CreateDealInput, key| {
            let new = NewDeal {
                name: input::name(&input.name)?,
                status: input.status.map_or(entity::WorkStatus::Open, Into::into),
                due_date: input.due_date.map(|date| date.0),
            };
            let Created { thing, replayed } =
                catalogue::create_deal(services(ctx)?, viewer(ctx)?, key.as_ref(), &new).await?;
            Ok(DealCreated { deal: Some(Deal::from(thing)), replayed })
        })
        .await
    }

    /// Changes a deal. For company management and administrators.
    #[graphql(guard = "chief_or_admin()", directive = auth::apply(Requirement::ChiefOrAdmin))]
    async fn update_deal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes to the deal.")] input: UpdateDealInput,
    ) -> ApiResult<Payload<DealUpdated>> {
        respond(input.client_mutation_id, async {
            let id = Kind::Deal.parse("dealId", &input.deal_id)?;
            let changes = DealChanges {
                name: present("name", input.name)?.as_deref().map(input::name).transpose()?,
                status: present("status", input.status)?.map(Into::into),
                due_date: input.due_date.map_value(|date| date.0).into(),
            };
            let row = catalogue::update_deal(services(ctx)?, viewer(ctx)?, id, &changes).await?;
            Ok(DealUpdated { deal: Some(Deal::from(row)) })
        })
        .await
    }
}
