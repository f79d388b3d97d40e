//! Passing the memos of a person who has left on to somebody who works here: nobody's leaving
//! strands a memo.
//!
//! An administrator sees how many of what, confirms exactly that, and is told no name and no text.
//! Many memos go in portions: what is passed on is no longer the person's, so that the next call
//! goes on with the rest.

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
use sea_orm::EntityTrait;
use uuid::Uuid;

/// Most memos that one call passes on.
pub const MAX_REASSIGNED: usize = 1_000;

/// What was passed on, the latest first. For administrators.
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
