//! The preview of a deletion.

use super::{
    DeletionSettings,
    decision::{Preview, assess},
    facts::{self, Lists, counted_comments},
    inventory::{Item, ItemKey},
    policy,
};
use crate::{
    Result, Services, Viewer,
    access::MemoState,
    memos::Losses,
    page::{Page, PageRequest},
};
use entity::{DeletionVerdict, Disposition, memo};
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

/// The verdict of a preview, for a list: of a memo that the viewer sees, and what would be lost
/// with it.
pub fn verdict(memo: &memo::Model, viewer: Viewer, losses: Losses) -> DeletionVerdict {
    // Whoever is neither author nor recipient may not delete it anyway.
    let own_comments = counted_comments(memo, viewer).unwrap_or_default();
    let (files, reminders) = (losses.files.into(), losses.others_reminders.into());
    let impact = facts::impact(memo, own_comments, files, reminders);
    policy::verdict(&MemoState::of(memo, viewer, false), &impact)
}
