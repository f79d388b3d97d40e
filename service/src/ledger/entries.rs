//! What is to be appended, in the order of the commits.

use super::line::Entry;
use crate::{
    Result, Services,
    database::{Database, Parameters},
    events, feed,
};
use chrono::{DateTime, Utc};
use entity::{LedgerKind, erased_identity, ledger, ledger_entry, memo_deletion, person_erasure};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult,
    NotSet, QueryFilter, QueryOrder, QuerySelect, Set, Statement,
};
use uuid::Uuid;

/// How many events, entries or records are read at a time.
const BATCH: u64 = 500;

/// Notes something of records that no event tells, if there is a ledger. The caller has changed the
/// records before, in the same transaction: a ledger that begins meanwhile waits for that.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn note(
    transaction: &DatabaseTransaction,
    kind: LedgerKind,
    records: &[(Uuid, Uuid)],
    person: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<()> {
    if records.is_empty() || ledger::Entity::find_by_id(1).one(transaction).await?.is_none() {
        return Ok(());
    }
    let entries = records.iter().map(|(deletion_id, memo_id)| ledger_entry::ActiveModel {
        id: NotSet,
        kind: Set(kind),
        deletion_id: Set(Some(*deletion_id)),
        memo_id: Set(Some(*memo_id)),
        person_id: Set(person),
        occurred_at: Set(now),
        erased_person_id: Set(None),
        identities: Set(None),
    });
    ledger_entry::Entity::insert_many(entries).exec_without_returning(transaction).await?;
    Ok(())
}

/// Notes the erasure of a person, if there is a ledger. The caller has inserted the record before,
/// in the same transaction.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn note_person(
    transaction: &DatabaseTransaction,
    record: &person_erasure::Model,
    identities: &[String],
) -> Result<()> {
    if ledger::Entity::find_by_id(1).one(transaction).await?.is_none() {
        return Ok(());
    }
    let entry = ledger_entry::ActiveModel {
        id: NotSet,
        kind: Set(LedgerKind::PersonErased),
        deletion_id: Set(None),
        memo_id: Set(None),
        person_id: Set(record.erased_by),
        occurred_at: Set(record.erased_at),
        erased_person_id: Set(Some(record.person_id)),
        identities: Set(Some(serde_json::to_value(identities)?)),
    };
    ledger_entry::Entity::insert(entry).exec_without_returning(transaction).await?;
    Ok(())
}

/// Some of what is to be appended.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) entries: Vec<Entry>,
    /// The position up to which the events are in it.
    pub(super) position: i64,
    /// The rows of `ledger_entries` that are in it.
    pub(super) noted: Vec<i64>,
    /// Whether there may be more.
    pub(super) is_full: bool,
}

/// What is to be appended first, after the events up to `after` and these rows of
/// `ledger_entries`.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn next(services: &Services, after: i64, noted: &[i64]) -> Result<Batch> {
    let connection = services.database.connection();
    let noted = ledger_entry::Entity::find()
        .filter(ledger_entry::Column::Id.gt(noted.last().copied().unwrap_or_default()))
        .order_by_asc(ledger_entry::Column::Id)
        .limit(BATCH)
        .all(connection)
        .await?;
    if !noted.is_empty() {
        // The deletion of a purged memo has been committed. Its event must have a position, so that
        // it comes first.
        events::place(services).await?;
    }
    // All events up to this position are visible.
    let last = feed::last_position(connection, events::SEQUENCE).await?;
    let query = ledger_events_statement(services.database.backend(), after, last);
    let rows = connection.query_all_raw(query).await?;
    let events =
        rows.iter().map(|row| Event::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    let full_until = events.last().map(|event| event.position);
    let mut batch = Batch {
        is_full: events.len() as u64 == BATCH,
        entries: events.into_iter().map(Event::into_entry).collect(),
        position: last,
        noted: Vec::new(),
    };
    if let (true, Some(position)) = (batch.is_full, full_until) {
        batch.position = position;
        return Ok(batch);
    }
    batch.is_full = noted.len() as u64 == BATCH;
    for row in noted {
        batch.noted.push(row.id);
        batch.entries.push(entry_of(row)?);
    }
    Ok(batch)
}

/// The entry of a row.
fn entry_of(row: ledger_entry::Model) -> Result<Entry> {
    let identities = row.identities.map(serde_json::from_value).transpose()?.unwrap_or_default();
    Ok(Entry {
        deletion: row.deletion_id,
        memo: row.memo_id,
        person: row.person_id,
        erased_person: row.erased_person_id,
        identities,
        ..Entry::at(row.kind, row.occurred_at)
    })
}

/// A deletion or a restore.
#[derive(Debug, FromQueryResult)]
struct Event {
    position: i64,
    kind: LedgerKind,
    memo_id: Uuid,
    deletion_id: Uuid,
    deleted_by: Uuid,
    deleted_at: DateTime<Utc>,
    restorable_until: DateTime<Utc>,
    restored_by: Option<Uuid>,
    restored_at: Option<DateTime<Utc>>,
    occurred_at: DateTime<Utc>,
}

