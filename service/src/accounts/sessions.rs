//! Sessions: signed in on one device, until signing out, changing the password elsewhere, or a last
//! day.
//!
//! A refresh token is good once. Used again after its successor has come into use, or after a
//! while, it has been copied: the whole session ends, for the thief and for the person, who signs
//! in anew. Within [`REPEATABLE`] the same token gets the same successor again: the answer may have
//! been lost, or two windows of a browser asked at the same time. A thief gains nothing by that: of
//! two who go on with one successor, the second is found out.

use super::{errors::RefreshError, randomness, refresh_token::RefreshToken};
use crate::{
    Result, Services,
    database::{Parameters, in_transaction, lock::LockRows},
    ids,
    observed_time::ObservedTime,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{session, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait,
    IntoActiveModel, QueryFilter, Set, Statement, sea_query::Expr,
};
use uuid::Uuid;

/// How long after its use a refresh token may be used again, for the same answer.
const REPEATABLE: TimeDelta = TimeDelta::seconds(10);
/// For how long an ended session is kept, so that a token of it is still known.
const KEPT_AFTER_END: TimeDelta = TimeDelta::days(7);
/// Longest name of a client that is kept, in characters.
const MAX_USER_AGENT: usize = 200;

/// How sessions are.
#[derive(Clone)]
pub struct SessionSettings {
    /// Key of the refresh tokens; the same for all processes on one database, and not in it.
    pub key: [u8; 32],
    /// How long one lasts, however often it is refreshed.
    pub last: TimeDelta,
}

impl std::fmt::Debug for SessionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionSettings").field("last", &self.last).finish_non_exhaustive()
    }
}

/// A session that goes on, with the token for its next refresh.
#[derive(Debug, Clone)]
pub struct Started {
    /// Who.
    pub person: user::Model,
    /// The session's id, for the access token.
    pub session: Uuid,
    /// Until when it lasts.
    pub expires_at: DateTime<Utc>,
    /// The next refresh token.
    pub refresh_token: String,
}

/// The person of a token, if they and the session, if it is of one, are still good. One statement.
///
/// # Errors
/// Returns errors of the database.
pub async fn signed_in(
    services: &Services,
    person: Uuid,
    session: Option<Uuid>,
) -> Result<Option<user::Model>> {
    let Some(session) = session else { return crate::people::sign_in(services, person).await };
    let database = &services.database;
    let signed_in =
        person_of_session_statement(database.backend(), person, session, services.now());
    Ok(user::Entity::find().from_raw_sql(signed_in).one(database.connection()).await?)
}

fn person_of_session_statement(
    backend: DbBackend,
    person: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("person", person).bind("session", session).bind("now", now).statement(
        "SELECT u.*
        FROM users u
        JOIN sessions s ON s.user_id = u.id
        WHERE u.id = :person
            AND u.active
            AND s.id = :session
            AND s.revoked_at IS NULL
            AND s.expires_at > :now",
    )
}

/// Begins a session of that person.
pub(super) async fn start(
    services: &Services,
    person: user::Model,
    user_agent: Option<&str>,
    settings: &SessionSettings,
) -> Result<Started> {
    let now = services.now();
    let seed: [u8; 32] = randomness::bytes(services.randomness.as_ref());
    let row = session::Model {
        id: services.new_id(),
        user_id: person.id,
        seed: hex::encode(seed),
        generation: 1,
        refreshed_at: now,
        created_at: now,
        expires_at: now + settings.last,
        revoked_at: None,
        user_agent: user_agent.map(short_enough),
    };
    let row = in_transaction(&services.database, async |transaction| -> Result<_> {
        Ok(row.clone().into_active_model().insert(transaction).await?)
    })
    .await?;
    tracing::info!(person = %ids::user(person.id), session = %ids::session(row.id),
        "session begun");
    Ok(with_token(person, &row, settings))
}

fn short_enough(user_agent: &str) -> String {
    user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect()
}

fn with_token(person: user::Model, row: &session::Model, settings: &SessionSettings) -> Started {
    let generation = row.generation.unsigned_abs();
    let refresh_token = RefreshToken::make(&settings.key, row.id, &row.seed, generation);
    Started { person, session: row.id, expires_at: row.expires_at, refresh_token }
}

/// Goes on with a session, and uses up the token. A token that was used before ends the session.
///
/// # Errors
/// Returns the reason why it does not go on.
pub async fn refresh(
    services: &Services,
    token: RefreshToken,
    settings: &SessionSettings,
) -> Result<Started, RefreshError> {
    // A made-up token costs one read, and waits for no writer.
    let row =
        session::Entity::find_by_id(token.session).one(services.database.connection()).await?;
    if row.is_none_or(|row| !token.is_genuine(&settings.key, &row.seed)) {
        return Err(RefreshError::SessionEnded);
    }
    // Not refused within the transaction: a session ends there if its token was used twice.
    let refreshed = in_transaction(&services.database, async |transaction| -> Result<_> {
        refresh_in(services, transaction, token, settings).await
    })
    .await?;
    refreshed.ok_or(RefreshError::SessionEnded)
}

