//! Lists of deals, tags and resolutions.

use super::kinds::{CatalogueKind, NamedKind};
use crate::{
    Result, Services,
    database::sql::contains_text,
    page::{NameKey, Page, PageRequest},
};
use entity::{WorkStage, deal};
use sea_orm::{ColumnTrait, DbBackend, PaginatorTrait, QueryFilter, Select};
use uuid::Uuid;

/// Which deals to list. A deal must fulfil all conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DealFilter {
    /// The name contains this text, ignoring case.
    pub search: Option<String>,
    /// The stage is one of these.
    pub stages: Option<Vec<WorkStage>>,
}

/// A page of the tags or resolutions whose name contains the text, ordered by name.
///
/// # Errors
/// Returns errors of the database.
pub async fn list_named<E: NamedKind>(
    services: &Services,
    search: Option<&str>,
    page: &PageRequest<NameKey>,
) -> Result<Page<E::Model>> {
    let query = page.by_value(select::<E>(services.database.backend(), search), E::NAME, E::ID);
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

/// A page of the deals, the newest first.
///
/// # Errors
/// Returns errors of the database.
pub async fn list_deals(
    services: &Services,
    filter: &DealFilter,
    page: &PageRequest<Uuid>,
) -> Result<Page<deal::Model>> {
    let query =
        page.newest_first(select_deals(services.database.backend(), filter), deal::Column::Id);
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

fn select_deals(backend: DbBackend, filter: &DealFilter) -> Select<deal::Entity> {
    let query = select::<deal::Entity>(backend, filter.search.as_deref());
    match &filter.stages {
        Some(stages) => query.filter(deal::Column::Stage.is_in(stages.iter().copied())),
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

    #[test]
    fn statements_are_the_committed_ones() {
        let key = Some(("Oak".to_owned(), Uuid::nil()));
        let page = PageRequest { after: key, ..PageRequest::first(20) };
        assert_statement("tags.filtered", |backend| {
            let tags = select::<tag::Entity>(backend, Some("oak"));
            page.by_value(tags, tag::Column::Name, tag::Column::Id).build(backend)
        });
        let filter =
            DealFilter { search: Some("oak".to_owned()), stages: Some(vec![WorkStage::Done]) };
        assert_statement("deals.filtered", |backend| {
            let deals = select_deals(backend, &filter);
            PageRequest::first(20).newest_first(deals, deal::Column::Id).build(backend)
        });
    }
}
