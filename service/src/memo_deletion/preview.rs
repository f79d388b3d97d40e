//! The preview of a deletion.

use super::{
    DeletionSettings,
    decision::{Preview, assess},
    facts::{self, Lists},
    inventory::{Item, ItemKey},
};
use crate::{
    Result, Services, Viewer,
    page::{Page, PageRequest},
};
use entity::Disposition;
use uuid::Uuid;

/// Shows what a deletion by the viewer would do now. `None` if the memo does not exist for them.
/// Changes nothing.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    memo_id: Uuid,
    lists: Lists,
) -> Result<Option<Preview>> {
    let connection = services.database.connection();
    let facts = facts::read(connection, services, viewer, memo_id, services.now(), lists).await?;
    Ok(facts.and_then(|facts| assess(settings, facts)))
}

/// A further page of what goes or stays. The caller has previewed the memo, so it exists for the
/// viewer.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview_items(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let connection = services.database.connection();
    facts::read_items(connection, services, viewer, memo_id, services.now(), disposition, page)
        .await
}