/// The session as it goes on; `None` if it has ended, or ends here.
async fn refresh_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    token: RefreshToken,
    settings: &SessionSettings,
) -> Result<Option<Started>> {
    let now = services.now();
    let Some(row) = lock(transaction, token.session).await? else { return Ok(None) };
    if !token.is_genuine(&settings.key, &row.seed)
        || row.revoked_at.is_some()
        || row.expires_at <= now
    {
        return Ok(None);
    }
    let person = user::Entity::find_by_id(row.user_id).one(transaction).await?;
    let Some(person) = person.filter(|person| person.active) else { return Ok(None) };
    let current = row.generation.unsigned_abs();
    let is_repeated = token.generation + 1 == current && now - row.refreshed_at <= REPEATABLE;
    if is_repeated {
        return Ok(Some(with_token(person, &row, settings)));
    }
    if token.generation != current {
        tracing::warn!(person = %ids::user(person.id), session = %ids::session(row.id),
            "a refresh token was used twice: session ended");
        revoke_one(services, transaction, row).await?;
        return Ok(None);
    }
    let generation = row.generation + 1;
    let mut row = row.into_active_model();
    row.generation = Set(generation);
    row.refreshed_at = Set(now);
    let row = row.update(transaction).await?;
    Ok(Some(with_token(person, &row, settings)))
}

async fn lock(transaction: &DatabaseTransaction, id: Uuid) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id).lock_rows().one(transaction).await?)
}

async fn revoke_one(
    services: &Services,
    transaction: &DatabaseTransaction,
    row: session::Model,
) -> Result<()> {
    let mut row = row.into_active_model();
    row.revoked_at = Set(Some(services.now()));
    row.update(transaction).await?;
    Ok(())
}

/// Ends a session, by its refresh token or by the id that a verified access token names. Again, or
/// without one, it does nothing.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn end(
    services: &Services,
    session: Option<Uuid>,
    token: Option<RefreshToken>,
    settings: &SessionSettings,
) -> Result<Option<Uuid>> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let mut of = None;
        for (id, token) in [(session, None), (token.map(|token| token.session), token)] {
            let Some(id) = id else { continue };
            let Some(row) = lock(transaction, id).await? else { continue };
            if token.is_some_and(|token| !token.is_genuine(&settings.key, &row.seed)) {
                continue;
            }
            of = Some(row.user_id);
            if row.revoked_at.is_none() {
                tracing::info!(
                    person = %ids::user(row.user_id),
                    session = %ids::session(row.id),
                    "session ended"
                );
                revoke_one(services, transaction, row).await?;
            }
        }
        Ok(of)
    })
    .await
}

/// Ends all sessions of a person.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn end_all_of(services: &Services, person: Uuid) -> Result<()> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        revoke(services, transaction, person, None).await
    })
    .await
}

/// Ends the sessions of a person, but for one.
pub(crate) async fn revoke(
    services: &Services,
    transaction: &DatabaseTransaction,
    person: Uuid,
    except: Option<Uuid>,
) -> Result<()> {
    let mut sessions = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(services.now()))
        .filter(session::Column::UserId.eq(person))
        .filter(session::Column::RevokedAt.is_null());
    if let Some(id) = except {
        sessions = sessions.filter(session::Column::Id.ne(id));
    }
    let ended = sessions.exec(transaction).await?.rows_affected;
    if ended > 0 {
        tracing::info!(person = %ids::user(person), sessions = ended, "sessions ended");
    }
    Ok(())
}

/// Removes the sessions that have ended a while ago; answers how many there were.
///
/// # Errors
/// Returns errors of the database.
pub async fn purge(services: &Services, observed: ObservedTime) -> Result<u64> {
    let before = observed.now - KEPT_AFTER_END;
    let long_ended =
        session::Column::ExpiresAt.lt(before).or(session::Column::RevokedAt.lt(before));
    let ended = session::Entity::delete_many().filter(long_ended);
    let removed = in_transaction(&services.database, async |transaction| -> Result<_> {
        Ok(ended.clone().exec(transaction).await?.rows_affected)
    })
    .await?;
    if removed > 0 {
        tracing::info!(sessions = removed, "old sessions removed");
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("person_of_session", |backend| {
            let (person, session) = (Uuid::nil(), Uuid::max());
            person_of_session_statement(backend, person, session, DateTime::UNIX_EPOCH)
        });
    }
}
