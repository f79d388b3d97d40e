//! Changing a task or a project.

use super::{
    errors::{EndWorkError, UpdateWorkError},
    kinds::{WorkKind, WorkRow},
    locked::lock,
    people::{self, parts},
};
use crate::{Result, Services, Viewer, database::in_transaction, ids};
use chrono::NaiveDate;
use entity::{WorkRole, WorkStatus};
use sea_orm::{ColumnTrait, DatabaseTransaction, QueryFilter};
use uuid::Uuid;

/// Changes of a task or project. `None` keeps the value. [`crate::text`] has checked its texts
/// already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The name.
    pub name: Option<String>,
    /// What is to be done or achieved.
    pub description: Option<String>,
    /// The status.
    pub status: Option<WorkStatus>,
    /// The day on which it is due.
    pub due_date: Option<Option<NaiveDate>>,
    /// All people responsible.
    pub responsible: Option<Vec<Uuid>>,
    /// All subscribers. People who are responsible are left out.
    pub subscribers: Option<Vec<Uuid>>,
}

/// Changes a task or a project. Only people responsible for it may do that.
///
/// # Errors
/// Returns the reason why it is not changed.
pub async fn update<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    changes: &Changes,
) -> Result<W::Model, UpdateWorkError> {
    in_transaction(&services.database, async |transaction| -> Result<_, UpdateWorkError> {
        update_in::<W>(services, transaction, viewer, id, changes).await
    })
    .await
}

async fn update_in<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
    changes: &Changes,
) -> Result<W::Model, UpdateWorkError> {
    let work = lock::<W>(transaction, viewer, id).await?.ok_or(UpdateWorkError::NotFound)?;
    work.may_change()?;
    let with = |part: WorkRole| -> Vec<Uuid> {
        work.parts.iter().filter(|(_, of)| **of == part).map(|(person, _)| *person).collect()
    };
    let after = parts(
        &changes.responsible.clone().unwrap_or_else(|| with(WorkRole::Responsible)),
        &changes.subscribers.clone().unwrap_or_else(|| with(WorkRole::Subscriber)),
    );
    people::check::<UpdateWorkError>(transaction, &work.parts, &after).await?;
    let mut row = work.row.clone();
    row.name = changes.name.clone().unwrap_or(row.name);
    row.description = changes.description.clone().unwrap_or(row.description);
    row.status = changes.status.unwrap_or(row.status);
    row.due_date = changes.due_date.unwrap_or(row.due_date);
    if row != work.row {
        save::<W>(transaction, &row).await?;
    }
    people::replace::<W>(services, transaction, viewer, &row, (&work.parts, &after)).await?;
    if row != work.row || after != work.parts {
        log_change::<W>(viewer, &row);
    }
    Ok(row.into())
}

/// Sets the status of a task or project to done. Only people responsible for it may do that.
/// Repeating this changes nothing.
///
/// # Errors
/// Returns the reason why it is not changed.
pub async fn complete<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<W::Model, EndWorkError> {
    in_transaction(&services.database, async |transaction| -> Result<_, EndWorkError> {
        let work = lock::<W>(transaction, viewer, id).await?.ok_or(EndWorkError::NotFound)?;
        work.may_change()?;
        let mut row = work.row;
        if row.status != WorkStatus::Done {
            row.status = WorkStatus::Done;
            save::<W>(transaction, &row).await?;
            log_change::<W>(viewer, &row);
        }
        Ok(row.into())
    })
    .await
}

/// Saves the changes of a locked task or project.
async fn save<W: WorkKind>(transaction: &DatabaseTransaction, row: &WorkRow) -> Result<()> {
    W::update_many()
        .set(W::changed_row(row.clone()))
        .filter(W::COLUMNS.id.eq(row.id))
        .exec(transaction)
        .await?;
    Ok(())
}

fn log_change<W: WorkKind>(viewer: Viewer, row: &WorkRow) {
    tracing::info!(
        kind = W::KIND,
        work_id = %ids::typed(W::KIND, row.id),
        person = %ids::user(viewer.id),
        status = row.status.as_str(),
        "work changed"
    );
}
