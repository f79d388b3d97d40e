//! What the ledger knows and the database lacks, in the order in which it is repeated.

use super::line::Line;
use crate::{
    Result,
    database::{Database, Parameters, sql::is_one_of},
    holds::HELD_OF_PERSON,
};
use entity::{LedgerKind, erased_identity, memo_deletion, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    Statement, prelude::DateTimeUtc,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How many ids one statement looks up.
const BATCH: usize = 1_000;

/// Something that the database lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line that says it.
    pub line: Line,
    /// What it is about.
    pub subject: Subject,
    /// Why it cannot be repeated now.
    pub obstacle: Option<Obstacle>,
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A deleted memo.
    Deletion {
        /// The record, which may be another one than that of the line.
        record: Uuid,
        /// The memo.
        memo: Uuid,
    },
    /// A person, who may be unknown in this database.
    Person(Uuid),
}

/// Why something cannot be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The memo is on hold, or the person has a part in memos on hold.
    OnHold,
    /// The memo was to be restored, but this database has erased it.
    Erased,
}

impl Step {
    /// Whether it can be repeated, now or after a hold is released.
    pub fn is_missing(&self) -> bool {
        self.obstacle != Some(Obstacle::Erased)
    }
}

/// The state of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct RecordState {
    restored: bool,
    purged: bool,
}

/// The state of a memo that is not erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MemoState {
    /// The record of its deletion. `None` for a live memo.
    deleted_by: Option<Uuid>,
    on_hold: bool,
}

/// The state of all records and memos of some lines.
#[derive(Debug, Clone, Default)]
struct Facts {
    records: HashMap<Uuid, RecordState>,
    memos: HashMap<Uuid, MemoState>,
    /// Whether the people who are not erased have a part in memos on hold.
    people: HashMap<Uuid, bool>,
    /// The hashes that recognise erased people.
    identities: HashSet<String>,
}

/// What the database lacks of these lines.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn of(database: &Database, lines: &[Line]) -> Result<Vec<Step>> {
    let mut facts = Facts::default();
    for some in lines.chunks(BATCH) {
        facts.read(database, some).await?;
    }
    Ok(lines.iter().filter_map(|line| facts.take(line)).collect())
}

impl Facts {
    async fn read(&mut self, database: &Database, lines: &[Line]) -> Result<()> {
        let (backend, connection) = (database.backend(), database.connection());
        let records: Vec<Uuid> = lines.iter().filter_map(|line| line.entry.deletion).collect();
        let memos: Vec<Uuid> = lines.iter().filter_map(|line| line.entry.memo).collect();
        let rows = connection.query_all_raw(ledger_memos_statement(backend, &memos)).await?;
        let mut deleted = HashMap::new();
        for row in &rows {
            let (memo, on_hold) = (row.try_get("", "id")?, row.try_get("", "on_hold")?);
            if row.try_get("", "is_deleted")? {
                deleted.insert(memo, on_hold);
            } else {
                self.memos.insert(memo, MemoState { deleted_by: None, on_hold });
            }
        }
        let found: Vec<(Uuid, Uuid, Option<DateTimeUtc>, Option<DateTimeUtc>)> =
            memo_deletion::Entity::find()
                .select_only()
                .column(memo_deletion::Column::Id)
                .column(memo_deletion::Column::MemoId)
                .column(memo_deletion::Column::RestoredAt)
                .column(memo_deletion::Column::PurgedAt)
                .filter(is_one_of(backend, memo_deletion::Column::Id, &records).or(is_one_of(
                    backend,
                    memo_deletion::Column::MemoId,
                    &memos,
                )))
                .into_tuple()
                .all(connection)
                .await?;
        for (record, memo, restored_at, purged_at) in found {
            let state =
                RecordState { restored: restored_at.is_some(), purged: purged_at.is_some() };
            self.records.insert(record, state);
            if let Some(on_hold) = deleted.get(&memo).copied()
                && !state.restored
            {
                self.memos.insert(memo, MemoState { deleted_by: Some(record), on_hold });
            }
        }
        self.read_people(database, lines).await
    }

