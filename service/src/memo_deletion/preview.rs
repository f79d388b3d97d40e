//! What a deletion would do.

use super::{
    decision::{Preview, assess},
    facts::{self, Read},
    inventory::{Item, ItemKey},
};
use crate::{
    Result, Services, Viewer,
    page::{Page, PageRequest},
};
use entity::Disposition;
use uuid::Uuid;

/// How many items of each list a preview brings along; none where `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lists {
    /// Of what goes.
    pub removed: Option<u64>,
    /// Of what stays.
    pub kept: Option<u64>,
}

/// Shows what a deletion by the viewer would do now. `None` if the memo does not exist for them. Changes nothing.
///
/// # Errors
/// What the database answers.
pub async fn preview(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    lists: Lists,
) -> Result<Option<Preview>> {
    let how = Read::Preview { removed: lists.removed, kept: lists.kept };
    let facts = facts::read(services.database.connection(), viewer, memo_id, services.now(), how).await?;
    Ok(facts.and_then(|facts| assess(&services.deletion, facts)))
}

/// A further page of what goes or stays. The caller has previewed the memo: it exists for the viewer.
///
/// # Errors
/// What the database answers.
pub async fn preview_items(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    facts::read_items(services.database.connection(), viewer, memo_id, disposition, page).await
}
