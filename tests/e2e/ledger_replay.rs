//! A backup comes back. What the ledger knows and the database lacks is repeated.

use crate::ledger::{both, record_of};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{UserRole, memo_deletion};
use memoranda_tests::{
    OPENING, Office, Options, TestDatabase, TestLedger, TestMemo, at, dump_rows, ledger_keys,
};
use sea_orm::EntityTrait;
use serde_json::json;
use service::{
    Error,
    blobs::FileStore,
    ledger::{self, Ledger, LedgerKeys, Obstacle, Step, Subject},
    ledger_replay::{StepResult, repeat},
};
use std::{collections::BTreeMap, time::Duration};
use tempfile::TempDir;

/// An installation whose database can be replaced by a backup, while its files stay.
struct Installation {
    ledger: TestLedger,
    files: TempDir,
}

impl Installation {
    fn new(ledger: TestLedger) -> Self {
        Self { ledger, files: tempfile::tempdir().unwrap() }
    }

    fn file_store(&self) -> FileStore {
        FileStore::open(self.files.path().to_str().unwrap()).unwrap()
    }

    async fn open(&self, database: TestDatabase, now: DateTime<Utc>) -> Office {
        let options = Options {
            ledger: Some(self.ledger.ledger.clone()),
            file_store: Some(self.file_store()),
            has_metrics: true,
            ..Options::default()
        };
        Office::open_in(database, now, options).await
    }

    /// Closes the office, copies its database, and opens it again.
    async fn back_up(&self, office: Office) -> (Office, TestDatabase) {
        let now = office.services.now();
        let database = office.leave().await;
        let backup = database.copy().await;
        (self.open(database, now).await, backup)
    }

    /// Opens the backup instead of the current database.
    async fn restore(&self, office: Office, backup: TestDatabase) -> Office {
        let now = office.services.now();
        office.leave().await.drop().await;
        self.open(backup, now).await
    }

    /// The steps that are repeated, with their results, and what is missing afterwards.
    async fn repeat(&self, office: &Office) -> (Vec<(Step, StepResult)>, i64) {
        let mut steps = Vec::new();
        let report = |step: &Step, result| steps.push((step.clone(), result));
        let repeated = repeat(&office.services, &self.ledger.ledger, report).await.unwrap();
        (steps, repeated.missing)
    }

    /// What would be repeated: how many of each kind.
    async fn lacks(&self, office: &Office) -> BTreeMap<&'static str, usize> {
        let comparison = self.ledger.ledger.compare(&office.services.database).await.unwrap();
        let mut counts = BTreeMap::new();
        for step in comparison.steps {
            *counts.entry(step.line.entry.kind.as_str()).or_default() += 1;
        }
        counts
    }
}

async fn records(office: &Office) -> Vec<memo_deletion::Model> {
    let connection = office.services.database.connection();
    let mut records = memo_deletion::Entity::find().all(connection).await.unwrap();
    records.sort_by_key(|record| record.id);
    records
}

async fn memos(office: &Office, count: usize) -> Vec<TestMemo> {
    let mut memos = Vec::new();
    for n in 0..count {
        let memo = office.memo().named(&format!("Memo {n}")).create().await;
        office.comment(&memo, office.recipient().id, "A comment").await;
        office.attach(&memo, "file.txt", &format!("the content of file {n}")).await;
        memos.push(memo);
    }
    memos
}

