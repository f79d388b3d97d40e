//! The rows of the outbox: taking those that are due, and noting the results.

use super::letter::Letter;
use crate::{
    Error, Result, Services,
    access::sees_subject,
    database::{Parameters, in_transaction, sql::ids_in},
    observed_time::ObservedTime,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::mail;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, FromQueryResult,
    QueryFilter, QuerySelect, Statement, UpdateMany, sea_query::Expr,
};
use uuid::Uuid;

/// How long a worker owns a mail that it is trying to send. It is longer than sending may take.
/// After a crash, the next attempt waits for the lease to end.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How long sent and abandoned mails are kept, so that an operator can look them up.
const KEPT: TimeDelta = TimeDelta::days(7);
/// The maximum length of a mail server's reply that is kept.
const MAX_ANSWER: usize = 500;

/// Mails that are neither sent nor abandoned.
fn waits() -> Condition {
    Condition::all().add(mail::Column::SentAt.is_null()).add(mail::Column::GivenUpAt.is_null())
}

/// Whether there is something to send. This check runs first, because it locks nothing.
pub(super) async fn anything_due(services: &Services) -> Result<bool> {
    let due: Option<Uuid> = mail::Entity::find()
        .select_only()
        .column(mail::Column::Id)
        .filter(waits())
        .filter(mail::Column::NextAttemptAt.lte(services.now()))
        .into_tuple()
        .one(services.database.connection())
        .await?;
    Ok(due.is_some())
}

/// Takes at most `most` of the mails that are due. Nobody else takes them during the lease.
pub(super) async fn take(services: &Services, most: usize) -> Result<Vec<Letter>> {
    let now = services.now();
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let backend = transaction.get_database_backend();
        let taken = taken_mails_statement(backend, now, now + LEASE, most);
        let ids = ids_in(&transaction.query_all_raw(taken).await?, "id")?;
        let rows = transaction.query_all_raw(letters_statement(backend, &ids)).await?;
        Ok(rows
            .iter()
            .map(|row| Letter::from_query_result(row, ""))
            .collect::<Result<Vec<_>, _>>()?)
    })
    .await
}

fn taken_mails_statement(
    backend: DbBackend,
    now: DateTime<Utc>,
    leased_until: DateTime<Utc>,
    most: usize,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("now", now).bind("leased_until", leased_until).statement(&format!(
        "WITH due_mails AS MATERIALIZED (
            SELECT id
            FROM mails
            WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= :now
            ORDER BY next_attempt_at, id
            LIMIT {most}
            FOR UPDATE SKIP LOCKED
        )
        UPDATE mails
        SET attempts = attempts + 1, next_attempt_at = :leased_until
        WHERE id IN (SELECT id FROM due_mails)
        RETURNING id"
    ))
}

fn letters_statement(backend: DbBackend, mail_ids: &[Uuid]) -> Statement {
    let sees = sees_subject("n", "u");
    Parameters::new(backend).bind_ids("mail_ids", mail_ids).statement(&format!(
        "SELECT
            m.id, m.attempts, m.created_at, m.subject_name, m.user_id,
            n.kind, n.memo_id, n.task_id, n.project_id,
            u.email, u.full_name, u.active,
            a.full_name AS actor_name,
            EXISTS (
                SELECT 1 FROM mail_opt_outs o WHERE o.user_id = m.user_id AND o.kind = n.kind
            ) AS unwanted,
            {sees} AS sees
        FROM mails m
        JOIN notifications n ON n.id = m.notification_id
        JOIN users u ON u.id = m.user_id
        JOIN users a ON a.id = n.actor_id
        WHERE m.id IN :mail_ids
        ORDER BY m.id"
    ))
}

/// Notes that the mail is sent, even if somebody else has taken it since.
pub(super) async fn sent(services: &Services, letter: &Letter) -> Result<()> {
    let update = mail::Entity::update_many()
        .col_expr(mail::Column::SentAt, Expr::value(services.now()))
        .col_expr(mail::Column::SubjectName, Expr::value(None::<String>))
        .col_expr(mail::Column::LastError, Expr::value(None::<String>));
    note(services, letter, update).await
}

/// Notes a failure and the time of the next attempt. Does nothing if somebody else has taken the
/// mail since.
pub(super) async fn failed(
    services: &Services,
    letter: &Letter,
    again: DateTime<Utc>,
    answer: &str,
) -> Result<()> {
    let update = mail::Entity::update_many()
        .col_expr(mail::Column::NextAttemptAt, Expr::value(again))
        .col_expr(mail::Column::LastError, Expr::value(short(answer)))
        .filter(mail::Column::Attempts.eq(letter.attempts));
    note(services, letter, update).await
}

/// Notes that the mail is abandoned. Does nothing if somebody else has taken it since.
pub(super) async fn given_up(services: &Services, letter: &Letter, reason: &str) -> Result<()> {
    let update = mail::Entity::update_many()
        .col_expr(mail::Column::GivenUpAt, Expr::value(services.now()))
        .col_expr(mail::Column::LastError, Expr::value(short(reason)))
        .col_expr(mail::Column::SubjectName, Expr::value(None::<String>))
        .filter(mail::Column::Attempts.eq(letter.attempts));
    note(services, letter, update).await
}

async fn note(
    services: &Services,
    letter: &Letter,
    update: UpdateMany<mail::Entity>,
) -> Result<()> {
    let update = update.filter(mail::Column::Id.eq(letter.id)).filter(waits());
    in_transaction(&services.database, async |transaction| -> Result<_> {
        update.clone().exec(transaction).await?;
        Ok(())
    })
    .await
}

/// The mails that wait in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many mails are neither sent nor abandoned.
    pub mails: i64,
    /// When the oldest of them was written.
    pub since: Option<DateTime<Utc>>,
}

/// The mails that wait in the outbox, of all processes.
///
/// # Errors
/// Returns errors of the database.
pub async fn waiting(services: &Services) -> Result<Waiting> {
    let waiting = mail::Entity::find()
        .select_only()
        .column_as(mail::Column::Id.count(), "mails")
        .column_as(mail::Column::CreatedAt.min(), "since")
        .filter(waits())
        .into_tuple()
        .one(services.database.connection())
        .await?;
    let (mails, since) =
        waiting.ok_or_else(|| Error::Inconsistent("a count has no row".to_owned()))?;
    Ok(Waiting { mails, since })
}

/// The beginning of a reply, without characters that a database refuses.
fn short(answer: &str) -> String {
    answer.chars().filter(|c| *c != '\0').take(MAX_ANSWER).collect()
}

/// Removes the mails that were sent or abandoned a week ago. The log has reported them.
///
/// # Errors
/// Returns errors of the database.
pub async fn purge(services: &Services, observed: ObservedTime) -> Result<u64> {
    let before = observed.now - KEPT;
    let removed = in_transaction(&services.database, async |transaction| -> Result<_> {
        let old = mail::Column::SentAt.lt(before).or(mail::Column::GivenUpAt.lt(before));
        Ok(mail::Entity::delete_many().filter(old).exec(transaction).await?.rows_affected)
    })
    .await?;
    if removed > 0 {
        tracing::info!(mails = removed, "old mails removed");
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let now = DateTime::UNIX_EPOCH;
        assert_statement("taken_mails", |backend| taken_mails_statement(backend, now, now, 20));
        assert_statement("letters", |backend| letters_statement(backend, &[Uuid::nil()]));
    }
}
