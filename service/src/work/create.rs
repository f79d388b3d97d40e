//! Creating a task or a project.

use super::{
    errors::CreateWorkError,
    kinds::{WorkKind, WorkRow},
    list::by_ids,
    people::{self, Parts, parts},
};
use crate::{
    Result, Services, Viewer,
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
};
use chrono::NaiveDate;
use entity::WorkStatus;
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

/// Creates a task or a project without a memo, once for each key.
///
/// # Errors
/// Returns the reason why none was created.
pub async fn create<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    name: &str,
    plan: &NewWork,
) -> Result<Created<W::Model>, CreateError<CreateWorkError>> {
    create_once(
        services,
        key,
        async |transaction, id| -> Result<_, CreateWorkError> {
            let parts = plan.parts(viewer);
            people::check::<CreateWorkError>(transaction, &Parts::new(), &parts).await?;
            let new = (id, name, plan);
            let row = insert::<W>(services, transaction, viewer, new, &parts, None).await?;
            tracing::info!(
                kind = W::KIND,
                work_id = %ids::typed(W::KIND, row.id),
                person = %ids::user(viewer.id),
                "work created"
            );
            Ok(row.into())
        },
        async |id| Ok(by_ids::<W>(services, viewer, &[id]).await?.pop()),
    )
    .await
}

/// Inserts it with its people, and notifies those who are responsible.
pub(super) async fn insert<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    (id, name, plan): (Uuid, &str, &NewWork),
    parts: &Parts,
    source_memo_id: Option<Uuid>,
) -> Result<WorkRow> {
    let row = WorkRow {
        id,
        name: name.to_owned(),
        description: plan.description.clone(),
        status: WorkStatus::Open,
        due_date: plan.due_date,
        created_by: viewer.id,
        created_at: services.now(),
        source_memo_id,
    };
    W::insert(W::new_row(row.clone())).exec_without_returning(transaction).await?;
    people::replace::<W>(services, transaction, viewer, &row, (&Parts::new(), parts)).await?;
    Ok(row)
}
