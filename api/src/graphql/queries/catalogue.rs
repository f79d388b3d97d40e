//! What `tags` and `resolutions` share: their filter and their page. `deals` and lists of
//! work share the search.

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection},
    counted::Counted,
    error::{ApiError, ApiResult},
    loaders::services,
    order::{CatalogueOrderField, ListOrder},
};
use async_graphql::{Context, InputObject, ObjectType, OutputType};
use service::{
    catalogue::{self, NamedKind},
    page::SortBy,
    text,
};

/// Selects tags or resolutions.
#[derive(InputObject, Debug, Default)]
pub struct CatalogueFilter {
    /// A part of the name, ignoring case; at most 250 characters. Servers with SQLite ignore case
    /// only for the letters a–z.
    text: Option<String>,
}

/// The text of a filter. A text of white space alone counts as none.
pub fn search_text(text: Option<&str>) -> ApiResult<Option<String>> {
    text::optional(text, text::MAX_NAME)
        .map_err(|problem| ApiError::bad_input("filter.text", format!("text {problem}.")))
}

/// A page of tags or resolutions. `counted` is their list; `node` makes the objects.
pub async fn named_page<E, N>(
    ctx: &Context<'_>,
    filter: Option<CatalogueFilter>,
    order: ListOrder<CatalogueOrderField>,
    arguments: PageArguments,
    counted: fn(Option<String>) -> Counted,
    node: fn(E::Model) -> N,
) -> ApiResult<ListConnection<N>>
where
    E: NamedKind,
    N: OutputType + ObjectType,
{
    let text = search_text(filter.unwrap_or_default().text.as_deref())?;
    let sort = SortBy::from(order.field);
    let scope = Scope::new(E::KIND, (&text, order));
    let request = order.apply(arguments.request_by(&scope, |key| sort.fits(key))?);
    let page = catalogue::list_named::<E>(services(ctx)?, text.as_deref(), sort, &request).await?;
    let key = |row: &E::Model| {
        let (id, name) = E::id_and_name(row);
        sort.key(id, name, None)
    };
    Ok(connection(page, &scope, counted(text), key, node))
}
