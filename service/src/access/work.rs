//! Who sees a task or a project.

use crate::Viewer;
use entity::{WorkRole, project, project_member, task, task_member};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

/// How a person is related to a task or project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkAccess {
    /// They belong to company management, which reads everything.
    pub is_chief: bool,
    /// They created it.
    pub is_creator: bool,
    /// Their role in it.
    pub part: Option<WorkRole>,
}

impl WorkAccess {
    /// Whether the task or project exists for the person.
    pub fn is_visible(self) -> bool {
        self.is_chief || self.is_creator || self.part.is_some()
    }
}

/// [`WorkAccess::is_visible`] as a condition on `tasks`.
pub fn visible_tasks(viewer: Viewer) -> Condition {
    use task_member::{Column, Entity};
    visible::<Entity>(
        viewer,
        (task::Column::Id, task::Column::CreatedBy),
        (Column::TaskId, Column::UserId),
    )
}

/// [`WorkAccess::is_visible`] as a condition on `projects`.
pub fn visible_projects(viewer: Viewer) -> Condition {
    use project_member::{Column, Entity};
    let work = (project::Column::Id, project::Column::CreatedBy);
    visible::<Entity>(viewer, work, (Column::ProjectId, Column::UserId))
}

fn visible<M: EntityTrait>(
    viewer: Viewer,
    (id, created_by): (impl ColumnTrait, impl ColumnTrait),
    (work, member): (M::Column, M::Column),
) -> Condition {
    if viewer.is_chief() {
        return Condition::all();
    }
    let with_part = M::find().select_only().column(work).filter(member.eq(viewer.id)).into_query();
    Condition::any().add(created_by.eq(viewer.id)).add(id.in_subquery(with_part))
}

/// [`WorkAccess::is_visible`] as SQL text, for any person in a statement. `work` is `task` or
/// `project`, and `row` its row. `person` is the person's id, and `is_chief` the condition that
/// they are a chief.
pub fn sees_work(work: &str, row: &str, person: &str, is_chief: &str) -> String {
    format!(
        "({row}.created_by = {person} OR {is_chief} \
         OR EXISTS (SELECT 1 FROM {work}_members w WHERE w.{work}_id = {row}.id AND w.user_id = \
         {person}))"
    )
}