    async fn read_people(&mut self, database: &Database, lines: &[Line]) -> Result<()> {
        let (backend, connection) = (database.backend(), database.connection());
        let entries = lines.iter().map(|line| &line.entry);
        let erased: Vec<Uuid> = entries.clone().filter_map(|entry| entry.erased_person).collect();
        if erased.is_empty() {
            return Ok(());
        }
        let there: Vec<Uuid> = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .filter(is_one_of(backend, user::Column::Id, &erased))
            .filter(user::Column::ErasedAt.is_null())
            .into_tuple()
            .all(connection)
            .await?;
        for person in there {
            let held = ledger_held_statement(backend, person);
            let is_held = connection.query_one_raw(held).await?.is_some();
            self.people.insert(person, is_held);
        }
        let hashes: Vec<String> =
            entries.flat_map(|entry| entry.identities.iter().cloned()).collect();
        let known = erased_identity::Entity::find()
            .filter(erased_identity::Column::Hash.is_in(hashes))
            .all(connection)
            .await?;
        self.identities.extend(known.into_iter().map(|known| known.hash));
        Ok(())
    }

    /// What is to be done for a line about a person. The facts become those after it.
    fn take_person(&mut self, line: &Line, person: Uuid) -> Option<Step> {
        let step = |obstacle| {
            Some(Step { line: line.clone(), subject: Subject::Person(person), obstacle })
        };
        let knows_all = line.entry.identities.iter().all(|hash| self.identities.contains(hash));
        match self.people.get(&person) {
            Some(true) => return step(Some(Obstacle::OnHold)),
            Some(false) => {}
            None if knows_all => return None,
            None => {}
        }
        self.people.remove(&person);
        self.identities.extend(line.entry.identities.iter().cloned());
        step(None)
    }

    /// What is to be done for a line. The facts become those after it.
    fn take(&mut self, line: &Line) -> Option<Step> {
        if let Some(person) = line.entry.erased_person {
            return self.take_person(line, person);
        }
        let (deletion, memo) = (line.entry.deletion?, line.entry.memo?);
        let step = |record, obstacle| {
            let subject = Subject::Deletion { record, memo };
            Some(Step { line: line.clone(), subject, obstacle })
        };
        let known = self.records.get(&deletion).copied();
        match (line.entry.kind, known) {
            (LedgerKind::Started | LedgerKind::PersonErased, _)
            | (LedgerKind::Deleted, Some(_))
            | (LedgerKind::Restored, None) => None,
            (LedgerKind::Deleted, None) => {
                // A memo that does not exist, or was deleted with another record, stays so.
                let state = self.memos.get_mut(&memo).filter(|state| state.deleted_by.is_none())?;
                if state.on_hold {
                    return step(deletion, Some(Obstacle::OnHold));
                }
                state.deleted_by = Some(deletion);
                self.records.insert(deletion, RecordState::default());
                step(deletion, None)
            }
            (LedgerKind::Restored, Some(record)) => {
                if record.restored {
                    return None;
                }
                if record.purged {
                    return step(deletion, Some(Obstacle::Erased));
                }
                self.records.insert(deletion, RecordState { restored: true, ..record });
                if let Some(state) = self.memos.get_mut(&memo) {
                    state.deleted_by = None;
                }
                step(deletion, None)
            }
            (LedgerKind::Purged | LedgerKind::Erased, known) => {
                // The memo may have been deleted with another record in this database.
                let (id, record) = match known {
                    Some(record) => (deletion, record),
                    None => {
                        let id = self.memos.get(&memo)?.deleted_by?;
                        (id, self.records.get(&id).copied()?)
                    }
                };
                if record.purged {
                    return None;
                }
                let on_hold = self.memos.get(&memo).is_some_and(|state| state.on_hold);
                if on_hold {
                    return step(id, Some(Obstacle::OnHold));
                }
                self.records.insert(id, RecordState { purged: true, ..record });
                if !record.restored {
                    self.memos.remove(&memo);
                }
                step(id, None)
            }
        }
    }
}

/// Finds a hold on a memo in which the person has a part.
fn ledger_held_statement(backend: DbBackend, person: Uuid) -> Statement {
    Parameters::new(backend)
        .bind("person", person)
        .statement(&format!("SELECT h.id {HELD_OF_PERSON} LIMIT 1"))
}

