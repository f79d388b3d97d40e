//! Catching up with the events that happened while a client was away.

use crate::process::start_server;
use entity::{UserRole, memo_event};
use futures_util::StreamExt;
use memoranda_tests::{Actor, Office, event_id, is_postgres};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Statement};
use serde_json::{Value, json};
use service::{
    Viewer,
    access::sees_event,
    database::Signals,
    events::{self, Events, place},
    feed::{Feed, MAX_CATCH_UPS},
};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

const LISTEN: &str = "subscription ($after: ID, $memo: ID) { memoEvents(after: $after, memoId: \
    $memo) { id memoId } }";

/// Repeats every event of the memo with that name until there are `count` more, and gives them
/// positions.
async fn repeat_events(office: &Office, memo: &str, count: usize) {
    let (numbers, from) = if is_postgres() {
        (String::new(), format!("generate_series(1, {count}) AS numbers (n)"))
    } else {
        let numbers = format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT \
             {count})"
        );
        (numbers, "numbers".to_owned())
    };
    let insert = format!(
        "INSERT INTO memo_events (memo_id, kind, actor_id, author_id, recipient_id, draft, \
         subscriber_ids, occurred_at) \
         {numbers} SELECT e.memo_id, e.kind, e.actor_id, e.author_id, e.recipient_id, e.draft, \
         e.subscriber_ids, \
         e.occurred_at FROM {from}, memo_events e JOIN memos m ON m.id = e.memo_id WHERE m.name = \
         '{memo}'"
    );
    office.sql(&insert).await;
    while place(&office.services).await.unwrap() > 0 {}
    office.sql("ANALYZE").await;
}

/// The statements of catching up until the person receives the event of that memo, after the very
/// beginning.
async fn catch_up(
    office: &Office,
    person: &Actor,
    variables: Value,
    until: &str,
) -> Vec<Statement> {
    let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let record = seen.clone();
    office.observe(Some(Box::new(move |statement| {
        if statement.sql.contains("memo_event_viewers") && statement.sql.starts_with("SELECT e.id")
        {
            record.lock().unwrap().push(statement.clone());
        }
    })));
    let mut socket = person.connect().await;
    socket.subscribe("events", LISTEN, variables).await;
    while socket.answer("events").await["data"]["memoEvents"]["memoId"] != json!(until) {}
    office.observe(None);
    seen.lock().unwrap().clone()
}

/// On PostgreSQL, how many rows the statement reads from tables. On SQLite, how many whole tables
/// it reads.
async fn read_beyond_need(office: &Office, statement: &Statement) -> i64 {
    let database = &office.services.database;
    let explain =
        if is_postgres() { "EXPLAIN (ANALYZE, FORMAT JSON)" } else { "EXPLAIN QUERY PLAN" };
    let explain = Statement::from_string(database.backend(), format!("{explain} {statement}"));
    let rows = database.connection().query_all_raw(explain).await.unwrap();
    if !is_postgres() {
        let steps = rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap());
        let whole = steps.filter(|step| {
            ["e", "v"].iter().any(|table| {
                step == &format!("SCAN {table}") || step.starts_with(&format!("SCAN {table} "))
            })
        });
        return i64::try_from(whole.count()).unwrap();
    }
    let plan: Value = rows[0].try_get("", "QUERY PLAN").unwrap();
    rows_read(&plan[0]["Plan"])
}

