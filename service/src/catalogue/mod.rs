//! The catalogue: deals, tags and resolutions. Every signed-in person sees them. Company management
//! and administrators manage them.

mod deals;
mod delete;
mod errors;
mod kinds;
mod list;
mod names;

pub use deals::{DealChanges, NewDeal, create_deal, update_deal};
pub use delete::delete;
pub use errors::{CreateNamedError, DeleteEntryError, RenameError, UpdateDealError};
pub use kinds::{CatalogueKind, NamedKind};
pub use list::{DealFilter, count_deals, count_named, list_deals, list_named};
pub use names::{create_named, rename};

use crate::{Result, Services, database::sql::is_one_of};
use entity::{deal, resolution, tag};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

/// Deals by their ids.
///
/// # Errors
/// Returns errors of the database.
pub async fn deals_by_ids(services: &Services, ids: &[Uuid]) -> Result<Vec<deal::Model>> {
    let query =
        deal::Entity::find().filter(is_one_of(services.database.backend(), deal::Column::Id, ids));
    Ok(query.all(services.database.connection()).await?)
}

/// Tags by their ids.
///
/// # Errors
/// Returns errors of the database.
pub async fn tags_by_ids(services: &Services, ids: &[Uuid]) -> Result<Vec<tag::Model>> {
    let query =
        tag::Entity::find().filter(is_one_of(services.database.backend(), tag::Column::Id, ids));
    Ok(query.all(services.database.connection()).await?)
}

/// Resolutions by their ids.
///
/// # Errors
/// Returns errors of the database.
pub async fn resolutions_by_ids(
    services: &Services,
    ids: &[Uuid],
) -> Result<Vec<resolution::Model>> {
    let query = resolution::Entity::find().filter(is_one_of(
        services.database.backend(),
        resolution::Column::Id,
        ids,
    ));
    Ok(query.all(services.database.connection()).await?)
}