/// Which of the memos are live, and which are deleted but not erased.
fn ledger_memos_statement(backend: DbBackend, memo_ids: &[Uuid]) -> Statement {
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).statement(
        "SELECT m.id, m.on_hold, FALSE AS is_deleted
        FROM memos m
        WHERE m.id IN :memo_ids
        UNION ALL
        SELECT d.id, d.on_hold, TRUE AS is_deleted
        FROM deleted_memos d
        WHERE d.id IN :memo_ids",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use crate::ledger::line::Entry;
    use chrono::DateTime;

    const RECORD: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);
    const MEMO: Uuid = Uuid::from_u128(3);

    fn line(kind: LedgerKind, record: Uuid) -> Line {
        let entry = Entry::of(kind, DateTime::UNIX_EPOCH, record, MEMO, None);
        Line { number: 1, entry, hash: String::new(), verified: true }
    }

    /// What is done for lines of the memo: kind, record, obstacle.
    fn plan(facts: &Facts, lines: &[(LedgerKind, Uuid)]) -> String {
        let mut facts = facts.clone();
        let steps = lines.iter().filter_map(|(kind, record)| facts.take(&line(*kind, *record)));
        let steps = steps.map(|step| {
            let obstacle = step.obstacle.map_or(String::new(), |obstacle| format!(" {obstacle:?}"));
            let (Subject::Deletion { record: id, .. } | Subject::Person(id)) = step.subject;
            format!("{} {}{obstacle}", step.line.entry.kind.as_str(), id.as_u128())
        });
        steps.collect::<Vec<_>>().join(", ")
    }

    fn live(on_hold: bool) -> Facts {
        let memos = [(MEMO, MemoState { deleted_by: None, on_hold })].into();
        Facts { memos, ..Facts::default() }
    }

    fn deleted(record: Uuid, on_hold: bool) -> Facts {
        Facts {
            memos: [(MEMO, MemoState { deleted_by: Some(record), on_hold })].into(),
            records: [(record, RecordState::default())].into(),
            ..Facts::default()
        }
    }

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("ledger_memos", |backend| ledger_memos_statement(backend, &[Uuid::nil()]));
        assert_statement("ledger_held", |backend| ledger_held_statement(backend, Uuid::nil()));
    }

    #[test]
    fn what_the_database_lacks_is_repeated_in_order_and_nothing_else() {
        use LedgerKind::{Deleted, Erased, Purged, Restored};
        let whole = [(Deleted, RECORD), (Restored, RECORD), (Deleted, OTHER), (Purged, OTHER)];
        let cases = [
            ("a live memo", live(false), &whole[..], "DELETED 1, RESTORED 1, DELETED 2, PURGED 2"),
            ("a known deletion", deleted(RECORD, false), &whole[..1], ""),
            ("then a restore", deleted(RECORD, false), &whole[..2], "RESTORED 1"),
            ("a memo that was created later", Facts::default(), &whole[..], ""),
            ("another deletion", deleted(OTHER, false), &whole[..2], ""),
            ("another deletion, erased", deleted(OTHER, false), &[(Purged, RECORD)], "PURGED 2"),
            ("on hold", live(true), &whole[..2], "DELETED 1 OnHold"),
            ("deleted and on hold", deleted(OTHER, true), &whole[3..], "PURGED 2 OnHold"),
        ];
        for (case, facts, lines, expected) in cases {
            assert_eq!(plan(&facts, lines), expected, "{case}");
        }
        let by_person = [(Deleted, RECORD), (Erased, RECORD)];
        assert_eq!(plan(&live(false), &by_person), "DELETED 1, ERASED 1");
        let purged = RecordState { purged: true, ..RecordState::default() };
        let erased = Facts { records: [(RECORD, purged)].into(), ..Facts::default() };
        assert_eq!(plan(&erased, &whole[..2]), "RESTORED 1 Erased");
        assert_eq!(plan(&erased, &[(Purged, RECORD)]), "");
    }
    #[test]
    fn a_person_is_erased_again_unless_a_hold_hinders_it() {
        let person = Uuid::from_u128(3);
        let identities = vec!["hash".to_owned()];
        let entry = Entry::of_person(DateTime::UNIX_EPOCH, person, None, identities.clone());
        let line = Line { number: 1, entry, hash: String::new(), verified: true };
        let known: HashSet<String> = identities.into_iter().collect();
        let steps = |people: &[(Uuid, bool)], identities: HashSet<String>| {
            let people = people.iter().copied().collect();
            let mut facts = Facts { people, identities, ..Facts::default() };
            let mut step = || facts.take(&line).map(|step| (step.subject, step.obstacle));
            (step(), step())
        };
        let again = Some((Subject::Person(person), None));
        assert_eq!(steps(&[(person, false)], known.clone()), (again, None));
        assert_eq!(steps(&[(person, false)], HashSet::new()), (again, None));
        let held = Some((Subject::Person(person), Some(Obstacle::OnHold)));
        assert_eq!(steps(&[(person, true)], known.clone()), (held, held));
        // This database has erased the person, or does not know them.
        assert_eq!(steps(&[], known), (None, None));
        // It could not recognise them yet.
        assert_eq!(steps(&[], HashSet::new()), (again, None));
    }
}