fn rows_read(plan: &Value) -> i64 {
    let number = |key: &str| plan[key].as_f64().unwrap_or_default();
    let below: i64 = plan["Plans"].as_array().into_iter().flatten().map(rows_read).sum();
    let own = if plan["Relation Name"].is_string() {
        (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops")
    } else {
        0.0
    };
    // Both are counts.
    #[expect(clippy::cast_possible_truncation, reason = "numbers of rows of a test")]
    let own = own as i64;
    own + below
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_none_of_many_events_reads_none_of_them() {
    const MANY: usize = 5_000;
    let office = Office::open().await;
    let quiet = office.memo().named("Quiet").draft().create().await;
    let change = "mutation ($id: ID!) { updateMemo(input: { memoId: $id, description: \"Again\" }) \
        { userErrors { code } } }";
    office.author().data(change, json!({ "id": quiet.id })).await;
    let loud = office.memo().named("Loud").with_subscriber(office.subscriber().id).create().await;
    let small = office.memo().named("Small").create().await;
    for (name, repeated, of_small) in [
        ("chief", "Quiet", false),
        ("stranger", "Loud", false),
        ("admin", "Loud", false),
        ("author", "Loud", true),
        ("stranger", "Loud", true),
    ] {
        if repeated == "Loud" && name == "stranger" && !of_small {
            office.recipient().review(&loud.id).await;
        }
        if ["chief", "stranger"].contains(&name) && !of_small {
            repeat_events(&office, repeated, MANY).await;
        }
        let person = office.person(name);
        let own = office.memo().named("Own").from(person.id).to(person.id).create().await;
        let (memo, last) = if of_small { (json!(small.id), &small) } else { (json!(null), &own) };
        if !of_small {
            person.delete(&own.id).await;
        } else if name == "author" {
            office.recipient().review(&small.id).await;
        } else {
            // A new subscriber sees none of the earlier events.
            let subscribe = "mutation ($id: ID!, $who: ID!) { addMemoSubscribers(input: { memoId: \
                $id, userIds: [$who] }) { userErrors { code } } }";
            let who = api::graphql::Kind::User.id(person.id);
            office.author().data(subscribe, json!({ "id": small.id, "who": who })).await;
        }
        let variables = json!({ "after": event_id(person, 0), "memo": memo });
        let statements = catch_up(&office, person, variables, &last.id).await;
        assert_eq!(statements.len(), 1, "{name} reads {MANY} events in portions of 200");
        let read = read_beyond_need(&office, &statements[0]).await;
        let most = if is_postgres() { 20 } else { 0 };
        assert!(read <= most, "{name} reads {read} of {MANY} events' rows: {}", statements[0]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_catches_up_gets_what_they_would_have_heard() {
    let office = Office::open().await;
    let [author, recipient, stranger] =
        ["author", "recipient", "stranger"].map(|name| office.person(name));
    let read = office.memo().with_subscriber(office.subscriber().id).create().await;
    let draft =
        office.memo().named("Draft").draft().with_subscriber(office.subscriber().id).create().await;
    let own = office.memo().from(stranger.id).to(stranger.id).create().await;
    recipient.review(&read.id).await;
    let change = "mutation ($id: ID!) { updateMemo(input: { memoId: $id, description: \"Again\" }) \
        { userErrors { code } } }";
    author.data(change, json!({ "id": draft.id })).await;
    author
        .data(
            "mutation ($id: ID!) { sendMemo(input: { memoId: $id }) { userErrors { code } } }",
            json!({ "id": draft.id }),
        )
        .await;
    stranger.delete(&own.id).await;
    recipient.delete_confirmed(&read.id).await;
    repeat_events(&office, "Draft", 300).await;
    // A process that has just started has no events in memory.
    let (mut process, address) = start_server(&office).await;
    for name in ["author", "recipient", "subscriber", "stranger", "chief", "admin"] {
        let (mut person, viewer) = (office.person(name).clone(), office.viewer(name));
        person.address.clone_from(&address);
        while place(&office.services).await.unwrap() > 0 {}
        let rows = memo_event::Entity::find().order_by_asc(memo_event::Column::Position);
        let rows = rows.all(office.services.database.connection()).await.unwrap();
        let heard = rows.iter().filter(|event| sees_event(event, viewer, Some(0)));
        let expected: Vec<Value> =
            heard.map(|event| json!(event_id(&person, event.position.unwrap()))).collect();
        let mut socket = person.connect().await;
        socket.subscribe("events", LISTEN, json!({ "after": event_id(&person, 0) })).await;
        let mut caught_up = Vec::new();
        while caught_up.len() < expected.len() {
            caught_up.push(socket.answer("events").await["data"]["memoEvents"]["id"].take());
        }
        assert_eq!(caught_up, expected, "{name}");
        // The next event happens later: there was nothing else.
        let last = office.memo().from(person.id).to(person.id).create().await;
        person.delete(&last.id).await;
        assert_eq!(
            socket.answer("events").await["data"]["memoEvents"]["memoId"],
            json!(last.id),
            "{name}"
        );
    }
    process.kill().await.unwrap();
    // With the events, the rows with their viewers also go.
    office.purger.events(chrono::TimeDelta::days(-1)).await.unwrap();
    let left = "SELECT CAST(count(*) AS bigint) AS n FROM memo_event_viewers";
    let left = Statement::from_string(office.services.database.backend(), left);
    let left = office.services.database.connection().query_one_raw(left).await.unwrap().unwrap();
    assert_eq!(left.try_get::<i64>("", "n").unwrap(), 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_catch_up_at_a_time_and_who_waits_may_leave() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.recipient().review(&memo.id).await;
    while place(&office.services).await.unwrap() > 0 {}
    let (feed, stopped) = (Feed::<Events>::default(), CancellationToken::new());
    let (services, signals) = (office.services.clone(), Signals::default());
    let running = tokio::spawn(feed.clone().run(services, signals, stopped.clone()));
    while feed.last_position().is_none() {
        tokio::task::yield_now().await;
    }
    let viewer = Viewer { id: office.author().id, role: UserRole::Member };
    let listen = async |after| {
        let events =
            events::listen(&feed, office.services.clone(), viewer, None, after).await.unwrap();
        Box::pin(events.unwrap_or_else(|refusal| panic!("{refusal:?}")))
    };
    // Two steps need a turn: checking that the events are kept, and reading them.
    let mut reading = listen(Some(0)).await;
    let mut turns = Vec::new();
    for _ in 0..MAX_CATCH_UPS {
        turns.push(feed.catch_up_turn().await.unwrap());
    }
    let mut waiting =
        vec![tokio::spawn(async move { reading.next().await.unwrap().unwrap().memo_id })];
    for _ in 0..3 {
        let (feed, services) = (feed.clone(), office.services.clone());
        waiting.push(tokio::spawn(async move {
            let events = events::listen(&feed, services, viewer, None, Some(0)).await.unwrap();
            let mut events = Box::pin(events.unwrap_or_else(|refusal| panic!("{refusal:?}")));
            events.next().await.unwrap().unwrap().memo_id
        }));
    }
    // A client that asks and listens from now on waits for nobody.
    let mut live = listen(None).await;
    let new = office.memo().create().await;
    office.recipient().review(&new.id).await;
    assert_eq!(live.next().await.unwrap().unwrap().memo_id, new.uuid);
    for _ in 0..10 {
        office.author().data("{ viewer { id } }", json!({})).await;
    }
    assert!(waiting.iter().all(|task| !task.is_finished()), "somebody reads without a turn");
    waiting.remove(1).abort();
    turns.pop();
    for heard in waiting {
        assert_eq!(heard.await.unwrap(), memo.uuid);
    }
    stopped.cancel();
    running.await.unwrap();
    office.close().await;
}
