//! More work than the database can do. One operation takes no more than its share of the
//! connections, and an operation that gets none in time may try again.

use futures_util::future::join_all;
use memoranda_tests::{DatabaseOptions, Heard, Office, Options, is_postgres, number};
use sea_orm::{
    ConnectionTrait, TransactionTrait,
    sqlx::{Postgres, Sqlite, pool::PoolConnection},
};
use serde_json::{Value, json};
use service::database::Database;
use std::{
    future::poll_fn,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};
use tokio::sync::Notify;

/// Many lists at once, each with a search and a count.
fn searches() -> String {
    let roots = (0..12).map(|n| {
        format!(
            "a{n}: memos(box: ALL_VISIBLE, filter: {{ text: \"memo{n}\" }}, first: 5) {{ \
            totalCount nodes {{ id }} }} "
        )
    });
    format!("{{ {} }}", roots.collect::<String>())
}

/// Takes connections, so that nobody else gets them.
#[derive(Default)]
struct Held(Vec<PoolConnection<Postgres>>, Vec<PoolConnection<Sqlite>>);

impl Held {
    /// Takes one more connection, as soon as it is free.
    async fn take(&mut self, database: &Database) {
        if is_postgres() {
            self.0.push(
                acquire(|| database.connection().get_postgres_connection_pool().acquire()).await,
            );
        } else {
            self.1.push(
                acquire(|| database.connection().get_sqlite_connection_pool().acquire()).await,
            );
        }
    }

    fn give_one_back(&mut self) {
        drop((self.0.pop(), self.1.pop()));
    }
}

async fn acquire<T, E, F: Future<Output = Result<T, E>>>(acquire: impl Fn() -> F) -> T {
    loop {
        if let Ok(connection) = acquire().await {
            return connection;
        }
    }
}

async fn post(office: &Office, query: &str) -> (u16, Option<String>, Value) {
    let request = reqwest::Client::new().post(format!("{}/graphql", office.address));
    let request = request.bearer_auth(office.author().token()).json(&json!({ "query": query }));
    let response = request.send().await.unwrap();
    let after =
        response.headers().get("retry-after").map(|after| after.to_str().unwrap().to_owned());
    (response.status().as_u16(), after, response.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_operation_uses_no_more_than_its_share_of_the_connections() {
    let office = Office::open().await;
    let database = &office.services.database;
    let mut held = Held::default();
    for _ in 0..database.pool().most {
        held.take(database).await;
    }
    let (operation, order) = (database.shared(), Mutex::new(Vec::new()));
    let run = async |database: &Database, name: &'static str| {
        number(database, "SELECT CAST(1 AS bigint) AS n").await;
        order.lock().unwrap().push(name);
    };
    let mut waiting: Vec<_> = (0..12).map(|_| Box::pin(run(&operation, "greedy"))).collect();
    waiting.push(Box::pin(run(database, "honest")));
    // They begin to wait in order.
    for waits in &mut waiting {
        assert!(poll_fn(|context| Poll::Ready(waits.as_mut().poll(context))).await.is_pending());
    }
    held.give_one_back();
    join_all(waiting).await;
    let order = order.into_inner().unwrap();
    assert_eq!(order.len(), 13);
    // Two operations came before it: a quarter of six, but at least two.
    assert_eq!(order.iter().position(|name| *name == "honest"), Some(2), "{order:?}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn greedy_operations_leave_connections_to_others_and_nothing_is_internal() {
    let office = Office::open().await;
    let memo = office.memo().named("memo1 and more").create().await;
    let greedy = office.stranger();
    let attack = async {
        for _ in 0..5 {
            let query = searches();
            let all = (0..8).map(|_| greedy.send(&query, json!({})));
            for answer in join_all(all).await {
                for error in answer["errors"].as_array().into_iter().flatten() {
                    assert_eq!(error["extensions"]["code"], "OVERLOADED", "{answer:#}");
                }
            }
        }
    };
    let honest = async {
        for _ in 0..20 {
            let answer =
                office.author().data("{ memos(box: SENT) { nodes { id } } }", json!({})).await;
            assert_eq!(answer["memos"]["nodes"][0]["id"], json!(memo.id));
        }
    };
    tokio::join!(attack, honest);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_no_connection_in_time_is_told_to_come_again() {
    let database =
        DatabaseOptions { timeout: Some(Duration::from_millis(400)), ..DatabaseOptions::default() };
    let office = Office::open_with(Options { database, ..Options::default() }).await;
    let memo = office.memo().named("memo1 and more").create().await;
    let mut socket = office.author().connect().await;
    let database = &office.services.database;
    let is_told = |(status, after, answer): &(u16, Option<String>, Value)| {
        assert_eq!((*status, after.as_deref()), (503, Some("2")), "{answer:#}");
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "OVERLOADED", "{answer:#}");
        assert_eq!(error["extensions"]["retryAfterSeconds"], 2);
        assert!(error["path"].is_null() && answer.get("data").is_none(), "{answer:#}");
    };
    let mut held = Held::default();
    for _ in 0..database.pool().most {
        held.take(database).await;
    }
    is_told(&post(&office, "{ viewer { username } }").await);
    socket.subscribe("1", "{ viewer { username } }", json!({})).await;
    assert_eq!(socket.next().await, Heard::Closed(1013));
    drop(held);

    // The last connection is taken after the person has signed in.
    let mut tries = 0;
    loop {
        let mut held = Held::default();
        for _ in 1..database.pool().most {
            held.take(database).await;
        }
        let signed_in: Arc<Notify> = office.told_of("users");
        let take_last = async {
            signed_in.notified().await;
            held.take(database).await;
        };
        let query = searches();
        let asking = post(&office, &query);
        let answered = {
            let (mut asking, take_last) = (Box::pin(asking), Box::pin(take_last));
            tokio::select! {
                answered = &mut asking => answered,
                () = take_last => asking.await,
            }
        };
        office.observe(None);
        if answered.0 != 200 {
            is_told(&answered);
            break;
        }
        tries += 1;
        assert!(tries < 50, "the operation is always faster");
    }
    let answer = office.author().data("{ memos(box: SENT) { nodes { id } } }", json!({})).await;
    assert_eq!(answer["memos"]["nodes"][0]["id"], json!(memo.id), "all is well afterwards");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_in_vain_for_a_lock_is_told_to_come_again() {
    let database =
        DatabaseOptions { timeout: Some(Duration::from_millis(400)), ..DatabaseOptions::default() };
    let office = Office::open_with(Options { database, ..Options::default() }).await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let other = office.services.database.connection().begin().await.unwrap();
    other.execute_unprepared("UPDATE memos SET updated_at = updated_at").await.unwrap();
    let review = format!(
        "mutation {{ reviewMemo(input: {{ memoId: \"{}\" }}) {{ memo {{ id }} userErrors {{ code \
         }} }} }}",
        memo.id
    );
    let answer = office.recipient().send(&review, json!({})).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "OVERLOADED", "{answer:#}");
    assert_eq!(error["extensions"]["retryAfterSeconds"], 2);
    other.rollback().await.unwrap();
    assert_eq!(office.row_counts().await, before);
    let answer = office.recipient().data(&review, json!({})).await;
    assert_eq!(answer["reviewMemo"]["memo"]["id"], json!(memo.id), "all is well afterwards");
    office.close().await;
}
