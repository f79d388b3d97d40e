//! The rows of the outbox: taking those that are due, and noting what came of them.

use super::letter::Letter;
use crate::{
    Error, Result, Services,
    access::sees_subject,
    database::{
        in_transaction,
        sql::{is_one_of_first, lock_free_rows, statement},
    },
    observed_time::ObservedTime,
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

/// How long a worker owns a mail that it is trying to send. Longer than handing it over may take;
/// after a crash, the next attempt waits as long.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);
/// For how long mails that were sent or given up are kept, for an operator who wonders.
const KEPT: TimeDelta = TimeDelta::days(7);
/// Most that is kept of a mail server's answer.
const MAX_ANSWER: usize = 500;

const DUE: &str = "sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= $1";

/// Whether there is something to send. Asked before anything is locked.
pub(super) async fn anything_due(services: &Services) -> Result<bool> {
    let sql = format!("SELECT 1 AS due FROM mails WHERE {DUE} LIMIT 1");
    let statement = statement(services.database.backend(), sql, [services.now().into()]);
    Ok(services.database.connection().query_one_raw(statement).await?.is_some())
}

/// Takes some of the mails that are due, so many at most. For the time of the lease nobody else
/// takes them.
pub(super) async fn take(services: &Services, most: usize) -> Result<Vec<Letter>> {
    let now = services.now();
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let free = lock_free_rows(backend, "mails");
        let claim = format!(
            "WITH due AS MATERIALIZED (SELECT id FROM mails WHERE {DUE} ORDER BY next_attempt_at, \
             id LIMIT {most}{free}) \
             UPDATE mails SET attempts = attempts + 1, next_attempt_at = $2 WHERE id IN (SELECT id \
             FROM due) RETURNING id"
        );
        let rows = transaction
            .query_all_raw(statement(backend, claim, [now.into(), (now + LEASE).into()]))
            .await?;
        let ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<Uuid>, _>>()?;
        let (one_of, list) = is_one_of_first(backend, &ids);
        let sees = sees_subject("n", "u");
        let read = format!(
            "SELECT m.id, m.attempts, m.created_at, m.subject_name, m.user_id, n.kind, n.memo_id, \
             n.task_id, n.project_id, \
             u.email, u.full_name, u.active, a.full_name AS actor_name, \
             EXISTS (SELECT 1 FROM mail_opt_outs o WHERE o.user_id = m.user_id AND o.kind = \
             n.kind) AS unwanted, \
             {sees} AS sees \
             FROM mails m JOIN notifications n ON n.id = m.notification_id JOIN users u ON u.id = \
             m.user_id \
             JOIN users a ON a.id = n.actor_id WHERE m.id {one_of} ORDER BY m.id"
        );
        let rows = transaction.query_all_raw(statement(backend, read, [list])).await?;
        Ok(rows
            .iter()
            .map(|row| Letter::from_query_result(row, ""))
            .collect::<Result<Vec<_>, _>>()?)
    })
}

/// Notes that the mail server has the mail, whoever else may have taken it since.
pub(super) async fn sent(services: &Services, letter: &Letter) -> Result<()> {
    let sql = "UPDATE mails SET sent_at = $2, subject_name = NULL, last_error = NULL \
               WHERE id = $1 AND sent_at IS NULL AND given_up_at IS NULL";
    note(services, sql, vec![letter.id.into(), services.now().into()]).await
}

/// Notes a failure, and when to try again. If somebody else has taken the mail since, it is theirs
/// to note.
pub(super) async fn failed(
    services: &Services,
    letter: &Letter,
    again: DateTime<Utc>,
    answer: &str,
) -> Result<()> {
    let sql = "UPDATE mails SET next_attempt_at = $3, last_error = $4 \
               WHERE id = $1 AND attempts = $2 AND sent_at IS NULL AND given_up_at IS NULL";
    note(
        services,
        sql,
        vec![letter.id.into(), letter.attempts.into(), again.into(), short(answer).into()],
    )
    .await
}

/// Notes that the mail will not be tried again. If somebody else has taken it since, it is theirs
/// to note.
pub(super) async fn given_up(services: &Services, letter: &Letter, reason: &str) -> Result<()> {
    let sql = "UPDATE mails SET given_up_at = $3, last_error = $4, subject_name = NULL \
               WHERE id = $1 AND attempts = $2 AND sent_at IS NULL AND given_up_at IS NULL";
    let now = services.now();
    note(
        services,
        sql,
        vec![letter.id.into(), letter.attempts.into(), now.into(), short(reason).into()],
    )
    .await
}

async fn note(services: &Services, sql: &str, values: Vec<Value>) -> Result<()> {
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        transaction.execute_raw(statement(backend, sql, values.clone())).await?;
        Ok(())
    })
}

/// What waits in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many mails are neither sent nor given up.
    pub mails: i64,
    /// When the oldest of them was written.
    pub since: Option<DateTime<Utc>>,
}

/// What waits in the outbox, of whichever process.
///
/// # Errors
/// What the database answers.
pub async fn waiting(services: &Services) -> Result<Waiting> {
    let backend = services.database.backend();
    let sql = "SELECT COUNT(*) AS mails, MIN(created_at) AS since FROM mails WHERE sent_at IS NULL \
        AND given_up_at IS NULL";
    let row = services.database.connection().query_one_raw(statement(backend, sql, [])).await?;
    let row = row.ok_or_else(|| Error::Inconsistent("a count has no row".to_owned()))?;
    Ok(Waiting { mails: row.try_get("", "mails")?, since: row.try_get("", "since")? })
}

/// The beginning of an answer, as every database takes it.
fn short(answer: &str) -> String {
    answer.chars().filter(|c| *c != '\0').take(MAX_ANSWER).collect()
}

/// Removes the mails that were sent or given up a week ago; the log has told of them.
///
/// # Errors
/// What the database answers.
pub async fn purge(services: &Services, observed: ObservedTime) -> Result<u64> {
    let before = observed.now - KEPT;
    let removed = in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let sql = "DELETE FROM mails WHERE sent_at < $1 OR given_up_at < $1";
        Ok(transaction.execute_raw(statement(backend, sql, [before.into()])).await?.rows_affected())
    })?;
    if removed > 0 {
        tracing::info!(mails = removed, "old mails removed");
    }
    Ok(removed)
}
