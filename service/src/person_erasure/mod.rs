//! Erasing a person: a pseudonym in the place of names and address, and nothing left of what is
//! stored for the person alone. Previewed, for ever, and on record.
//!
//! `inventory` is the table of what goes and what stays. Memos, comments and files that others need
//! stay under the pseudonym, and so do ids and counts in logs. What texts of memos say about the
//! person is not searched.
//!
//! One transaction does all of that. Then the bytes of unused files go. SQLite writes its file
//! anew, so that no erased text is left in its free space. The purge does what is left after that.

mod effects;
mod erase;
mod inventory;
pub mod policy;
mod preview;
mod repeat;
mod traces;

pub use erase::{Outcome, PersonErasure, erase};
pub use inventory::{ItemCount, ItemKind, KeptReason};
pub use preview::{Preview, preview};
pub(crate) use repeat::repeat;
pub use traces::purge;

use crate::{
    Result, Services,
    page::{Page, PageRequest},
};
use entity::person_erasure;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

/// The records of erasures, the latest first. Only for administrators.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    page: &PageRequest<Uuid>,
) -> Result<Page<person_erasure::Model>> {
    let query = person_erasure::Entity::find();
    let rows = page
        .newest_first(query, person_erasure::Column::Id)
        .all(services.database.connection())
        .await?;
    Ok(Page::of(page, rows))
}

/// How many records of erasures there are. Only for administrators.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(services: &Services) -> Result<u64> {
    Ok(person_erasure::Entity::find().count(services.database.connection()).await?)
}

/// What a record says about the kinds of things that went and stayed.
///
/// # Errors
/// Returns an error if the record contains something else.
pub fn record_counts(record: &person_erasure::Model) -> Result<Vec<ItemCount>> {
    Ok(serde_json::from_value(record.counts.clone())?)
}
