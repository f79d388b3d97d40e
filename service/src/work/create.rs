//! Creating a task or a project.

use super::{
    errors::CreateWorkError,
    kinds::{WorkKind, WorkRow},
    people::{self, Parts, parts},
};
use crate::{Result, Services, Viewer, database::in_transaction, ids};
use chrono::NaiveDate;
use entity::WorkStage;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// The content of a new task or project, except its name. [`crate::text`] has checked its texts
/// already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewWork {
    /// What is to be done or achieved.
    pub description: String,
    /// The day on which it is due.
    pub due_date: Option<NaiveDate>,
    /// The people responsible. `None`: the viewer.
    pub responsible: Option<Vec<Uuid>>,
    /// The subscribers.
    pub subscribers: Vec<Uuid>,
}

impl NewWork {
    /// The role of each person, if `viewer` creates it.
    pub(super) fn parts(&self, viewer: Viewer) -> Parts {
        parts(self.responsible.as_deref().unwrap_or(&[viewer.id]), &self.subscribers)
    }
}

/// Creates a task or a project without a memo.
///
/// # Errors
/// Returns the reason why none was created.
pub async fn create<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    name: &str,
    plan: &NewWork,
) -> Result<W::Model, CreateWorkError> {
    let row =
        in_transaction(&services.database, async |transaction| -> Result<_, CreateWorkError> {
            let parts = plan.parts(viewer);
            people::check::<CreateWorkError>(transaction, &Parts::new(), &parts).await?;
            Ok(insert::<W>(services, transaction, viewer, (name, plan), &parts, None).await?)
        })
        .await?;
    tracing::info!(
        kind = W::KIND,
        work_id = %ids::typed(W::KIND, row.id),
        person = %ids::user(viewer.id),
        "work created"
    );
    Ok(row.into())
}

/// Inserts it with its people, and notifies those who are responsible.
pub(super) async fn insert<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    (name, plan): (&str, &NewWork),
    parts: &Parts,
    source_memo_id: Option<Uuid>,
) -> Result<WorkRow> {
    let row = WorkRow {
        id: services.new_id(),
        name: name.to_owned(),
        description: plan.description.clone(),
        stage: WorkStage::Open,
        due_date: plan.due_date,
        created_by: viewer.id,
        created_at: services.now(),
        source_memo_id,
    };
    W::insert(W::new_row(row.clone())).exec_without_returning(transaction).await?;
    people::replace::<W>(services, transaction, viewer, &row, (&Parts::new(), parts)).await?;
    Ok(row)
}
