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
    /// All tags, sorted by name.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A part of the name, ignoring case; at most 250 characters. Servers with\n\
                SQLite ignore case only for the letters a–z."
        )]
        search: Option<String>,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Tag, CatalogueConnectionFields>> {
        let arguments = PageArguments { first, after, last, before };
        let key = |row: &tag::Model| (row.name.clone(), row.id);
        let fields = CatalogueConnectionFields::Tags;
        page_by_name::<tag::Entity, _>(ctx, search.as_deref(), arguments, fields, key, Tag::from)
            .await
    }
}
