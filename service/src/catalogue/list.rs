//! Lists of deals, tags and resolutions.

use super::kinds::{CatalogueKind, NamedKind};
use crate::{
    Result, Services,
    database::sql::contains_text,
    page::{Page, PageRequest, RowKey, SortBy, SortColumns},
};
use entity::{WorkStatus, deal};
use sea_orm::{ColumnTrait, DbBackend, PaginatorTrait, QueryFilter, Select};

/// Which deals to list. A deal must fulfil all conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DealFilter {
    /// The name contains this text, ignoring case.
    pub search: Option<String>,
    /// The status is one of these.
    pub statuses: Option<Vec<WorkStatus>>,
}

/// A page of the tags or resolutions whose name contains the text.
///
/// # Errors
/// Returns errors of the database.
pub async fn list_named<E: NamedKind>(
    services: &Services,
    search: Option<&str>,
    sort: SortBy,
    page: &PageRequest<RowKey>,
) -> Result<Page<E::Model>> {
    let query = select::<E>(services.database.backend(), search);
    let query = page.sorted(query, sort, named::<E>());
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many tags or resolutions match.
///
/// # Errors
/// Returns errors of the database.
pub async fn count_named<E: NamedKind>(services: &Services, search: Option<&str>) -> Result<u64> {
    Ok(select::<E>(services.database.backend(), search)
        .count(services.database.connection())
        .await?)
}

/// A page of the deals.
///
/// # Errors
/// Returns errors of the database.
pub async fn list_deals(
    services: &Services,
    filter: &DealFilter,
    sort: SortBy,
    page: &PageRequest<RowKey>,
) -> Result<Page<deal::Model>> {
    let query = select_deals(services.database.backend(), filter);
    let query = page.sorted(query, sort, of_deals());
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many deals match the filter.
///
/// # Errors
/// Returns errors of the database.
pub async fn count_deals(services: &Services, filter: &DealFilter) -> Result<u64> {
    Ok(select_deals(services.database.backend(), filter)
        .count(services.database.connection())
        .await?)
}

fn named<E: CatalogueKind>() -> SortColumns<E::Column> {
    SortColumns { id: E::ID, name: E::NAME, due_date: None }
}

fn of_deals() -> SortColumns<deal::Column> {
    SortColumns { due_date: Some(deal::Column::DueDate), ..named::<deal::Entity>() }
}

fn select_deals(backend: DbBackend, filter: &DealFilter) -> Select<deal::Entity> {
    let query = select::<deal::Entity>(backend, filter.search.as_deref());
    match &filter.statuses {
        Some(statuses) => query.filter(deal::Column::Status.is_in(statuses.iter().copied())),
        None => query,
    }
}

fn select<E: CatalogueKind>(backend: DbBackend, search: Option<&str>) -> Select<E> {
    match search {
        Some(text) => E::find().filter(contains_text(backend, E::NAME, text)),
        None => E::find(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::tag;
    use sea_orm::QueryTrait;
    use uuid::Uuid;

    #[test]
    fn statements_are_the_committed_ones() {
        let after = Some(RowKey::Name("Oak".to_owned(), Uuid::nil()));
        let page = PageRequest { after, ..PageRequest::first(20) };
        assert_statement("tags.filtered", |backend| {
            let tags = select::<tag::Entity>(backend, Some("oak"));
            page.sorted(tags, SortBy::Name, named::<tag::Entity>()).build(backend)
        });
        let filter =
            DealFilter { search: Some("oak".to_owned()), statuses: Some(vec![WorkStatus::Done]) };
        assert_statement("deals.filtered", |backend| {
            let deals = select_deals(backend, &filter);
            PageRequest::first(20).sorted(deals, SortBy::Age, of_deals()).build(backend)
        });
    }
}
