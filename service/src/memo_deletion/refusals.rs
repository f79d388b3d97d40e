//! The log of refused attempts.

use crate::{
    Result, Services, Viewer,
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::refused_deletion;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait};
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

/// Records refused attempts to delete several memos, each with its codes. The person can see the
/// memos.
pub(super) async fn record_all<C: ConnectionTrait>(
    services: &Services,
    transaction: &C,
    viewer: Viewer,
    attempts: &[(Uuid, Vec<&str>)],
) -> Result<()> {
    if attempts.is_empty() {
        return Ok(());
    }
    let rows = attempts.iter().map(|(memo_id, codes)| {
        refused_deletion::Model {
            id: services.new_id(),
            memo_id: *memo_id,
            user_id: viewer.id,
            codes: codes.join(" "),
            refused_at: services.now(),
            deletion_id: None,
        }
        .into_active_model()
    });
    refused_deletion::Entity::insert_many(rows).exec_without_returning(transaction).await?;
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

/// How many attempts were refused. Only for administrators.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(services: &Services) -> Result<u64> {
    Ok(refused_deletion::Entity::find().count(services.database.connection()).await?)
}
