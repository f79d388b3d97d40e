//! Creating and changing deals. Several may have the same name.

use super::{deals_by_ids, errors::UpdateDealError};
use crate::{
    Error, Result, Services, Viewer,
    database::{in_transaction, lock::lock_table},
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
};
use chrono::NaiveDate;
use entity::{WorkStatus, deal};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use uuid::Uuid;

/// A new deal. [`crate::text`] has checked its name already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeal {
    /// The name.
    pub name: String,
    /// The status.
    pub status: WorkStatus,
    /// The day on which it should be closed.
    pub due_date: Option<NaiveDate>,
}

/// Changes of a deal. `None` keeps the value. [`crate::text`] has checked its name already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DealChanges {
    /// The name.
    pub name: Option<String>,
    /// The status.
    pub status: Option<WorkStatus>,
    /// The day on which it should be closed. `Some(None)` clears it.
    pub due_date: Option<Option<NaiveDate>>,
}

/// Creates a deal, once for each key.
///
/// # Errors
/// Returns the reason why none was created. Nothing is changed then.
pub async fn create_deal(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    new: &NewDeal,
) -> Result<Created<deal::Model>, CreateError<Error>> {
    create_once(
        services,
        key,
        async |transaction, id| -> Result<_> {
            let row = deal::Model {
                id,
                name: new.name.clone(),
                status: new.status,
                due_date: new.due_date,
                created_at: services.now(),
            };
            deal::Entity::insert(row.clone().into_active_model())
                .exec_without_returning(transaction)
                .await?;
            tracing::info!(
                kind = "deal",
                id = %ids::deal(row.id),
                person = %ids::user(viewer.id),
                "created"
            );
            Ok(row)
        },
        async |id| Ok(deals_by_ids(services, &[id]).await?.pop()),
    )
    .await
}

/// Changes a deal.
///
/// # Errors
/// Returns the reason why it is not changed.
pub async fn update_deal(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    changes: &DealChanges,
) -> Result<deal::Model, UpdateDealError> {
    let row =
        in_transaction(&services.database, async |transaction| -> Result<_, UpdateDealError> {
            lock_table::<deal::Entity>(transaction).await?;
            let row = deal::Entity::find_by_id(id)
                .one(transaction)
                .await?
                .ok_or(UpdateDealError::NotFound)?;
            let mut row = row.into_active_model();
            if let Some(name) = &changes.name {
                row.name = Set(name.clone());
            }
            if let Some(status) = changes.status {
                row.status = Set(status);
            }
            if let Some(due_date) = changes.due_date {
                row.due_date = Set(due_date);
            }
            Ok(row.update(transaction).await?)
        })
        .await?;
    tracing::info!(kind = "deal", id = %ids::deal(id), person = %ids::user(viewer.id), "changed");
    Ok(row)
}
