//! Files: rows for stored contents, uploads, and the purge of files that nothing uses.

mod content;
mod copy;
mod errors;
mod name;
mod place;
mod purge;
mod room;
mod upload;

pub use content::{check, read};
pub(crate) use copy::{copy, for_memo, of_any_memo};
pub use errors::UploadError;
pub use name::name;
pub use place::{FileOfUpload, PlacedContent, UploadKey, keep_placed};
pub use purge::{PurgedUploads, purge};
pub(crate) use purge::{delete_unattached, note_detached};
pub use room::{Reservation, Room};
pub use upload::{Upload, store};

use crate::{
    Result, Services, Viewer,
    access::visible_files,
    database::{
        Parameters,
        sql::{column_names, is_one_of, linked},
    },
};
use bytes::Bytes;
use entity::file;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};
use uuid::Uuid;

/// A new file.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Its name. [`crate::text`] has checked it already.
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Its content.
    pub bytes: Bytes,
}

/// Those of the files with these ids that the viewer may see.
///
/// # Errors
/// Returns errors of the database.
pub async fn by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<file::Model>> {
    by_ids_in(services.database.connection(), viewer, ids).await
}

/// The same within a transaction.
pub(crate) async fn by_ids_in<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<file::Model>> {
    Ok(file::Entity::find()
        .filter(is_one_of(connection.get_database_backend(), file::Column::Id, ids))
        .filter(visible_files(viewer))
        .all(connection)
        .await?)
}

/// The files of each of the memos, sorted by id. The viewer sees these memos.
///
/// # Errors
/// Returns errors of the database.
pub async fn of_memos(services: &Services, memo_ids: &[Uuid]) -> Result<Vec<(Uuid, file::Model)>> {
    let database = &services.database;
    let asked = memo_files_statement(database.backend(), memo_ids);
    let mut files = linked::<file::Model>(database, asked).await?;
    files.sort_unstable_by_key(|(_, file)| file.id);
    Ok(files)
}

/// The attachments are read first, and nothing is sorted. Otherwise, PostgreSQL may read all files
/// in their order and look for the attachments of each, as long as its statistics are old.
fn memo_files_statement(backend: DbBackend, memo_ids: &[Uuid]) -> Statement {
    let columns = column_names::<file::Entity>("t.");
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).statement(&format!(
        "WITH attachments AS MATERIALIZED (
            SELECT l.memo_id, l.file_id FROM memo_files l WHERE l.memo_id IN :memo_ids
        )
        SELECT l.memo_id AS linked_to, {columns}
        FROM attachments l
        JOIN memos m ON m.id = l.memo_id
        JOIN files t ON t.id = l.file_id"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("memo_files", |backend| memo_files_statement(backend, &[Uuid::nil()]));
    }
}
