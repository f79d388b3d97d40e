//! What the servers of an installation share: named texts in the database.

use crate::{Error, Result, database::Database};
use chrono::{DateTime, Utc};
use entity::installation::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
    sea_query::OnConflict,
};

/// The name of the id in the file store's marker.
pub(crate) const FILE_STORE: &str = "file_store";

/// The name of the fingerprint of the servers' secret.
const SECRET: &str = "secret";

/// The name of the key that hashes what identified erased people. A migration creates it.
pub(crate) const ERASED_IDENTITIES_KEY: &str = "erased_identities_key";

/// The name of the time since which SQLite's file may still hold erased texts.
pub(crate) const ERASED_TRACES: &str = "erased_traces";

/// The name of the number of iterations that imported password hashes have at most.
pub(crate) const IMPORTED_ITERATIONS: &str = "imported_iterations";

/// The name of the observed time.
pub(crate) const OBSERVED_TIME: &str = "observed_time";

/// The name of the time at which the last backup began.
const LAST_BACKUP: &str = "last_backup";

/// Notes that a backup is complete, which began at that time.
///
/// # Errors
/// Returns errors of the database.
pub async fn note_backup(database: &Database, began_at: DateTime<Utc>) -> Result<()> {
    set(database.connection(), LAST_BACKUP, began_at.to_rfc3339()).await
}

/// When the last complete backup began. In a restored database, this is the restored one.
///
/// # Errors
/// Returns errors of the database.
pub async fn last_backup(database: &Database) -> Result<Option<DateTime<Utc>>> {
    let known = get(database.connection(), LAST_BACKUP).await?;
    let time = |text: String| {
        let time = DateTime::parse_from_rfc3339(&text);
        let wrong = |error| Error::Inconsistent(format!("{LAST_BACKUP} is {text:?}: {error}"));
        time.map(|time| time.to_utc()).map_err(wrong)
    };
    known.map(time).transpose()
}

/// Whether the servers of this database use the secret with this fingerprint. The first server sets
/// it.
///
/// # Errors
/// Returns errors of the database.
pub async fn claim_secret(database: &Database, fingerprint: &str) -> Result<bool> {
    Ok(get_or_set(database.connection(), SECRET, fingerprint.to_owned()).await? == fingerprint)
}

/// Whether they use another secret. Before the first server starts, there is none.
///
/// # Errors
/// Returns errors of the database.
pub async fn has_other_secret(database: &Database, fingerprint: &str) -> Result<bool> {
    Ok(get(database.connection(), SECRET).await?.is_some_and(|known| known != fingerprint))
}

/// Sets the fingerprint of the secret that the servers use from now on.
///
/// # Errors
/// Returns errors of the database.
pub async fn replace_secret(database: &Database, fingerprint: &str) -> Result<()> {
    set(database.connection(), SECRET, fingerprint.to_owned()).await
}

/// The value with this name.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn get<C: ConnectionTrait>(connection: &C, name: &str) -> Result<Option<String>> {
    let found = Entity::find_by_id(name).one(connection).await?;
    Ok(found.map(|row| row.value))
}

/// Sets the value with this name.
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

/// Removes the value with this name, if it is this one.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn remove<C: ConnectionTrait>(
    connection: &C,
    name: &str,
    value: &str,
) -> Result<()> {
    Entity::delete_many()
        .filter(Column::Name.eq(name))
        .filter(Column::Value.eq(value))
        .exec(connection)
        .await?;
    Ok(())
}

/// Sets the value with this name unless it exists. Returns the value in the database.
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