impl Event {
    /// The same entry as that of the record.
    fn into_entry(self) -> Entry {
        let (time, person, restorable_until) = if self.kind == LedgerKind::Deleted {
            (self.deleted_at, Some(self.deleted_by), Some(self.restorable_until))
        } else {
            (self.restored_at.unwrap_or(self.occurred_at), self.restored_by, None)
        };
        Entry {
            restorable_until,
            ..Entry::of(self.kind, time, self.deletion_id, self.memo_id, person)
        }
    }
}

/// Deletions and restores in the order of their positions. A server of version 0.1 does not note
/// the record of a restore in the event. The time finds it.
fn ledger_events_statement(backend: DbBackend, after: i64, until: i64) -> Statement {
    Parameters::new(backend).bind("after", after).bind("until", until).statement(&format!(
        "SELECT
            e.position, e.kind, e.memo_id, e.occurred_at,
            r.id AS deletion_id, r.deleted_by, r.deleted_at, r.restorable_until,
            r.restored_by, r.restored_at
        FROM memo_events e
        JOIN memo_deletions r ON r.id = coalesce(
            e.deletion_id,
            (
                SELECT restored.id
                FROM memo_deletions restored
                WHERE restored.memo_id = e.memo_id AND restored.restored_at <= e.occurred_at
                ORDER BY restored.restored_at DESC, restored.id DESC
                LIMIT 1
            )
        )
        WHERE e.position > :after
            AND e.position <= :until
            AND e.kind IN ('DELETED', 'RESTORED')
        ORDER BY e.position
        LIMIT {BATCH}"
    ))
}

/// The position up to which there are events, and whether there is anything to append after the
/// events up to `after`. There may be if later events are no longer kept.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn any(database: &Database, after: i64) -> Result<(i64, bool)> {
    let query = any_ledger_entry_statement(database.backend(), after);
    match database.connection().query_one_raw(query).await? {
        Some(row) => Ok((row.try_get("", "last_position")?, row.try_get("", "is_there")?)),
        None => Err(events::SEQUENCE.has_no_counter()),
    }
}

fn any_ledger_entry_statement(backend: DbBackend, after: i64) -> Statement {
    Parameters::new(backend).bind("after", after).statement(
        "SELECT
            c.last_position,
            (
                coalesce(
                    (SELECT min(kept.position) - 1 FROM memo_events kept),
                    c.last_position
                ) > :after
                OR EXISTS (SELECT 1 FROM ledger_entries)
                OR EXISTS (
                    SELECT 1
                    FROM memo_events e
                    WHERE e.position > :after
                        AND e.position <= c.last_position
                        AND e.kind IN ('DELETED', 'RESTORED')
                )
            ) AS is_there
        FROM memo_event_counter c
        WHERE c.id = 1",
    )
}

/// How many things are to be appended after the events up to `after`, and when the first of them
/// happened.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn waiting(
    database: &Database,
    after: i64,
) -> Result<(i64, Option<DateTime<Utc>>)> {
    let query = waiting_ledger_entries_statement(database.backend(), after);
    match database.connection().query_one_raw(query).await? {
        Some(row) => Ok((row.try_get("", "waiting")?, row.try_get("", "since")?)),
        None => Ok((0, None)),
    }
}

fn waiting_ledger_entries_statement(backend: DbBackend, after: i64) -> Statement {
    Parameters::new(backend).bind("after", after).statement(
        "SELECT count(*) AS waiting, min(waiting.occurred_at) AS since
        FROM (
            SELECT e.occurred_at
            FROM memo_events e
            WHERE (e.position > :after OR e.position IS NULL)
                AND e.kind IN ('DELETED', 'RESTORED')
            UNION ALL
            SELECT n.occurred_at
            FROM ledger_entries n
        ) AS waiting",
    )
}

/// A page of all records in order, after the record `after`.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn records(
    database: &Database,
    after: Option<Uuid>,
) -> Result<Vec<memo_deletion::Model>> {
    Ok(memo_deletion::Entity::find()
        .filter(memo_deletion::Column::Id.gt(after.unwrap_or_default()))
        .order_by_asc(memo_deletion::Column::Id)
        .limit(BATCH)
        .all(database.connection())
        .await?)
}

/// The hashes that recognise erased people, in order.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn identities(database: &Database) -> Result<Vec<String>> {
    Ok(erased_identity::Entity::find()
        .select_only()
        .column(erased_identity::Column::Hash)
        .order_by_asc(erased_identity::Column::Hash)
        .into_tuple()
        .all(database.connection())
        .await?)
}

/// A page of all erasures of people in order, after the record `after`.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn erasures(
    database: &Database,
    after: Option<Uuid>,
) -> Result<Vec<person_erasure::Model>> {
    Ok(person_erasure::Entity::find()
        .filter(person_erasure::Column::Id.gt(after.unwrap_or_default()))
        .order_by_asc(person_erasure::Column::Id)
        .limit(BATCH)
        .all(database.connection())
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("ledger_events", |backend| ledger_events_statement(backend, 0, 0));
        assert_statement("any_ledger_entry", |backend| any_ledger_entry_statement(backend, 0));
        assert_statement("waiting_ledger_entries", |backend| {
            waiting_ledger_entries_statement(backend, 0)
        });
    }
}