/// Waits until the server has compared its database with the ledger.
async fn server_says_missing(office: &Office, missing: i64) {
    let waiting = async {
        loop {
            let status = ledger::status(&office.services.database).await.unwrap();
            if status.is_some_and(|status| status.missing == missing) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the server compares");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_comes_back_and_fifty_deletions_and_five_restores_are_repeated() {
    for ledger in both().await {
        let installation = Installation::new(ledger);
        let office = installation.open(TestDatabase::create_migrated().await, at(OPENING)).await;
        let memos = memos(&office, 55).await;
        let (office, backup) = installation.back_up(office).await;
        for (n, memo) in memos[..50].iter().enumerate() {
            office.clock.advance(TimeDelta::seconds(1));
            let person = if n % 2 == 0 { office.author() } else { office.recipient() };
            let record = record_of(&person.delete_confirmed(&memo.id).await);
            if n % 10 == 0 {
                person.restore(&record).await;
            }
        }
        let later = office.memo().named("Written after the backup").create().await;
        office.author().delete(&later.id).await;
        installation.ledger.has(1 + 50 + 5 + 1).await;
        let expected = records(&office).await;
        let without = ["revision", "reason"];
        let tables = ["memos", "deleted_memos", "comments", "memo_files", "files"];
        let rows_before = dump_rows(&office.services.database, &without).await;

        let office = installation.restore(office, backup).await;
        assert_eq!(office.author().type_of(&memos[1].id).await, "Memo", "it came back");
        server_says_missing(&office, 55).await;
        office.counts("memoranda_ledger_missing", 55.0).await;
        let lacks = BTreeMap::from([("DELETED", 50), ("RESTORED", 5)]);
        assert_eq!(installation.lacks(&office).await, lacks, "nothing is done by looking");
        assert_eq!(installation.lacks(&office).await, lacks);

        let before = installation.ledger.text();
        let (steps, missing) = installation.repeat(&office).await;
        assert_eq!((steps.len(), missing), (55, 0));
        assert!(steps.iter().all(|(_, result)| *result == StepResult::Repeated));
        assert_eq!(installation.ledger.text(), before, "the ledger has it already");
        assert_eq!(office.author().type_of(&memos[1].id).await, "DeletedMemo");
        assert_eq!(office.author().type_of(&memos[10].id).await, "Memo");
        let mut repeated = records(&office).await;
        let mut expected = expected;
        expected.retain(|record| record.memo_name.as_deref() != Some("Written after the backup"));
        for record in repeated.iter_mut().chain(&mut expected) {
            // Both verdicts are of the state of the memo at that time, which is the same here.
            record.reason = None;
        }
        assert_eq!(repeated, expected, "the records are the same as the first time");
        let rows_after = dump_rows(&office.services.database, &without).await;
        let others = |rows: &[String]| -> Vec<String> {
            let is_other = |row: &&String| !row.contains("Written after the backup");
            rows.iter().filter(is_other).cloned().collect()
        };
        for table in tables {
            assert_eq!(others(&rows_after[table]), others(&rows_before[table]), "{table}");
        }

        let (steps, missing) = installation.repeat(&office).await;
        assert_eq!((steps.len(), missing), (0, 0), "a second time does nothing");
        assert_eq!(office.row_counts().await["notifications"], 0, "nobody is notified again");
        let record = records(&office).await.pop().unwrap();
        let id = service::ids::memo_deletion(record.id).to_string();
        let person = if record.deleted_by == office.author().id { "author" } else { "recipient" };
        let restored = office.person(person).restore(&id).await;
        assert_eq!(restored["userErrors"], json!([]), "it can be restored as the first time");
        installation.ledger.has(1 + 50 + 5 + 1 + 1).await;
        ledger::verify(&installation.ledger.ledger).await.unwrap().unwrap();
        office.counts("memoranda_ledger_missing", 0.0).await;
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_purged_is_purged_again_and_a_hold_forbids_it() {
    let installation = Installation::new(TestLedger::in_file());
    let office = installation.open(TestDatabase::create_migrated().await, at(OPENING)).await;
    let (purged, held) = (office.memo().create().await, office.memo().on_hold().create().await);
    let deleted_before = office.memo().create().await;
    office.author().delete(&deleted_before.id).await;
    let (office, backup) = installation.back_up(office).await;
    // The hold ends after the backup, so the backup has it.
    let hold = {
        let connection = office.services.database.connection();
        entity::memo_hold::Entity::find().one(connection).await.unwrap().unwrap()
    };
    office.release(&hold).await;
    for memo in [&purged, &held] {
        office.author().delete(&memo.id).await;
    }
    office.clock.advance(TimeDelta::days(30));
    assert_eq!(office.purger.deletions().await.unwrap().records, 3);
    installation.ledger.has(1 + 3 + 3).await;

    let office = installation.restore(office, backup).await;
    let (steps, missing) = installation.repeat(&office).await;
    let hindered: Vec<_> =
        steps.iter().filter(|(_, result)| *result != StepResult::Repeated).collect();
    assert_eq!(hindered.len(), 1);
    assert_eq!(hindered[0].1, StepResult::Hindered(Obstacle::OnHold));
    assert_eq!((steps.len(), missing), (4, 1), "one deletion, two purges, one on hold: {steps:#?}");
    assert_eq!(office.author().type_of(&held.id).await, "Memo");
    let names: Vec<_> = records(&office).await.into_iter().map(|record| record.memo_name).collect();
    assert_eq!(names, [None, None]);
    let left = office.row_counts().await;
    assert_eq!((left["deleted_memos"], left["memos"]), (0, 1));
    // The next purge takes the rest of what belonged to the memos.
    office.purger.deletions().await.unwrap();
    assert_eq!(office.row_counts().await["memo_ids"], 1);

    office.release(&hold).await;
    let (steps, missing) = installation.repeat(&office).await;
    assert_eq!((steps.len(), missing), (2, 0), "its deletion and its purge");
    assert_eq!(office.row_counts().await["memos"], 0);
    assert_eq!(installation.ledger.lines().len(), 7, "all of it was there already");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_that_went_on_working_is_reconciled() {
    let installation = Installation::new(TestLedger::in_file());
    let office = installation.open(TestDatabase::create_migrated().await, at(OPENING)).await;
    let memos = memos(&office, 4).await;
    let (office, backup) = installation.back_up(office).await;
    for memo in &memos[..2] {
        office.author().delete_confirmed(&memo.id).await;
    }
    let record = record_of(&office.author().delete_confirmed(&memos[2].id).await);
    installation.ledger.has(4).await;

    let office = installation.restore(office, backup).await;
    server_says_missing(&office, 3).await;
    // People go on without a repetition: one memo is deleted once more, and another one is new.
    office.recipient().delete_confirmed(&memos[1].id).await;
    office.author().delete_confirmed(&memos[3].id).await;
    installation.ledger.has(6).await;
    ledger::verify(&installation.ledger.ledger).await.unwrap().unwrap();
    let (steps, missing) = installation.repeat(&office).await;
    assert_eq!((steps.len(), missing), (2, 0), "{steps:#?}");
    for memo in &memos {
        assert_eq!(office.author().type_of(&memo.id).await, "DeletedMemo");
    }
    assert_eq!(office.author().restore(&record).await["userErrors"], json!([]));
    installation.ledger.has(7).await;
    assert_eq!(installation.lacks(&office).await, BTreeMap::new());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_repetition_is_continued() {
    let installation = Installation::new(TestLedger::in_file());
    let office = installation.open(TestDatabase::create_migrated().await, at(OPENING)).await;
    let memos = memos(&office, 8).await;
    let (office, backup) = installation.back_up(office).await;
    for (n, memo) in memos.iter().enumerate() {
        let record = record_of(&office.author().delete_confirmed(&memo.id).await);
        if n % 4 == 0 {
            office.author().restore(&record).await;
        }
    }
    installation.ledger.has(1 + 8 + 2).await;
    let expected = records(&office).await;
    let text = installation.ledger.text();
    let office = installation.restore(office, backup).await;
    for after in 1..=5 {
        // It is dropped in the middle of the work, as if the process were killed.
        let ran = office.told_of("INSERT INTO deleted_memos");
        let report = |_: &Step, _| {};
        let repeating = repeat(&office.services, &installation.ledger.ledger, report);
        let interrupted = async {
            for _ in 0..after % 3 + 1 {
                ran.notified().await;
            }
        };
        tokio::select! {
            biased;
            () = interrupted => {}
            result = repeating => { result.unwrap(); }
        }
        office.observe(None);
    }
    let (_, missing) = installation.repeat(&office).await;
    assert_eq!(missing, 0);
    assert_eq!(records(&office).await, expected);
    assert_eq!(installation.ledger.text(), text);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_from_before_the_ledger_began_is_repeated_too() {
    let ledger = TestLedger::in_file();
    let office = Office::open().await;
    let (memo, old) = (office.memo().create().await, office.memo().create().await);
    office.author().delete(&old.id).await;
    let files = office.backend.file_store.clone();
    let database = office.leave().await;
    let backup = database.copy().await;
    let with_ledger = || Options {
        ledger: Some(ledger.ledger.clone()),
        file_store: Some(files.clone()),
        ..Options::default()
    };
    let office = Office::open_in(database, at(OPENING), with_ledger()).await;
    office.author().delete(&memo.id).await;
    ledger.has(3).await;
    let database = office.leave().await;

    let office = Office::open_in(backup, at(OPENING), with_ledger()).await;
    server_says_missing(&office, 1).await;
    let repeated = repeat(&office.services, &ledger.ledger, |_, _| {}).await.unwrap();
    assert_eq!(repeated.missing, 0);
    assert_eq!(office.author().type_of(&memo.id).await, "DeletedMemo");
    assert_eq!(ledger.kinds(), ["STARTED", "DELETED", "DELETED"]);
    office.close().await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_change_of_the_secret_former_lines_are_repeated_only_with_the_former_secret() {
    let installation = Installation::new(TestLedger::in_file());
    let office = installation.open(TestDatabase::create_migrated().await, at(OPENING)).await;
    let memos = memos(&office, 2).await;
    let (office, backup) = installation.back_up(office).await;
    office.author().delete_confirmed(&memos[0].id).await;
    installation.ledger.has(2).await;
    let now = office.services.now();
    let database = office.leave().await;
    let address = installation.ledger.address.clone().unwrap();
    let open = |keys| Ledger::open(&address, Duration::from_secs(60), keys).unwrap();
    let renewed = open(LedgerKeys::new([7; 32]));
    let files = || Some(FileStore::open(installation.files.path().to_str().unwrap()).unwrap());
    let options = |ledger: &Ledger| Options {
        ledger: Some(ledger.clone()),
        file_store: files(),
        ..Options::default()
    };
    let office = Office::open_in(database, now, options(&renewed)).await;
    office.author().delete_confirmed(&memos[1].id).await;
    installation.ledger.has(3).await;
    office.close().await;
    let verified = ledger::verify(&renewed).await.unwrap().unwrap();
    assert_eq!((verified.lines, verified.unverified), (3, Some((1, 2))));

    let office = Office::open_in(backup, now, options(&renewed)).await;
    let refused = repeat(&office.services, &renewed, |_, _| {}).await;
    assert!(
        matches!(&refused, Err(Error::Ledger(problem)) if problem.contains("--former-secrets"))
    );
    assert_eq!(office.author().type_of(&memos[0].id).await, "Memo");
    let both = ledger_keys().with_former([7; 32]);
    assert_eq!(ledger::verify(&open(both.clone())).await.unwrap().unwrap().unverified, None);
    let repeated = repeat(&office.services, &open(both), |_, _| {}).await.unwrap();
    assert_eq!(repeated.missing, 0);
    assert_eq!(office.author().type_of(&memos[0].id).await, "DeletedMemo");
    office.close().await;
}

/// Every row of every table, in lower case.
async fn rows(office: &Office) -> String {
    let rows = dump_rows(&office.services.database, &[]).await;
    rows.into_values().flatten().collect::<Vec<_>>().join("\n").to_lowercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_was_erased_is_erased_again_and_a_hold_forbids_it() {
    for ledger in both().await {
        let installation = Installation::new(ledger);
        let office = installation.open(TestDatabase::create_migrated().await, at(OPENING)).await;
        let person = office.hire("lovelace", UserRole::Member).await;
        let held = office.hire("babbage", UserRole::Member).await;
        let memo = office.memo().from(person.id).create().await;
        office.comment(&memo, person.id, "This stays.").await;
        office.memo().named("Lovelace's draft").from(person.id).draft().create().await;
        let evidence = office.memo().from(held.id).create().await;
        let hold = office.hold(&evidence, "").await.unwrap();
        let (office, backup) = installation.back_up(office).await;
        // Everything else happens after the backup.
        office.release(&hold).await;
        let later = office.hire("hopper", UserRole::Member).await;
        for person in [&person, &held, &later] {
            office.clock.advance(TimeDelta::seconds(1));
            let erased = crate::person_erasure::erase(office.admin(), person).await;
            assert_eq!(erased["userErrors"], json!([]), "{erased:#}");
        }
        installation.ledger.has(1 + 3).await;
        let text = installation.ledger.text();
        for name in ["lovelace", "babbage", "hopper"] {
            assert!(!text.to_lowercase().contains(name), "{text}");
        }
        let erased_at = |rows: Vec<entity::user::Model>| -> BTreeMap<_, _> {
            rows.into_iter()
                .map(|row| (row.id, (row.full_name, row.email, row.erased_at)))
                .collect()
        };
        let people = async |office: &Office| {
            let connection = office.services.database.connection();
            erased_at(entity::user::Entity::find().all(connection).await.unwrap())
        };
        let expected = people(&office).await;

        let office = installation.restore(office, backup).await;
        assert!(rows(&office).await.contains("lovelace"), "the names came back");
        let lacks = BTreeMap::from([("PERSON_ERASED", 3)]);
        assert_eq!(installation.lacks(&office).await, lacks);
        let (steps, missing) = installation.repeat(&office).await;
        assert_eq!((steps.len(), missing), (3, 1), "one waits for a hold: {steps:#?}");
        let result_of = |id| steps.iter().find(|(step, _)| step.subject == Subject::Person(id));
        assert_eq!(result_of(person.id).unwrap().1, StepResult::Repeated);
        assert_eq!(result_of(held.id).unwrap().1, StepResult::Hindered(Obstacle::OnHold));
        let after = rows(&office).await;
        assert!(!after.contains("lovelace") && after.contains("this stays."));
        assert!(after.contains("babbage"));

        let hold = entity::memo_hold::Entity::find().one(office.services.database.connection());
        office.release(&hold.await.unwrap().unwrap()).await;
        let (steps, missing) = installation.repeat(&office).await;
        assert_eq!((steps.len(), missing), (1, 0));
        assert_eq!(installation.repeat(&office).await.0.len(), 0, "a third time does nothing");
        let mut expected = expected;
        expected.remove(&later.id);
        assert_eq!(people(&office).await, expected, "the same pseudonyms and times");
        let known = entity::erased_identity::Entity::find();
        let known = known.all(office.services.database.connection()).await.unwrap();
        assert_eq!(known.len(), 3, "whom this database never knew is recognised all the same");
        assert_eq!(installation.ledger.text(), text, "the ledger has it already");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_begins_later_has_the_people_who_were_erased_before() {
    let installation = Installation::new(TestLedger::in_file());
    let options = Options { file_store: Some(installation.file_store()), ..Options::default() };
    let office = Office::open_with(options).await;
    let person = office.hire("lovelace", UserRole::Member).await;
    let other = office.hire("babbage", UserRole::Member).await;
    for person in [&person, &other] {
        let erased = crate::person_erasure::erase(office.admin(), person).await;
        assert_eq!(erased["userErrors"], json!([]), "{erased:#}");
    }
    let now = office.services.now();
    let database = office.leave().await;
    let office = installation.open(database, now).await;
    installation.ledger.has(1 + 2).await;
    let text = installation.ledger.text();
    assert_eq!(text.matches("PERSON_ERASED").count(), 2);
    let hashes = entity::erased_identity::Entity::find();
    for known in hashes.all(office.services.database.connection()).await.unwrap() {
        assert_eq!(text.matches(&known.hash).count(), 1);
    }
    let (steps, missing) = installation.repeat(&office).await;
    assert_eq!((steps.len(), missing), (0, 0));
    office.close().await;
}
