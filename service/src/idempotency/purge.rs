//! Removes keys that have expired.

use super::KEPT_FOR;
use crate::{
    Result, Services,
    database::{Parameters, in_transaction},
    observed_time::ObservedTime,
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// How many keys one transaction removes.
const PORTION: u64 = 1_000;

/// Removes the keys that have expired, in portions. Returns their number. Several processes may do
/// it at the same time.
///
/// # Errors
/// Returns errors of the database. What was removed before stays removed, and the next call
/// continues.
pub async fn purge(services: &Services, observed: ObservedTime) -> Result<u64> {
    let expired = observed.now - KEPT_FOR;
    let mut removed = 0;
    loop {
        let portion = in_transaction(&services.database, async |transaction| -> Result<_> {
            let expired_keys = expired_keys_statement(transaction.get_database_backend(), expired);
            Ok(transaction.execute_raw(expired_keys).await?.rows_affected())
        })
        .await?;
        removed += portion;
        if portion < PORTION {
            break;
        }
    }
    if removed > 0 {
        tracing::info!(keys = removed, "expired idempotency keys removed");
    }
    Ok(removed)
}

fn expired_keys_statement(backend: DbBackend, expired: DateTime<Utc>) -> Statement {
    Parameters::new(backend).bind("expired", expired).statement(&format!(
        "DELETE FROM idempotency_keys
        WHERE (user_id, key) IN (
            SELECT k.user_id, k.key
            FROM idempotency_keys k
            WHERE k.created_at <= :expired
            ORDER BY k.created_at
            LIMIT {PORTION}
            FOR UPDATE SKIP LOCKED
        )"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("expired_keys", |backend| {
            expired_keys_statement(backend, DateTime::UNIX_EPOCH)
        });
    }
}
