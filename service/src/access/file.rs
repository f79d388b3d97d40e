//! Who sees a file.

use super::{visible_memo_ids, visible_projects, visible_tasks};
use crate::Viewer;
use entity::{file, memo_file, project, project_file, task, task_file};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, SelectStatement},
};

/// How a person is related to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileAccess {
    /// They see a memo, task or project that contains it.
    pub sees_what_has_it: bool,
    /// They uploaded it.
    pub is_uploader: bool,
    /// Whether anything contains it: a memo (deleted or not), a task or a project.
    pub is_attached: bool,
}

impl FileAccess {
    /// Whether the file exists for the person.
    pub fn is_visible(self) -> bool {
        self.sees_what_has_it || (self.is_uploader && !self.is_attached)
    }
}

/// [`FileAccess::is_visible`] as a condition on `files`. The condition starts at the file, which
/// few things contain, instead of at everything that the viewer sees.
pub fn visible_files(viewer: Viewer) -> Condition {
    let of_memos = attachments::<memo_file::Entity>(memo_file::Column::FileId)
        .filter(memo_file::Column::MemoId.in_subquery(visible_memo_ids(viewer)));
    let of_tasks = attachments::<task_file::Entity>(task_file::Column::FileId).filter(
        task_file::Column::TaskId
            .in_subquery(ids::<task::Entity>(task::Column::Id, visible_tasks(viewer))),
    );
    let of_projects = attachments::<project_file::Entity>(project_file::Column::FileId).filter(
        project_file::Column::ProjectId
            .in_subquery(ids::<project::Entity>(project::Column::Id, visible_projects(viewer))),
    );
    let own = Condition::all()
        .add(file::Column::UploadedBy.eq(viewer.id))
        .add(
            Expr::exists(attachments::<memo_file::Entity>(memo_file::Column::FileId).into_query())
                .not(),
        )
        .add(
            Expr::exists(attachments::<task_file::Entity>(task_file::Column::FileId).into_query())
                .not(),
        )
        .add(
            Expr::exists(
                attachments::<project_file::Entity>(project_file::Column::FileId).into_query(),
            )
            .not(),
        );
    Condition::any()
        .add(own)
        .add(Expr::exists(of_memos.into_query()))
        .add(Expr::exists(of_tasks.into_query()))
        .add(Expr::exists(of_projects.into_query()))
}

/// The links of a file. The column is the one that refers to the file.
fn attachments<E: EntityTrait>(file: E::Column) -> Select<E> {
    E::find()
        .select_only()
        .column(file)
        .filter(Expr::col(file.as_column_ref()).equals(file::Column::Id.as_column_ref()))
}

/// A subquery for the ids of the rows that fulfil a condition.
fn ids<E: EntityTrait>(id: E::Column, condition: Condition) -> SelectStatement {
    E::find().select_only().column(id).filter(condition).into_query()
}
