//! `tags`

use super::catalogue::{CatalogueFilter, named_page};
use crate::graphql::{
    connection::{ListConnection, PageArguments, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    objects::Tag,
    order::{CatalogueOrderField, ListOrder},
};
use async_graphql::{Context, Object};
use entity::tag;

#[derive(Default)]
pub struct TagsQuery;

#[Object]
impl TagsQuery {
    /// The tags.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the tags; all if left out.")] filter: Option<
            CatalogueFilter,
        >,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<CatalogueOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Tag>> {
        let arguments = PageArguments::of(ctx, first, after, last, before);
        let counted = Counted::Tags;
        named_page::<tag::Entity, _>(ctx, filter, order_by, arguments, counted, Tag::from).await
    }
}
