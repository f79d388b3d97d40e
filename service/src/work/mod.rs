//! Tasks and projects: who sees them. Their people do, who created them, and chiefs.

use crate::{Result, Services, Viewer, database::sql::is_one_of};
use entity::{project, project_member, task, task_member};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement,
};
use uuid::Uuid;

fn visible_tasks(viewer: Viewer) -> Condition {
    if viewer.is_chief() {
        return Condition::all();
    }
    let own = task_member::Entity::find()
        .select_only()
        .column(task_member::Column::TaskId)
        .filter(task_member::Column::UserId.eq(viewer.id))
        .into_query();
    Condition::any().add(task::Column::CreatedBy.eq(viewer.id)).add(task::Column::Id.in_subquery(own))
}

fn visible_projects(viewer: Viewer) -> Condition {
    if viewer.is_chief() {
        return Condition::all();
    }
    let own = project_member::Entity::find()
        .select_only()
        .column(project_member::Column::ProjectId)
        .filter(project_member::Column::UserId.eq(viewer.id))
        .into_query();
    Condition::any().add(project::Column::CreatedBy.eq(viewer.id)).add(project::Column::Id.in_subquery(own))
}

/// Ids of the tasks that the viewer sees, as a subquery.
pub fn visible_task_ids(viewer: Viewer) -> SelectStatement {
    task::Entity::find().select_only().column(task::Column::Id).filter(visible_tasks(viewer)).into_query()
}

/// Ids of the projects that the viewer sees, as a subquery.
pub fn visible_project_ids(viewer: Viewer) -> SelectStatement {
    project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(visible_projects(viewer))
        .into_query()
}

/// Tasks by their ids, those that the viewer sees.
///
/// # Errors
/// What the database answers.
pub async fn tasks_by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<task::Model>> {
    Ok(task::Entity::find()
        .filter(is_one_of(services.database.backend(), task::Column::Id, ids))
        .filter(visible_tasks(viewer))
        .all(services.database.connection())
        .await?)
}

/// Projects by their ids, those that the viewer sees.
///
/// # Errors
/// What the database answers.
pub async fn projects_by_ids(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<project::Model>> {
    Ok(project::Entity::find()
        .filter(is_one_of(services.database.backend(), project::Column::Id, ids))
        .filter(visible_projects(viewer))
        .all(services.database.connection())
        .await?)
}
