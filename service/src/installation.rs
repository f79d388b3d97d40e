//! What the servers of an installation know in common: texts by name.

use crate::{Result, database::Database};
use entity::installation::{ActiveModel, Column, Entity, Model};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Set, sea_query::OnConflict};

/// The id in the file store's marker.
pub(crate) const FILE_STORE: &str = "file_store";

/// The fingerprint of the secret with which the servers sign.
const SECRET: &str = "secret";

/// How much time the servers have seen pass.
pub(crate) const OBSERVED_TIME: &str = "observed_time";

/// Whether the servers of this database sign with the secret of that fingerprint. The first one
/// decides.
///
/// # Errors
/// Returns errors of the database.
pub async fn claim_secret(database: &Database, fingerprint: &str) -> Result<bool> {
    Ok(get_or_set(database.connection(), SECRET, fingerprint.to_owned()).await? == fingerprint)
}

/// Whether they sign with another one. Before the first server has started there is none.
///
/// # Errors
/// Returns errors of the database.
pub async fn has_other_secret(database: &Database, fingerprint: &str) -> Result<bool> {
    Ok(get(database.connection(), SECRET).await?.is_some_and(|known| known != fingerprint))
}

/// Makes the secret of that fingerprint the one with which they sign from now on.
///
/// # Errors
/// Returns errors of the database.
pub async fn replace_secret(database: &Database, fingerprint: &str) -> Result<()> {
    set(database.connection(), SECRET, fingerprint.to_owned()).await
}

/// What is known under that name.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn get<C: ConnectionTrait>(connection: &C, name: &str) -> Result<Option<String>> {
    let found = Entity::find_by_id(name).one(connection).await?;
    Ok(found.map(|row| row.value))
}

/// Says what is known under that name from now on.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn set<C: ConnectionTrait>(
    connection: &C,
    name: &str,
    value: String,
) -> Result<()> {
    let row = ActiveModel { name: Set(name.to_owned()), value: Set(value) };
    let replace = OnConflict::column(Column::Name).update_column(Column::Value).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(connection).await?;
    Ok(())
}

/// Says it unless something is known already; answers what is known then.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn get_or_set<C: ConnectionTrait>(
    connection: &C,
    name: &str,
    value: String,
) -> Result<String> {
    let row = Model { name: name.to_owned(), value: value.clone() }.into_active_model();
    let keep = OnConflict::column(Column::Name).do_nothing().to_owned();
    Entity::insert(row).on_conflict(keep).exec_without_returning(connection).await?;
    Ok(get(connection, name).await?.unwrap_or(value))
}
