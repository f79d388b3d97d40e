//! Sessions. A session starts with a sign-in on a device. It ends with a sign-out, with a password
//! change on another device, or at its expiry.
//!
//! A refresh token can be used once. Using it again after its successor has been used, or after a
//! while, means that it was copied. Then the whole session ends, and the person must sign in again.
//! Within [`REPEATABLE`], the same token gets the same successor again. The answer may be lost, or
//! two windows of a browser may ask at the same time. A thief gains nothing from that: if two
//! clients use the same successor, the second use is detected.

use super::{errors::RefreshError, randomness, refresh_token::RefreshToken};
use crate::{
    Result, Services,
    database::{Parameters, in_transaction, lock::LockRows, sql::column_names},
    ids,
    observed_time::ObservedTime,
    sign_in_check::{SIGN_IN_CHANGES, sign_in_changes},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{session, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, Set, Statement,
    sea_query::Expr,
};
use uuid::Uuid;

/// How long after its use a refresh token can be used again for the same answer.
const REPEATABLE: TimeDelta = TimeDelta::seconds(10);
/// How long an ended session is kept, so that its tokens are recognized.
const KEPT_AFTER_END: TimeDelta = TimeDelta::days(7);
/// The maximum length of a client's name, in characters. The rest is cut off.
const MAX_USER_AGENT: usize = 200;

/// Settings of sessions.
#[derive(Clone)]
pub struct SessionSettings {
    /// Key of the refresh tokens. All processes on one database use the same key; it is not stored
    /// there.
    pub key: [u8; 32],
    /// How long a session lasts. Refreshing does not extend it.
    pub last: TimeDelta,
}

impl std::fmt::Debug for SessionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionSettings").field("last", &self.last).finish_non_exhaustive()
    }
}

/// A started or refreshed session, with its next refresh token.
#[derive(Debug, Clone)]
pub struct Started {
    /// The person.
    pub person: user::Model,
    /// The session's id, for the access token.
    pub session: Uuid,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// The next refresh token.
    pub refresh_token: String,
}

/// The person of an access token, if the person and the token's session are still valid, and the
/// value of `sign_in_counter` as of then. It takes one statement.
///
/// # Errors
/// Returns errors of the database.
pub async fn signed_in(
    services: &Services,
    person: Uuid,
    session: Option<Uuid>,
) -> Result<Option<(user::Model, i64)>> {
    let database = &services.database;
    let asked = match session {
        Some(session) => {
            person_of_session_statement(database.backend(), person, session, services.now())
        }
        None => active_person_statement(database.backend(), person),
    };
    let Some(row) = database.connection().query_one_raw(asked).await? else { return Ok(None) };
    Ok(Some((user::Model::from_query_result(&row, "")?, sign_in_changes(&row)?)))
}

fn active_person_statement(backend: DbBackend, person: Uuid) -> Statement {
    let columns = column_names::<user::Entity>("u.");
    Parameters::new(backend).bind("person", person).statement(&format!(
        "SELECT {columns}, {SIGN_IN_CHANGES} FROM users u WHERE u.id = :person AND u.active"
    ))
}

fn person_of_session_statement(
    backend: DbBackend,
    person: Uuid,
    session: Uuid,
    now: DateTime<Utc>,
) -> Statement {
    let columns = column_names::<user::Entity>("u.");
    let mut parameters = Parameters::new(backend);
    parameters.bind("person", person).bind("session", session).bind("now", now).statement(&format!(
        "SELECT {columns}, {SIGN_IN_CHANGES}
        FROM users u
        JOIN sessions s ON s.user_id = u.id
        WHERE u.id = :person
            AND u.active
            AND s.id = :session
            AND s.revoked_at IS NULL
            AND s.expires_at > :now",
    ))
}

/// Starts a session of a person.
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

/// Refreshes a session and uses up the token. If the token was used before, the session ends.
///
/// # Errors
/// Returns the reason why the session is not refreshed.
pub async fn refresh(
    services: &Services,
    token: RefreshToken,
    settings: &SessionSettings,
) -> Result<Started, RefreshError> {
    // A forged token costs one read and does not wait for a writer.
    let row =
        session::Entity::find_by_id(token.session).one(services.database.connection()).await?;
    if row.is_none_or(|row| !token.is_genuine(&settings.key, &row.seed)) {
        return Err(RefreshError::SessionEnded);
    }
    // This refusal is outside the transaction, which may end the session after a token was used
    // twice.
    let refreshed = in_transaction(&services.database, async |transaction| -> Result<_> {
        refresh_in(services, transaction, token, settings).await
    })
    .await?;
    refreshed.ok_or(RefreshError::SessionEnded)
}

/// The refreshed session. `None` if it has ended, or ends now.
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

/// Ends a session, found by its refresh token or by the id in a verified access token. Does nothing
/// if the session has ended or there is none.
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

/// The sessions of a person that have not ended, the latest first.
///
/// # Errors
/// Returns errors of the database.
pub async fn sessions_of(services: &Services, person: Uuid) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find()
        .filter(session::Column::UserId.eq(person))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(services.now()))
        .order_by_desc(session::Column::Id)
        .all(services.database.connection())
        .await?)
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

/// Ends all sessions of everybody. Returns their number.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn end_all(services: &Services) -> Result<u64> {
    let now = services.now();
    let sessions = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    in_transaction(&services.database, async |transaction| -> Result<_> {
        Ok(sessions.clone().exec(transaction).await?.rows_affected)
    })
    .await
}

/// Ends the sessions of a person, except for one.
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

/// Removes the sessions that ended a while ago. Returns their number.
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
        assert_statement("active_person", |backend| active_person_statement(backend, Uuid::nil()));
        assert_statement("person_of_session", |backend| {
            let (person, session) = (Uuid::nil(), Uuid::max());
            person_of_session_statement(backend, person, session, DateTime::UNIX_EPOCH)
        });
    }
}
