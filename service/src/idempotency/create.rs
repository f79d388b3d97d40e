//! Creates something once for each key.

use super::{IdempotencyKey, KEPT_FOR};
use crate::{
    Error, Result, Services, VerbError,
    database::{Parameters, in_transaction},
    ids,
};
use chrono::{DateTime, Utc};
use entity::idempotency_key;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, Statement};
use uuid::Uuid;

/// What a request has created, now or earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created<T> {
    /// The thing, as it is now.
    pub thing: T,
    /// Whether an earlier request with the same key has created it.
    pub replayed: bool,
}

/// Why a request creates nothing.
#[derive(Debug)]
pub enum CreateError<E> {
    /// The person has used the key for another request.
    KeyReused,
    /// The same request was done earlier. What it created does not exist any more, or the person
    /// cannot see it any more.
    Gone,
    /// The operation's own error.
    Operation(E),
}

impl<E: VerbError> VerbError for CreateError<E> {
    fn failure(&self) -> Option<&Error> {
        match self {
            Self::Operation(error) => error.failure(),
            Self::KeyReused | Self::Gone => None,
        }
    }
}

impl<E: VerbError> From<Error> for CreateError<E> {
    fn from(error: Error) -> Self {
        Self::Operation(error.into())
    }
}

impl<E> CreateError<E> {
    /// The same with another error of the operation.
    pub fn map<F>(self, convert: impl FnOnce(E) -> F) -> CreateError<F> {
        match self {
            Self::KeyReused => CreateError::KeyReused,
            Self::Gone => CreateError::Gone,
            Self::Operation(error) => CreateError::Operation(convert(error)),
        }
    }
}

/// What a transaction did for a request.
enum Outcome<T> {
    Made(T),
    /// An earlier request has created the thing with this id.
    MadeEarlier(Uuid),
}

/// Creates something, once for each key. `make` gets the id for the new thing and runs in a
/// transaction, as in [`in_transaction`]. If the request is a repetition, `read` reads what the
/// first request created, as the person sees it now. Without a key, the thing is always created.
///
/// A refused request does not use its key up, because the refusal rolls the transaction back.
///
/// # Errors
/// Returns the reason why nothing was created.
pub async fn create_once<T, E: VerbError>(
    services: &Services,
    key: Option<&IdempotencyKey>,
    make: impl AsyncFnOnce(&DatabaseTransaction, Uuid) -> Result<T, E> + Clone,
    read: impl AsyncFnOnce(Uuid) -> Result<Option<T>>,
) -> Result<Created<T>, CreateError<E>> {
    let outcome =
        in_transaction(&services.database, async |transaction| -> Result<_, CreateError<E>> {
            let id = services.new_id();
            if let Some(key) = key
                && let Some(earlier) = claim(services, transaction, key, id).await?
            {
                return Ok(Outcome::MadeEarlier(earlier));
            }
            let made = make.clone()(transaction, id).await.map_err(CreateError::Operation)?;
            Ok(Outcome::Made(made))
        })
        .await?;
    match outcome {
        Outcome::Made(thing) => Ok(Created { thing, replayed: false }),
        Outcome::MadeEarlier(id) => {
            if let Some(key) = key {
                tracing::info!(
                    verb = key.verb,
                    person = %ids::user(key.person),
                    "request repeated: nothing is created again"
                );
            }
            let thing = read(id).await?.ok_or(CreateError::Gone)?;
            Ok(Created { thing, replayed: true })
        }
    }
}

/// Writes the key with the id of what is about to be created. Returns `None` then. If the key is
/// already there for the same request, returns the id of what that request created.
///
/// # Errors
/// [`CreateError::KeyReused`] if the key is there for another request. Also returns errors of the
/// database.
async fn claim<E: VerbError>(
    services: &Services,
    transaction: &DatabaseTransaction,
    key: &IdempotencyKey,
    id: Uuid,
) -> Result<Option<Uuid>, CreateError<E>> {
    let claimed =
        claimed_key_statement(transaction.get_database_backend(), key, id, services.now());
    if transaction.query_one_raw(claimed).await.map_err(Error::from)?.is_some() {
        return Ok(None);
    }
    let earlier = idempotency_key::Entity::find_by_id((key.person, key.key.clone()))
        .one(transaction)
        .await
        .map_err(Error::from)?
        // The statement above has locked the row.
        .ok_or_else(|| Error::Inconsistent("a locked idempotency key is missing".to_owned()))?;
    if (earlier.verb.as_str(), &earlier.input_sha256) != (key.verb, &key.input_sha256) {
        return Err(CreateError::KeyReused);
    }
    Ok(Some(earlier.created_id))
}

/// Writes the key, or replaces one that has expired. Returns a row if it did.
fn claimed_key_statement(
    backend: DbBackend,
    key: &IdempotencyKey,
    id: Uuid,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("person", key.person).bind("key", key.key.as_str()).bind("verb", key.verb);
    parameters.bind("input", key.input_sha256.as_str()).bind("id", id);
    parameters.bind("now", now).bind("expired", now - KEPT_FOR);
    parameters.statement(
        "INSERT INTO idempotency_keys (
            user_id, key, verb, input_sha256, created_id, created_at
        )
        VALUES (:person, :key, :verb, :input, :id, :now)
        ON CONFLICT (user_id, key) DO UPDATE
        SET verb = excluded.verb,
            input_sha256 = excluded.input_sha256,
            created_id = excluded.created_id,
            created_at = excluded.created_at
        WHERE idempotency_keys.created_at <= :expired
        RETURNING created_id",
    )
}

/// Whether the person has used this key in the last [`KEPT_FOR`], for whatever request.
///
/// # Errors
/// Returns errors of the database.
pub async fn is_used(services: &Services, person: Uuid, key: &str) -> Result<bool> {
    let row = idempotency_key::Entity::find_by_id((person, key.to_owned()))
        .one(services.database.connection())
        .await?;
    Ok(row.is_some_and(|row| row.created_at > services.now() - KEPT_FOR))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use serde_json::Value;

    #[test]
    fn statements_are_the_committed_ones() {
        let key = IdempotencyKey::new(Uuid::nil(), "key", "CreateTag", &Value::Null);
        assert_statement("claimed_key", |backend| {
            claimed_key_statement(backend, &key, Uuid::nil(), DateTime::UNIX_EPOCH)
        });
    }
}
