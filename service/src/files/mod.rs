//! Files: their bytes, addressed by content, the rows that name them, and what they are attached to.

mod attach;
mod content;
mod name;
mod purge;
mod store;
mod upload;
mod writer;

pub(crate) use attach::note_detached;
pub use attach::{Attached, MAX_FILES, Refusal, Target, TargetRow, attach, detach};
pub use content::{check, read};
pub use name::name;
pub(crate) use purge::delete_unattached;
pub use purge::{PurgedUploads, purge};
pub use store::FileStore;
pub use upload::{FileOfUpload, StorageFull, Upload, store};

use crate::{
    Result, Services, Viewer,
    database::sql::{is_one_of, linked},
    memos, work,
};
use bytes::Bytes;
use entity::{file, memo_file, project_file, task_file};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    Select, sea_query::Expr,
};
use uuid::Uuid;

/// A file to be stored.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Its name, already checked by [`crate::text`].
    pub name: String,
    /// For example `application/pdf`.
    pub media_type: String,
    /// Its content.
    pub bytes: Bytes,
}

/// The rule of visibility as a condition on `files`: whoever sees a memo, a task or a project that has it; who uploaded it, as long as
/// nothing has it. Each is looked for from the file, of which there are few, and not from everything that the viewer sees.
fn visible(viewer: Viewer) -> Condition {
    let of_memos = attachments::<memo_file::Entity>(memo_file::Column::FileId)
        .filter(memo_file::Column::MemoId.in_subquery(memos::visible_ids(viewer)));
    let of_tasks = attachments::<task_file::Entity>(task_file::Column::FileId)
        .filter(task_file::Column::TaskId.in_subquery(work::visible_task_ids(viewer)));
    let of_projects = attachments::<project_file::Entity>(project_file::Column::FileId)
        .filter(project_file::Column::ProjectId.in_subquery(work::visible_project_ids(viewer)));
    let own = Condition::all()
        .add(file::Column::UploadedBy.eq(viewer.id))
        .add(Expr::exists(attachments::<memo_file::Entity>(memo_file::Column::FileId).into_query()).not())
        .add(Expr::exists(attachments::<task_file::Entity>(task_file::Column::FileId).into_query()).not())
        .add(
            Expr::exists(attachments::<project_file::Entity>(project_file::Column::FileId).into_query())
                .not(),
        );
    Condition::any()
        .add(own)
        .add(Expr::exists(of_memos.into_query()))
        .add(Expr::exists(of_tasks.into_query()))
        .add(Expr::exists(of_projects.into_query()))
}

/// The links of a file, by their column that names it.
fn attachments<E: EntityTrait>(file: E::Column) -> Select<E> {
    E::find()
        .select_only()
        .column(file)
        .filter(Expr::col(file.as_column_ref()).equals(file::Column::Id.as_column_ref()))
}

/// Files by their ids, those that the viewer may see.
///
/// # Errors
/// What the database answers.
pub async fn by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<file::Model>> {
    by_ids_in(services.database.connection(), viewer, ids).await
}

/// The same within a transaction.
async fn by_ids_in<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<file::Model>> {
    Ok(file::Entity::find()
        .filter(is_one_of(connection.get_database_backend(), file::Column::Id, ids))
        .filter(visible(viewer))
        .all(connection)
        .await?)
}

/// The files of each of the memos, which the viewer sees.
///
/// # Errors
/// What the database answers.
pub async fn of_memos(services: &Services, memo_ids: &[Uuid]) -> Result<Vec<(Uuid, file::Model)>> {
    let rows = "FROM memo_files l JOIN memos m ON m.id = l.memo_id JOIN files t ON t.id = l.file_id";
    linked(&services.database, memo_ids, rows, "t.id").await
}
