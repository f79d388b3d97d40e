//! Passes the memos of a person who has left on to an active person, so that somebody can act on
//! these memos. Their open tasks and projects follow with the first portion.
//!
//! An administrator sees counts of the memos and confirms these, but sees no name and no text. Many
//! memos are passed on in portions. Memos of earlier portions no longer belong to the person, so
//! the next call continues with the rest.

mod effects;
pub mod policy;
mod preview;

pub use effects::{Outcome, reassign};
pub use preview::{Counts, Preview, preview};

use crate::{
    Result, Services,
    page::{Page, PageRequest},
};
use entity::memo_reassignment;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

/// The maximum number of memos that one call passes on.
pub const MAX_REASSIGNED: usize = 1_000;

/// The records of reassignments, the latest first. Only for administrators.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    page: &PageRequest<Uuid>,
) -> Result<Page<memo_reassignment::Model>> {
    let query = memo_reassignment::Entity::find();
    let rows = page
        .newest_first(query, memo_reassignment::Column::Id)
        .all(services.database.connection())
        .await?;
    Ok(Page::of(page, rows))
}

/// How many records of reassignments there are. Only for administrators.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(services: &Services) -> Result<u64> {
    Ok(memo_reassignment::Entity::find().count(services.database.connection()).await?)
}
