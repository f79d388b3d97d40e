//! The ledger: every deletion, restore and purge has one line, in order, outside the database.

use api::graphql::Kind;
use chrono::TimeDelta;
use memoranda_tests::{Office, Options, TestLedger, uuid_of};
use serde_json::{Value, json};
use service::{
    Error,
    ledger::{self, Appender, Attempt, BadLine},
};
use std::{fs, time::Duration};

/// A ledger of each kind of store.
pub async fn both() -> [TestLedger; 2] {
    [TestLedger::in_file(), TestLedger::in_bucket().await]
}

pub async fn open_with(ledger: &TestLedger) -> Office {
    let options = Options { ledger: Some(ledger.ledger.clone()), ..Options::default() };
    Office::open_with(options).await
}

/// The record of a payload.
pub fn record_of(payload: &Value) -> String {
    payload["receipt"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

/// Waits until the database knows that the ledger has everything.
async fn until_nothing_waits(office: &Office) {
    let waiting = async {
        loop {
            let status = ledger::status(&office.services.database).await.unwrap().unwrap();
            if (status.missing, status.waiting) == (0, 0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the server appends");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_deletion_restore_and_purge_has_one_line_in_order_without_any_text() {
    for ledger in both().await {
        let office = open_with(&ledger).await;
        let memo = office.memo().named("Secret name").create().await;
        let draft = office.memo().draft().create().await;
        let record = record_of(&office.recipient().delete_confirmed(&memo.id).await);
        ledger.has(2).await;
        office.author().restore(&record).await;
        let again = record_of(&office.author().delete(&memo.id).await);
        let of_draft = record_of(&office.author().delete(&draft.id).await);
        ledger.has(5).await;
        office.clock.advance(TimeDelta::days(30));
        assert_eq!(office.purger.deletions().await.unwrap().records, 3);
        ledger.has(8).await;

        let lines = ledger.lines();
        let mut kinds = ledger.kinds();
        let purged = kinds.split_off(5);
        assert_eq!(kinds, ["STARTED", "DELETED", "RESTORED", "DELETED", "DELETED"]);
        assert_eq!(purged, ["PURGED"; 3], "the restored record too");
        let id = |record: &str| json!(uuid_of(Kind::MemoDeletion, record));
        let records = [&record, &record, &again, &of_draft];
        for (line, record) in lines[1..].iter().zip(records) {
            assert_eq!(line["deletion"], id(record), "{line}");
        }
        assert_eq!(lines[1]["memo"], json!(uuid_of(Kind::Memo, &memo.id)));
        assert_eq!(lines[1]["person"], json!(office.recipient().id));
        assert_eq!(lines[2]["person"], json!(office.author().id));
        assert_eq!(lines[1]["restorableUntil"], "2026-04-01T09:00:00Z");
        assert!(!ledger.text().contains("Secret"));
        let verified = ledger::verify(&ledger.ledger).await.unwrap().unwrap();
        assert_eq!((verified.lines, verified.unverified), (8, None));
        until_nothing_waits(&office).await;
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_begins_later_has_everything_that_was_deleted_before() {
    let office = Office::open().await;
    let mut expected = vec!["STARTED"];
    for n in 0..3 {
        office.clock.advance(TimeDelta::seconds(1));
        let memo = office.memo().create().await;
        let record = record_of(&office.author().delete(&memo.id).await);
        expected.push("DELETED");
        if n == 1 {
            office.author().restore(&record).await;
            expected.push("RESTORED");
        }
    }
    let database = &office.services.database;
    assert_eq!(ledger::status(database).await.unwrap(), None);
    assert_eq!(office.row_counts().await["ledger_entries"], 0, "nothing is noted without a ledger");
    service::events::place(&office.services).await.unwrap();
    for ledger in both().await {
        // Nothing is known of the ledger before.
        ledger::forget(database).await.unwrap();
        let mut appender = Appender::new(ledger.ledger.clone());
        assert_eq!(appender.append(&office.services).await.unwrap(), Attempt::Complete(0));
        assert_eq!(ledger.kinds(), expected);
        assert_eq!(appender.append(&office.services).await.unwrap(), Attempt::Complete(0));
        assert_eq!(ledger.kinds(), expected);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_no_server_had_the_ledger_is_appended_although_its_events_are_gone() {
    for ledger in both().await {
        let office = Office::open().await;
        let mut appender = Appender::new(ledger.ledger.clone());
        appender.append(&office.services).await.unwrap();
        let memo = office.memo().create().await;
        let record = record_of(&office.author().delete(&memo.id).await);
        office.author().restore(&record).await;
        service::events::place(&office.services).await.unwrap();
        appender.append(&office.services).await.unwrap();
        let second = record_of(&office.author().delete(&memo.id).await);
        service::events::place(&office.services).await.unwrap();
        office.clock.advance(TimeDelta::days(8));
        assert_eq!(office.purger.events(TimeDelta::days(7)).await.unwrap(), 3);
        appender.append(&office.services).await.unwrap();
        assert_eq!(ledger.kinds(), ["STARTED", "DELETED", "RESTORED", "DELETED"]);
        let last = ledger.lines().pop().unwrap();
        assert_eq!(last["deletion"], json!(uuid_of(Kind::MemoDeletion, &second)));
        ledger::verify(&ledger.ledger).await.unwrap().unwrap();
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_was_changed_moved_or_removed_is_found() {
    for ledger in both().await {
        let office = open_with(&ledger).await;
        for n in 2..6 {
            let memo = office.memo().create().await;
            office.author().delete(&memo.id).await;
            ledger.has(n).await;
        }
        office.close().await;
        let files = ledger.files();
        let originals: Vec<String> =
            files.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        let whole: Vec<String> = ledger.text().lines().map(|line| format!("{line}\n")).collect();
        let bad = async |change: &dyn Fn(usize, &str) -> String| {
            for line in 1..=5 {
                for (path, original) in files.iter().zip(&originals) {
                    fs::write(
                        path,
                        original.replace(&whole[line - 1], &change(line, &whole[line - 1])),
                    )
                    .unwrap();
                }
                let found = ledger::verify(&ledger.ledger).await.unwrap();
                let expected = i64::try_from(line).unwrap();
                assert!(
                    matches!(&found, Err(BadLine { number, .. }) if *number == expected),
                    "line {line}: {found:?}"
                );
            }
        };
        bad(&|_, text| text.replacen("2026", "2027", 1)).await;
        bad(&|_, text| text.replacen("\"number\":", "\"number\":1", 1)).await;
        bad(&|_, text| format!("{}\n", &text[..text.len() - 10])).await;
        bad(&|_, _| "{}\n".to_owned()).await;
        // The last line's absence is only known to the database.
        bad(&|line, text| if line == 5 { "?\n".to_owned() } else { whole[line].replace(text, "") })
            .await;
        for (path, original) in files.iter().zip(&originals) {
            fs::write(path, original).unwrap();
        }
        assert_eq!(ledger::verify(&ledger.ledger).await.unwrap().unwrap().lines, 5);
        if ledger.address.is_none() {
            fs::remove_file(&files[1]).unwrap();
            let found = ledger::verify(&ledger.ledger).await.unwrap();
            assert!(matches!(&found, Err(bad) if bad.problem.contains("missing")), "{found:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_has_lost_lines_or_is_another_is_left_alone_until_an_operator_says_so() {
    for (ledger, other) in both().await.into_iter().zip(both().await) {
        let office = Office::open().await;
        let mut appender = Appender::new(ledger.ledger.clone());
        let memo = office.memo().create().await;
        office.author().delete(&memo.id).await;
        service::events::place(&office.services).await.unwrap();
        appender.append(&office.services).await.unwrap();
        assert_eq!(ledger.kinds(), ["STARTED", "DELETED"]);

        let is_refused = |result: Result<Attempt, Error>| {
            assert!(matches!(&result, Err(Error::Ledger(_))), "{result:?}");
        };
        is_refused(Appender::new(other.ledger.clone()).append(&office.services).await);
        assert_eq!(other.text(), "");
        let comparison = other.ledger.compare(&office.services.database).await;
        assert!(matches!(&comparison, Err(Error::Ledger(_))), "{comparison:?}");

        let path = ledger.files().pop().unwrap();
        if ledger.address.is_some() {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, text.lines().next().unwrap().to_owned() + "\n").unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        is_refused(Appender::new(ledger.ledger.clone()).append(&office.services).await);

        ledger::forget(&office.services.database).await.unwrap();
        let mut appender = Appender::new(other.ledger.clone());
        appender.append(&office.services).await.unwrap();
        assert_eq!(other.kinds(), ["STARTED", "DELETED"], "a new ledger begins with everything");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_ledger_cannot_be_written_deletions_work_and_are_appended_later() {
    let ledger = TestLedger::in_file();
    let options =
        Options { ledger: Some(ledger.ledger.clone()), has_metrics: true, ..Options::default() };
    let office = Office::open_with(options).await;
    ledger.has(1).await;
    let (path, elsewhere) = (ledger.files().pop().unwrap(), ledger.files()[0].with_extension("x"));
    fs::rename(&path, &elsewhere).unwrap();
    // A folder in its place cannot be written.
    fs::create_dir(&path).unwrap();
    let memo = office.memo().create().await;
    let deleted = office.author().delete(&memo.id).await;
    assert_eq!(deleted["userErrors"], json!([]));
    office.counts("memoranda_ledger_waiting", 1.0).await;
    office.clock.advance(TimeDelta::seconds(90));
    office.counts("memoranda_ledger_lag_seconds", 90.0).await;
    fs::remove_dir(&path).unwrap();
    fs::rename(&elsewhere, &path).unwrap();
    ledger.has(2).await;
    office.counts("memoranda_ledger_waiting", 0.0).await;
    office.counts("memoranda_ledger_lag_seconds", 0.0).await;
    office.close().await;
}
