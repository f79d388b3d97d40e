//! Files: their bytes, addressed by content, and the rows that name them.

mod store;

pub use store::FileStore;

use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{is_one_of, linked},
    },
    memos,
};
use bytes::Bytes;
use entity::{blob, file, memo_file};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
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

/// Stores a file's bytes, once for each content, and the row that names them.
///
/// # Errors
/// What the database or the file store answers; there is no row then.
pub async fn store(services: &Services, uploaded_by: Uuid, new: &NewFile) -> Result<file::Model> {
    let sha256 = hex::encode(Sha256::digest(&new.bytes));
    let location = store::location(&sha256);
    let size = i64::try_from(new.bytes.len()).unwrap_or(i64::MAX);
    in_transaction!(services.database, |transaction| {
        let now = services.now();
        let blob = blob::Model { sha256: sha256.clone(), size, location: location.clone(), created_at: now };
        // The update that changes nothing locks the row against a purge of the same content, until the bytes are there and used.
        blob::Entity::insert(blob.into_active_model())
            .on_conflict(
                OnConflict::column(blob::Column::Sha256).update_column(blob::Column::Size).to_owned(),
            )
            .exec_without_returning(transaction)
            .await?;
        services.file_store.put(&location, new.bytes.clone()).await?;
        let file = file::Model {
            id: services.new_id(),
            name: new.name.clone(),
            media_type: new.media_type.clone(),
            size,
            blob_sha256: sha256.clone(),
            uploaded_by,
            created_at: now,
        };
        Ok(file.into_active_model().insert(transaction).await?)
    })
}

/// Files by their ids, those that the viewer may see: own uploads, and files of memos, tasks and projects that they see.
///
/// # Errors
/// What the database answers.
pub async fn by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<file::Model>> {
    use crate::work;
    use entity::{project_file, task_file};
    let of_memos = memo_file::Entity::find()
        .select_only()
        .column(memo_file::Column::FileId)
        .filter(memo_file::Column::MemoId.in_subquery(memos::visible_ids(viewer)))
        .into_query();
    let of_tasks = task_file::Entity::find()
        .select_only()
        .column(task_file::Column::FileId)
        .filter(task_file::Column::TaskId.in_subquery(work::visible_task_ids(viewer)))
        .into_query();
    let of_projects = project_file::Entity::find()
        .select_only()
        .column(project_file::Column::FileId)
        .filter(project_file::Column::ProjectId.in_subquery(work::visible_project_ids(viewer)))
        .into_query();
    Ok(file::Entity::find()
        .filter(is_one_of(services.database.backend(), file::Column::Id, ids))
        .filter(
            Condition::any()
                .add(file::Column::UploadedBy.eq(viewer.id))
                .add(file::Column::Id.in_subquery(of_memos))
                .add(file::Column::Id.in_subquery(of_tasks))
                .add(file::Column::Id.in_subquery(of_projects)),
        )
        .all(services.database.connection())
        .await?)
}

/// The files of each of the memos, which the viewer sees.
///
/// # Errors
/// What the database answers.
pub async fn of_memos(services: &Services, memo_ids: &[Uuid]) -> Result<Vec<(Uuid, file::Model)>> {
    let rows = "FROM memo_files l JOIN files t ON t.id = l.file_id";
    linked(&services.database, memo_ids, rows, "t.id").await
}
