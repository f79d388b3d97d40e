use memoranda_tests::{Office, is_postgres, number, on_every_connection};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

#[tokio::test(flavor = "multi_thread")]
async fn when_the_listening_connection_is_lost_no_other_one_stays_subscribed() {
    if !is_postgres() {
        // SQLite has no listener.
        return;
    }
    let office = Office::open().await;
    let witness = office.database().connect().await;
    let ends = Arc::new(AtomicBool::new(false));
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (author, ends) = (office.author().clone(), ends.clone());
        readers.spawn(async move {
            while !ends.load(Ordering::SeqCst) {
                author.data("{ memos { nodes { id } } viewer { id } }", json!({})).await;
            }
        });
    }
    let terminate = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    for _ in 0..20 {
        // Waits until there is a listener again.
        while number(&witness, terminate).await == 0 {
            tokio::task::yield_now().await;
        }
    }
    ends.store(true, Ordering::SeqCst);
    while let Some(reader) = readers.join_next().await {
        reader.expect("every statement of the others is answered");
    }
    let unsubscribed = "DO $$ BEGIN IF EXISTS (SELECT FROM pg_listening_channels()) THEN
        RAISE EXCEPTION 'it is subscribed'; END IF; END $$";
    on_every_connection(&office.services.database, |_| unsubscribed.to_owned()).await.unwrap();
    witness.close().await.unwrap();
    office.close().await;
}
