//! `resolutions`

use super::catalogue::{CatalogueConnectionFields, page_by_name};
use crate::graphql::{
    connection::{PageArguments, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    objects::Resolution,
};
use async_graphql::{Context, Object, connection::Connection};
use entity::resolution;

#[derive(Default)]
pub struct ResolutionsQuery;

#[Object]
impl ResolutionsQuery {
    /// All resolutions, sorted by name. They say what an author wants a memo for.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn resolutions(
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
    ) -> ApiResult<Connection<String, Resolution, CatalogueConnectionFields>> {
        let arguments = PageArguments { first, after, last, before };
        let key = |row: &resolution::Model| (row.name.clone(), row.id);
        let fields = CatalogueConnectionFields::Resolutions;
        page_by_name::<resolution::Entity, _>(
            ctx,
            search.as_deref(),
            arguments,
            fields,
            key,
            Resolution::from,
        )
        .await
    }
}
