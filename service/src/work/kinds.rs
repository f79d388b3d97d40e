//! What tasks and projects have in common, and how they differ. So every operation is written once.

use crate::{Viewer, access, deleted_memos::Target};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    NotificationKind, WorkRole, WorkStatus, memo, project, project_file, project_member, task,
    task_file, task_member,
};
use sea_orm::{Condition, EntityTrait, PrimaryKeyTrait, Set};
use uuid::Uuid;

/// A task or a project, and the memo to which it is related.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithMemo<M> {
    /// The task or project, as it is now.
    pub work: M,
    /// The memo as it is now.
    pub memo: memo::Model,
}

/// The columns that `tasks` and `projects` have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkRow {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// What is to be done or achieved.
    pub description: String,
    /// Its status.
    pub status: WorkStatus,
    /// The day on which it is due.
    pub due_date: Option<NaiveDate>,
    /// The person who created it.
    pub created_by: Uuid,
    /// The time at which it was created.
    pub created_at: DateTime<Utc>,
    /// The memo from which it was created.
    pub source_memo_id: Option<Uuid>,
}

/// A kind of work: tasks, or projects.
pub trait WorkKind:
    EntityTrait<Model: From<WorkRow> + Into<WorkRow>, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>
{
    /// The links to its people.
    type Member: EntityTrait;
    /// The links to its files.
    type File: EntityTrait;

    /// Its name in names of tables and in the log.
    const KIND: &'static str;
    /// Converts an id to the target that deleted memos refer to.
    const TARGET: fn(Uuid) -> Target;
    /// The condition for those that a viewer sees.
    const VISIBLE: fn(Viewer) -> Condition;
    /// The kind of notification for people who become responsible.
    const ASSIGNED: NotificationKind;
    /// Its columns.
    const COLUMNS: Columns<Self::Column>;
    /// The columns of the links to its people: work, person, role.
    const MEMBER: [<Self::Member as EntityTrait>::Column; 3];
    /// The columns of the links to its files: work, file.
    const FILE: [<Self::File as EntityTrait>::Column; 2];

    /// The work to which the memo refers.
    fn of_memo(memo: &memo::Model) -> Option<Uuid>;
    /// Makes the memo refer to the work.
    fn link(memo: &mut memo::ActiveModel, work: Option<Uuid>);
    /// All its columns, for an insert.
    fn new_row(row: WorkRow) -> Self::ActiveModel;
    /// Those of its columns that people change, for an update.
    fn changed_row(row: WorkRow) -> Self::ActiveModel;
    /// The link to a person.
    fn member(
        work: Uuid,
        person: Uuid,
        part: WorkRole,
    ) -> <Self::Member as EntityTrait>::ActiveModel;
    /// The link to a file, and who made it.
    fn file(
        work: Uuid,
        file: Uuid,
        attached_by: Uuid,
        created_at: DateTime<Utc>,
    ) -> <Self::File as EntityTrait>::ActiveModel;
}

/// The columns of a kind of work that are used to find rows.
#[derive(Debug, Clone, Copy)]
pub struct Columns<C> {
    /// The id.
    pub id: C,
    /// The name.
    pub name: C,
    /// The status.
    pub status: C,
    /// The day on which it is due.
    pub due_date: C,
    /// The person who created it.
    pub created_by: C,
    /// The memo from which it was created.
    pub source_memo_id: C,
}

macro_rules! work_kind {
    (
        $row:ident, $member:ident, $file:ident, $owner:ident, $Owner:ident, $word:literal,
        $assigned:ident, $target:ident, $visible:ident
    ) => {
        impl From<WorkRow> for $row::Model {
            fn from(row: WorkRow) -> Self {
                let WorkRow {
                    id,
                    name,
                    description,
                    status,
                    due_date,
                    created_by,
                    created_at,
                    source_memo_id,
                } = row;
                Self {
                    id,
                    name,
                    description,
                    status,
                    due_date,
                    created_by,
                    created_at,
                    source_memo_id,
                }
            }
        }

        impl From<$row::Model> for WorkRow {
            fn from(row: $row::Model) -> Self {
                let $row::Model {
                    id,
                    name,
                    description,
                    status,
                    due_date,
                    created_by,
                    created_at,
                    source_memo_id,
                } = row;
                Self {
                    id,
                    name,
                    description,
                    status,
                    due_date,
                    created_by,
                    created_at,
                    source_memo_id,
                }
            }
        }

        impl WorkKind for $row::Entity {
            type Member = $member::Entity;
            type File = $file::Entity;

            const KIND: &'static str = $word;
            const ASSIGNED: NotificationKind = NotificationKind::$assigned;
            const TARGET: fn(Uuid) -> Target = Target::$target;
            const VISIBLE: fn(Viewer) -> Condition = access::$visible;
            const COLUMNS: Columns<$row::Column> = Columns {
                id: $row::Column::Id,
                name: $row::Column::Name,
                status: $row::Column::Status,
                due_date: $row::Column::DueDate,
                created_by: $row::Column::CreatedBy,
                source_memo_id: $row::Column::SourceMemoId,
            };
            const MEMBER: [$member::Column; 3] =
                [$member::Column::$Owner, $member::Column::UserId, $member::Column::Part];
            const FILE: [$file::Column; 2] = [$file::Column::$Owner, $file::Column::FileId];

            fn of_memo(memo: &memo::Model) -> Option<Uuid> {
                memo.$owner
            }

            fn link(memo: &mut memo::ActiveModel, work: Option<Uuid>) {
                memo.$owner = Set(work);
            }

            fn new_row(row: WorkRow) -> $row::ActiveModel {
                $row::Model::from(row).into()
            }

            fn changed_row(row: WorkRow) -> $row::ActiveModel {
                $row::ActiveModel {
                    name: Set(row.name),
                    description: Set(row.description),
                    status: Set(row.status),
                    due_date: Set(row.due_date),
                    ..Default::default()
                }
            }

            fn member(work: Uuid, user_id: Uuid, part: WorkRole) -> $member::ActiveModel {
                $member::Model { $owner: work, user_id, part }.into()
            }

            fn file(
                work: Uuid,
                file_id: Uuid,
                attached_by: Uuid,
                created_at: DateTime<Utc>,
            ) -> $file::ActiveModel {
                let attached_by = Some(attached_by);
                $file::Model { $owner: work, file_id, created_at, attached_by }.into()
            }
        }
    };
}

work_kind!(
    task,
    task_member,
    task_file,
    task_id,
    TaskId,
    "task",
    TaskAssigned,
    Task,
    visible_tasks
);
work_kind!(
    project,
    project_member,
    project_file,
    project_id,
    ProjectId,
    "project",
    ProjectAssigned,
    Project,
    visible_projects
);
