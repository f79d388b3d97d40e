//! The log of refused attempts.

use crate::{
    Result, Services, Viewer,
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::refused_deletion;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// A refused attempt to delete a memo, or to erase a deleted one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    pub(super) memo_id: Uuid,
    /// The record, if the attempt was to erase it.
    pub(super) deletion_id: Option<Uuid>,
}

/// Records a refused attempt. The person can see the memo, or its record.
pub(super) async fn record<C: ConnectionTrait>(
    transaction: &C,
    id: Uuid,
    now: DateTime<Utc>,
    viewer: Viewer,
    Attempt { memo_id, deletion_id }: Attempt,
    codes: &[&str],
) -> Result<()> {
    refused_deletion::Model {
        id,
        memo_id,
        user_id: viewer.id,
        codes: codes.join(" "),
        refused_at: now,
        deletion_id,
    }
    .into_active_model()
    .insert(transaction)
    .await?;
    Ok(())
}

/// Refused attempts, the latest first. Only for administrators.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    page: &PageRequest<Uuid>,
) -> Result<Page<refused_deletion::Model>> {
    let query = refused_deletion::Entity::find();
    let rows = page
        .newest_first(query, refused_deletion::Column::Id)
        .all(services.database.connection())
        .await?;
    Ok(Page::of(page, rows))
}
