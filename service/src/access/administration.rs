//! Rows that only administrators may read: holds, refused attempts, and the records of memos that
//! were passed on and of erased people.

use crate::{Result, Services, Viewer, database::sql::is_one_of};
use entity::{memo_hold, memo_reassignment, person_erasure, refused_deletion};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

/// A table whose rows only administrators may read.
pub trait Administrative: EntityTrait {
    /// The column of the id.
    const ID: Self::Column;
}

impl Administrative for memo_hold::Entity {
    const ID: Self::Column = memo_hold::Column::Id;
}

impl Administrative for refused_deletion::Entity {
    const ID: Self::Column = refused_deletion::Column::Id;
}

impl Administrative for memo_reassignment::Entity {
    const ID: Self::Column = memo_reassignment::Column::Id;
}

impl Administrative for person_erasure::Entity {
    const ID: Self::Column = person_erasure::Column::Id;
}

/// The rows with these ids. None for whoever is no administrator.
///
/// # Errors
/// Returns errors of the database.
pub async fn for_administrators<E: Administrative>(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<E::Model>> {
    if !viewer.is_admin() {
        return Ok(Vec::new());
    }
    let query = E::find().filter(is_one_of(services.database.backend(), E::ID, ids));
    Ok(query.all(services.database.connection()).await?)
}
