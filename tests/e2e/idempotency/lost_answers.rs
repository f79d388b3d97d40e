//! Clients that lose the answer, and repeat their request with its key.

use super::creation::{CREATIONS, named, replay_of};
use crate::process::start_server;
use memoranda_tests::{
    DatabaseOptions, Office, Options, Proxy, codes, difference, is_postgres, postgres_address,
};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_leave_at_any_moment_and_repeat() {
    let office = Office::open().await;
    let person = office.admin();
    let comment = named("addComment");
    for moment in ["users", "idempotency_keys", "\"comments\"", "memo_events", "FROM \"memos\""] {
        let input = comment.input_with(&office, person, moment).await;
        let before = office.row_counts().await["comments"];
        let reached = office.told_of(moment);
        let leaving = tokio::spawn({
            let (person, input) = (person.without_idle_connections(), input.clone());
            async move { comment.send(&person, &input).await }
        });
        reached.notified().await;
        leaving.abort();
        office.observe(None);
        let payload = comment.send(person, &input).await;
        assert_eq!(codes(&payload), [""; 0], "after {moment}: {payload:#}");
        let again = comment.create_nothing(&office, person, &input).await;
        assert_eq!(again, replay_of(&payload), "after {moment}");
        assert_eq!(office.row_counts().await["comments"], before + 1, "after {moment}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_at_any_statement_ten_repetitions_find_or_create_one_thing() {
    let office = Office::open().await;
    let person = office.admin();
    for creation in CREATIONS {
        let document = creation.document_of_two();
        let (mut before_commit, mut after_commit) = (0, 0);
        for statement in 0.. {
            let key = format!("{} {statement}", creation.mutation);
            let input = creation.input_with(&office, person, &key).await;
            let before = office.row_counts().await;
            let left = Arc::new(AtomicU64::new(statement));
            let count = left.clone();
            office.observe(Some(Box::new(move |_| {
                assert!(
                    count.fetch_sub(1, Ordering::SeqCst) != 0,
                    "the crash that this test plays"
                );
            })));
            let answer = person.send(&document, json!({ "input": input })).await;
            office.observe(None);
            if answer.get("errors").is_none() && left.load(Ordering::SeqCst) > statement {
                // Another task of the server ran the statement.
                continue;
            }
            if answer.get("errors").is_none() {
                let replayed = ["answer", "again"].map(|field| &answer["data"][field]["replayed"]);
                assert_eq!(replayed, [false, true], "{creation:?}");
                break;
            }
            assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer:#}");
            let (_, created) = creation.send_ten_times(person, &input).await;
            match created {
                0 => after_commit += 1,
                1 => before_commit += 1,
                more => panic!("{creation:?}, statement {statement}: created {more} times"),
            }
            let made = difference(&before, &office.row_counts().await);
            assert_eq!(made.get(creation.table), Some(&1), "{creation:?}, statement {statement}");
            assert_eq!(made["idempotency_keys"], 1, "{creation:?}, statement {statement}");
        }
        assert!(
            before_commit > 1 && after_commit > 0,
            "{creation:?}: {before_commit} crashes before the commit, {after_commit} after it"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_found_by_its_key() {
    if !is_postgres() {
        // SQLite has no network that could lose an answer.
        return;
    }
    let proxy = Proxy::open(postgres_address()).await;
    let database = DatabaseOptions { proxy: Some(proxy.address), ..DatabaseOptions::default() };
    let office = Office::open_with(Options { database, ..Options::default() }).await;
    let person = office.admin();
    for creation in CREATIONS {
        let input = creation.input_with(&office, person, creation.mutation).await;
        let before = office.row_counts().await;
        proxy.cut_commits();
        let (code, message) = person.error(&creation.document(), json!({ "input": input })).await;
        proxy.pass();
        assert_eq!(code, "OUTCOME_UNKNOWN", "{creation:?}");
        assert!(message.contains("idempotencyKey"), "{message}");
        let (_, created) = creation.send_ten_times(person, &input).await;
        assert_eq!(created, 0, "{creation:?}");
        let made = difference(&before, &office.row_counts().await);
        assert_eq!(made.get(creation.table), Some(&1), "{creation:?}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_to_a_killed_server_are_repeated_at_another_one() {
    let office = Office::open().await;
    let mut expected = BTreeMap::new();
    for creation in CREATIONS {
        *expected.entry(creation.table).or_default() += 1;
    }
    for answered_before_the_kill in [0, 2, 5, 9] {
        let (mut server, address) = start_server(&office).await;
        let mut person = office.admin().clone();
        person.address = address;
        let mut inputs = Vec::new();
        for creation in CREATIONS {
            let key = format!("{} {answered_before_the_kill}", creation.mutation);
            inputs.push((creation, creation.input_with(&office, office.admin(), &key).await));
        }
        let before = office.row_counts().await;
        let mut running = JoinSet::new();
        for (creation, input) in inputs.clone() {
            let person = person.clone();
            running.spawn(async move {
                let variables = json!({ "input": input });
                person.try_send(&creation.document(), variables).await.ok()
            });
        }
        for _ in 0..answered_before_the_kill {
            running.join_next().await.unwrap().unwrap();
        }
        server.kill().await.unwrap();
        for (creation, input) in &inputs {
            let (_, created) = creation.send_ten_times(office.admin(), input).await;
            assert!(created <= 1, "{creation:?}: created {created} times");
        }
        let made = difference(&before, &office.row_counts().await);
        for (table, count) in &expected {
            assert_eq!(made.get(*table), Some(count), "{table}");
        }
    }
    office.close().await;
}
