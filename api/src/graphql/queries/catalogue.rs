//! What `tags`, `resolutions` and `deals` share: search, counts and pages sorted by name.

use crate::graphql::{
    connection::{COST_OF_COUNT, PageArguments, Scope, connection_with},
    error::{ApiError, ApiResult},
    loaders::services,
};
use async_graphql::{Context, Object, ObjectType, OutputType, connection::Connection};
use entity::{resolution, tag};
use service::{
    catalogue::{self, DealFilter, NamedKind},
    page::{NameKey, is_searchable},
    text,
};

/// The list, with its search or filter.
pub enum CatalogueConnectionFields {
    Tags(Option<String>),
    Resolutions(Option<String>),
    Deals(DealFilter),
}

/// The additional fields of a connection of tags, resolutions or deals.
#[Object]
impl CatalogueConnectionFields {
    /// The number of items in the whole list.
    #[graphql(complexity = "COST_OF_COUNT")]
    async fn total_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        let services = services(ctx)?;
        Ok(match self {
            Self::Tags(search) => {
                catalogue::count_named::<tag::Entity>(services, search.as_deref()).await?
            }
            Self::Resolutions(search) => {
                catalogue::count_named::<resolution::Entity>(services, search.as_deref()).await?
            }
            Self::Deals(filter) => catalogue::count_deals(services, filter).await?,
        })
    }
}

/// The text of a search. A text of white space alone counts as none.
pub fn search_text(search: Option<&str>) -> ApiResult<Option<String>> {
    text::optional(search, text::MAX_NAME)
        .map_err(|problem| ApiError::bad_input("search", format!("search {problem}.")))
}

/// A page of tags or resolutions, sorted by name. `key` gives the place of a row, `node` its
/// object.
pub async fn page_by_name<E, N>(
    ctx: &Context<'_>,
    search: Option<&str>,
    arguments: PageArguments,
    fields: fn(Option<String>) -> CatalogueConnectionFields,
    key: fn(&E::Model) -> NameKey,
    node: fn(E::Model) -> N,
) -> ApiResult<Connection<String, N, CatalogueConnectionFields>>
where
    E: NamedKind,
    N: OutputType + ObjectType,
{
    let search = search_text(search)?;
    let scope = Scope::new(E::KIND, &search);
    let request = arguments.request_by(&scope, is_searchable)?;
    let page = catalogue::list_named::<E>(services(ctx)?, search.as_deref(), &request).await?;
    Ok(connection_with(page, &scope, fields(search), key, node))
}
