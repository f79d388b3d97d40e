//! Recognises erased people who come back, by keyed hashes of what a provider says about them.
//!
//! The hashes cover subjects and addresses, so they reveal neither. Their key is in the database,
//! because it must outlive every secret.

use crate::{Error, Result, installation};
use chrono::{DateTime, Utc};
use entity::{erased_identity, identity, user};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, sea_query::OnConflict,
};
use sha2::Sha256;

/// What identifies somebody at a provider.
pub(super) fn subject(issuer: &str, subject: &str) -> String {
    format!("subject\n{issuer}\n{subject}")
}

/// What identifies somebody by an address, ignoring case.
pub(super) fn address(email: &str) -> String {
    format!("address\n{}", email.to_lowercase())
}

/// Whether this identified somebody who was erased.
pub(super) async fn is_known(transaction: &DatabaseTransaction, identity: &str) -> Result<bool> {
    let hash = hash(&key(transaction).await?, identity);
    Ok(erased_identity::Entity::find_by_id(hash).one(transaction).await?.is_some())
}

/// Whether this was the address of somebody who was erased.
///
/// # Errors
/// Returns errors of the database.
pub async fn is_erased_address<C: ConnectionTrait>(connection: &C, email: &str) -> Result<bool> {
    let hash = hash(&key(connection).await?, &address(email));
    Ok(erased_identity::Entity::find_by_id(hash).one(connection).await?.is_some())
}

/// The hashes of all that identifies a person who is about to be erased.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn hashes_of<C: ConnectionTrait>(
    connection: &C,
    person: &user::Model,
) -> Result<Vec<String>> {
    let key = key(connection).await?;
    let identities = identity::Entity::find()
        .filter(identity::Column::UserId.eq(person.id))
        .order_by_asc(identity::Column::Issuer)
        .all(connection)
        .await?;
    let subjects = identities.iter().map(|known| subject(&known.issuer, &known.subject));
    let all = subjects.chain([address(&person.email)]);
    Ok(all.map(|identity| hash(&key, &identity)).collect())
}

/// Stores the hashes of an erased person.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn remember(
    transaction: &DatabaseTransaction,
    hashes: &[String],
    now: DateTime<Utc>,
) -> Result<()> {
    if hashes.is_empty() {
        return Ok(());
    }
    let rows = hashes.iter().map(|hash| {
        erased_identity::Model { hash: hash.clone(), erased_at: now }.into_active_model()
    });
    let keep = OnConflict::column(erased_identity::Column::Hash).do_nothing().to_owned();
    erased_identity::Entity::insert_many(rows)
        .on_conflict(keep)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Numbers for the names of another system's people, if it says no others. They outlive an erasure.
/// So they have a key, without which nobody can see whether a number is that of a name.
pub struct NameNumbers {
    key: String,
}

impl NameNumbers {
    /// With the key of the database.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn read<C: ConnectionTrait>(connection: &C) -> Result<Self> {
        Ok(Self::with_key(key(connection).await?))
    }

    /// With that key.
    pub fn with_key(key: String) -> Self {
        Self { key }
    }

    /// The number of a name.
    pub fn of(&self, name: &str) -> u64 {
        let hash = hash(&self.key, &format!("name\n{name}"));
        let beginning = hash.get(..16).unwrap_or_default();
        u64::from_str_radix(beginning, 16).unwrap_or_default()
    }
}

impl std::fmt::Debug for NameNumbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NameNumbers")
    }
}

async fn key<C: ConnectionTrait>(connection: &C) -> Result<String> {
    installation::get(connection, installation::ERASED_IDENTITIES_KEY)
        .await?
        .ok_or_else(|| Error::Inconsistent("there is no key of erased identities".to_owned()))
}

fn hash(key: &str, identity: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        unreachable!("HMAC takes keys of any length");
    };
    mac.update(identity.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_the_key_and_on_all_that_identifies_somebody() {
        let key = "a key";
        let ada = hash(key, &subject("https://idp.example", "ada"));
        assert_eq!(ada.len(), 64);
        for other in [
            hash("another key", &subject("https://idp.example", "ada")),
            hash(key, &subject("https://idp.example", "bob")),
            hash(key, &subject("https://other.example", "ada")),
            hash(key, &address("ada")),
        ] {
            assert_ne!(ada, other);
        }
        assert_eq!(address("Ada@Example.org"), address("ada@example.org"));
    }
}
