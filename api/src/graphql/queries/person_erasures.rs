//! `personErasurePreview`, `personErasures`

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::{deletion_settings, services},
    objects::{PersonErasure, PersonErasurePreview},
    order::{ListOrder, PersonErasureOrderField},
};
use async_graphql::{Context, ID, Object};
use service::person_erasure;

#[derive(Default)]
pub struct PersonErasuresQuery;

/// The cost, in simple fields, of counting everything that is stored about a person.
const COST_OF_COUNTING: usize = 200;

#[Object]
impl PersonErasuresQuery {
    /// What would happen if the viewer erased a person now. Null if there is no such person.
    /// Reading it changes nothing. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_COUNTING + child_complexity"
    )]
    async fn person_erasure_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's global id.")] user_id: ID,
    ) -> ApiResult<Option<PersonErasurePreview>> {
        let id = Kind::User.parse("userId", &user_id)?;
        let (services, settings) = (services(ctx)?, deletion_settings(ctx)?);
        let preview = person_erasure::preview(services, settings, viewer(ctx)?, id).await?;
        Ok(preview.map(PersonErasurePreview))
    }

    /// The records of erased people, the latest first. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn person_erasures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<PersonErasureOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<PersonErasure>> {
        let scope = Scope::new("erasures of people", order_by);
        let request = PageArguments::of(ctx, first, after, last, before).request(&scope)?;
        let page = person_erasure::list(services(ctx)?, &order_by.apply(request)).await?;
        Ok(connection(page, &scope, Counted::PersonErasures, |row| row.id, PersonErasure))
    }
}
