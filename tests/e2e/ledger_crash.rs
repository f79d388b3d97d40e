//! Servers share a ledger and die at any moment. No line is lost or doubled.

use crate::{
    ledger::{both, record_of},
    process::start_server_with,
};
use memoranda_tests::{Office, TestLedger};
use serde_json::json;
use service::ledger::{self, Appender, Attempt, verify};
use std::{collections::BTreeSet, fs, io::Write, time::Duration};

/// Appends as a server does after another one has died.
async fn take_over(office: &Office, ledger: &TestLedger) {
    let mut appender = Appender::new(ledger.ledger.clone());
    let taking = async {
        while appender.append(&office.services).await.unwrap() == Attempt::Occupied {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), taking).await.expect("it takes over");
}

async fn delete_one(office: &Office) {
    let memo = office.memo().create().await;
    office.author().delete(&memo.id).await;
    service::events::place(&office.services).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_between_append_and_commit_leaves_nothing_to_double() {
    for ledger in both().await {
        let office = Office::open().await;
        let mut appender = Appender::new(ledger.ledger.clone());
        delete_one(&office).await;
        appender.append(&office.services).await.unwrap();
        delete_one(&office).await;
        // What such a server leaves: the lines are there, and the row is as it was at its claim.
        let connection = office.services.database.connection();
        let row = {
            use sea_orm::EntityTrait;
            entity::ledger::Entity::find_by_id(1).one(connection).await.unwrap().unwrap()
        };
        appender.append(&office.services).await.unwrap();
        let written = ledger.text();
        let held = if memoranda_tests::is_postgres() { "true" } else { "1" };
        office
            .sql(&format!(
                "UPDATE ledger SET line = {}, hash = '{}', place = {}, event_position = {}, \
                 claim = claim + 1, held = {held}",
                row.line, row.hash, row.place, row.event_position
            ))
            .await;
        take_over(&office, &ledger).await;
        assert_eq!(ledger.text(), written);
        delete_one(&office).await;
        take_over(&office, &ledger).await;
        assert_eq!(ledger.kinds(), ["STARTED", "DELETED", "DELETED", "DELETED"]);
        verify(&ledger.ledger).await.unwrap().unwrap();
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_a_dying_server_wrote_in_part_is_cut_off_and_written_again() {
    let ledger = TestLedger::in_file();
    let office = Office::open().await;
    let mut appender = Appender::new(ledger.ledger.clone());
    for whole in [0, 1] {
        delete_one(&office).await;
        appender.append(&office.services).await.unwrap();
        delete_one(&office).await;
        let before = ledger.text();
        let row = {
            use sea_orm::EntityTrait;
            let connection = office.services.database.connection();
            entity::ledger::Entity::find_by_id(1).one(connection).await.unwrap().unwrap()
        };
        // Nobody has committed: the row is as before.
        let mut file = fs::File::options().append(true).open(&ledger.files()[0]).unwrap();
        file.write_all(&b"{\"number\":4,\"kind\":\"DEL"[..20 - whole]).unwrap();
        assert!(verify(&ledger.ledger).await.unwrap().unwrap().incomplete);
        if whole == 1 {
            // A new server, not the one that remembers the end.
            appender = Appender::new(ledger.ledger.clone());
        }
        appender.append(&office.services).await.unwrap();
        assert!(ledger.text().starts_with(&before));
        let verified = verify(&ledger.ledger).await.unwrap().unwrap();
        assert_eq!((verified.lines, verified.incomplete), (row.line + 1, false));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_append_at_the_same_time_write_each_line_once() {
    for ledger in both().await {
        let office = Office::open().await;
        let mut expected = BTreeSet::new();
        let mut appenders: Vec<_> = (0..4).map(|_| Appender::new(ledger.ledger.clone())).collect();
        for _ in 0..6 {
            for _ in 0..3 {
                let memo = office.memo().create().await;
                let record = record_of(&office.author().delete(&memo.id).await);
                expected
                    .insert(memoranda_tests::uuid_of(api::graphql::Kind::MemoDeletion, &record));
            }
            service::events::place(&office.services).await.unwrap();
            let appends = appenders.iter_mut().map(|one| one.append(&office.services));
            for result in futures_util::future::join_all(appends).await {
                result.unwrap();
            }
        }
        take_over(&office, &ledger).await;
        let lines = ledger.lines();
        let written: Vec<_> = lines[1..].iter().map(|line| line["deletion"].clone()).collect();
        let distinct: BTreeSet<String> = written.iter().map(ToString::to_string).collect();
        assert_eq!(written.len(), expected.len());
        assert_eq!(distinct, expected.iter().map(|id| json!(id).to_string()).collect());
        verify(&ledger.ledger).await.unwrap().unwrap();
        office.close().await;
    }
}

/// Kills servers while people delete and restore. In the end, the ledger has exactly what the
/// records say.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_servers_append_everything_once() {
    let office = Office::open().await;
    let ledger = TestLedger::in_file();
    for kill_after in [0, 1, 4, 9] {
        let (mut server, address) = start_server_with(&office, &ledger).await;
        let mut author = office.author().clone();
        author.address = address;
        let mut actions = tokio::task::JoinSet::new();
        for n in 0..12 {
            let memo = office.memo().create().await;
            let author = author.clone();
            actions.spawn(async move {
                let delete = "mutation ($id: ID!) { deleteMemo(input: { memoId: $id }) { receipt { \
                    id } } }";
                let answer = author.try_send(delete, json!({ "id": memo.id })).await.ok()?;
                let record = answer["data"]["deleteMemo"]["receipt"]["id"].clone();
                if n % 3 == 0 && record.is_string() {
                    let restore = "mutation ($id: ID!) { restoreMemo(input: { deletionId: $id }) { \
                        replayed } }";
                    author.try_send(restore, json!({ "id": record })).await.ok()?;
                }
                Some(())
            });
        }
        for _ in 0..kill_after {
            actions.join_next().await.unwrap().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(60 * kill_after)).await;
        server.kill().await.unwrap();
        while actions.join_next().await.is_some() {}
    }
    service::events::place(&office.services).await.unwrap();
    take_over(&office, &ledger).await;
    let written: Vec<(String, String)> = ledger.lines()[1..]
        .iter()
        .map(|line| (line["kind"].to_string(), line["deletion"].to_string()))
        .collect();
    let records = {
        use sea_orm::EntityTrait;
        let connection = office.services.database.connection();
        entity::memo_deletion::Entity::find().all(connection).await.unwrap()
    };
    let mut expected: BTreeSet<(String, String)> = BTreeSet::new();
    for record in records {
        expected.insert(("\"DELETED\"".to_owned(), json!(record.id).to_string()));
        if record.restored_at.is_some() {
            expected.insert(("\"RESTORED\"".to_owned(), json!(record.id).to_string()));
        }
    }
    assert!(expected.len() >= 15, "people have worked: {expected:?}");
    assert_eq!(written.len(), expected.len());
    assert_eq!(written.into_iter().collect::<BTreeSet<_>>(), expected);
    verify(&ledger.ledger).await.unwrap().unwrap();
    let status = ledger::status(&office.services.database).await.unwrap().unwrap();
    assert_eq!((status.missing, status.waiting), (0, 0));
    office.close().await;
}
