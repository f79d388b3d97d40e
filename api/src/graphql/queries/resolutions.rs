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
    /// The resolutions, which say what an author wants a memo for, by name.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn resolutions(
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
            Resolution,
        )
        .await
    }
}
