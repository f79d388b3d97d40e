//! `tags`

use super::catalogue::{CatalogueConnectionFields, page_by_name};
use crate::graphql::{
    connection::{PageArguments, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    objects::Tag,
};
use async_graphql::{Context, Object, connection::Connection};
use entity::tag;

#[derive(Default)]
pub struct TagsQuery;

#[Object]
impl TagsQuery {
    /// The tags, by name.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What the name contains, in capitals or not; at most 250 characters. On SQLite, \
                letters beyond a–z must match as they are."
        )]
        search: Option<String>,
        #[graphql(desc = "How many of the first, 1–100; 20 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many of the last, 1–100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Tag, CatalogueConnectionFields>> {
        let arguments = PageArguments { first, after, last, before };
        let key = |row: &tag::Model| (row.name.clone(), row.id);
        let fields = CatalogueConnectionFields::Tags;
        page_by_name::<tag::Entity, _>(ctx, search.as_deref(), arguments, fields, key, Tag).await
    }
}
