//! The preview of an erasure.

use super::policy::{self, BlockerCode, ErasureState};
use crate::{
    Result, Services, Viewer,
    access::{RecordAccess, RecordSight},
    memo_deletion::{
        DeletionSettings,
        inventory::{self, Belongings, CommentsWindow, Holders, Item, ItemCount, ItemKey, Whose},
        records::bare_items,
        restore::may_restore,
    },
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::{DeletionVerdict, Disposition, memo_deletion};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What would happen if the viewer erased the deleted memo now.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The record of the deletion.
    pub record: memo_deletion::Model,
    /// What forbids the erasure.
    pub blockers: Vec<BlockerCode>,
    /// How many things of each kind go and stay. Empty if nothing is there to erase.
    pub counts: Vec<ItemCount>,
    /// Size of the files that go, in bytes.
    pub bytes_freed: i64,
    /// The files that stay and why, in the form in which a record stores it.
    kept_files: Value,
    /// The token that confirms this preview. It exists even if the erasure is denied, but is not
    /// shown then.
    pub(super) token: String,
}

impl Preview {
    /// Whether the rules allow the erasure.
    pub fn verdict(&self) -> DeletionVerdict {
        policy::verdict(&self.blockers)
    }

    /// The token that confirms this preview. `None` if the erasure is denied.
    pub fn confirmation_token(&self) -> Option<&str> {
        self.blockers.is_empty().then_some(self.token.as_str())
    }
}

/// Shows what an erasure by the viewer would do now. `None` if the record does not exist for them.
/// Changes nothing.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    record_id: Uuid,
) -> Result<Option<Preview>> {
    let connection = services.database.connection();
    let record = memo_deletion::Entity::find_by_id(record_id).one(connection).await?;
    match record {
        Some(record) => {
            assess(connection, services, settings, viewer, record, services.now()).await
        }
        None => Ok(None),
    }
}

/// Decides on a record as it is now. `None` if it does not exist for the viewer.
pub(super) async fn assess<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    record: memo_deletion::Model,
    now: DateTime<Utc>,
) -> Result<Option<Preview>> {
    let sight = RecordAccess::of(&record, viewer).sight();
    if sight == RecordSight::Nothing {
        return Ok(None);
    }
    let belongings = read(connection, services, viewer, &record, now, CommentsWindow::NONE).await?;
    let Some(blockers) = policy::decide(ErasureState {
        sight,
        is_admin: viewer.is_admin(),
        is_owner: may_restore(&record, viewer),
        erase_by_owner: settings.erase_by_owner,
        is_restored: record.restored_at.is_some(),
        is_erased: record.purged_at.is_some(),
        on_hold: belongings.as_ref().is_some_and(|belongings| belongings.memo.on_hold),
    }) else {
        return Ok(None);
    };
    let mut preview = Preview {
        record,
        blockers,
        counts: Vec::new(),
        bytes_freed: 0,
        kept_files: Value::Object(Map::new()),
        token: String::new(),
    };
    let mut names = None;
    if let Some(belongings) = belongings {
        let holders = if belongings.shares_contents() {
            inventory::holders(connection, viewer, preview.record.memo_id, true).await?
        } else {
            Holders::new()
        };
        preview.counts = inventory::counts(&belongings);
        preview.bytes_freed = belongings.bytes_freed(&holders);
        preview.kept_files = belongings.kept_files()?;
        // An administrator who was not involved sees no names, so none is bound.
        names = (sight == RecordSight::Content).then(|| inventory::names(&belongings));
    }
    preview.token = confirmation_token(settings, viewer, &preview, names.as_deref());
    Ok(Some(preview))
}

/// The memo and its belongings. `None` if it was restored or erased.
async fn read<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    record: &memo_deletion::Model,
    now: DateTime<Utc>,
    comments: CommentsWindow,
) -> Result<Option<Belongings>> {
    if record.restored_at.is_some() || record.purged_at.is_some() {
        return Ok(None);
    }
    let whose = Whose::Erasure;
    inventory::read(connection, services, viewer, record.memo_id, whose, now, comments).await
}

/// A keyed hash over everything that the preview shows to the viewer.
fn confirmation_token(
    settings: &DeletionSettings,
    viewer: Viewer,
    preview: &Preview,
    names: Option<&str>,
) -> String {
    let Preview { record, blockers, counts, bytes_freed, .. } = preview;
    let mut reasons: Vec<&Value> =
        preview.kept_files.as_object().into_iter().flat_map(Map::values).collect();
    reasons.sort_by_key(|reason| reason.as_str());
    let bound = format!(
        "memo erasure 1\n{}\n{}\n{blockers:?}\n{counts:?}\n{bytes_freed}\n{reasons:?}\n{names:?}",
        record.id, viewer.id
    );
    settings.token(&bound)
}

/// A page of what goes or stays. People involved in the memo get names; for administrators who were
/// not, each item has a kind only.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview_items(
    services: &Services,
    viewer: Viewer,
    preview: &Preview,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let Preview { record, counts, kept_files, .. } = preview;
    if RecordAccess::of(record, viewer).sight() < RecordSight::Content {
        return bare_items(counts, kept_files, disposition, page);
    }
    let connection = services.database.connection();
    let comments = inventory::comments_of(disposition, page);
    let belongings = read(connection, services, viewer, record, services.now(), comments).await?;
    Ok(belongings.map_or_else(Page::default, |belongings| {
        Page::of(page, inventory::list(&belongings, &[], disposition, page))
    }))
}
