//! `resolutions`

use super::catalogue::{CatalogueFilter, named_page};
use crate::graphql::{
    connection::{ListConnection, PageArguments, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    objects::Resolution,
    order::{CatalogueOrderField, ListOrder},
};
use async_graphql::{Context, Object};
use entity::resolution;

#[derive(Default)]
pub struct ResolutionsQuery;

#[Object]
impl ResolutionsQuery {
    /// The resolutions. They say what an author wants a memo for.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn resolutions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the resolutions; all if left out.")] filter: Option<
            CatalogueFilter,
        >,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<CatalogueOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Resolution>> {
        let arguments = PageArguments::of(ctx, first, after, last, before);
        let counted = Counted::Resolutions;
        named_page::<resolution::Entity, _>(
            ctx,
            filter,
            order_by,
            arguments,
            counted,
            Resolution::from,
        )
        .await
    }
}
