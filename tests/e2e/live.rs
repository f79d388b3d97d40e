//! Live events of memos.

use crate::process::start_server;
use chrono::TimeDelta;
use memoranda_tests::{Actor, Heard, Office, Socket, event_id, is_postgres};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

const LISTEN: &str =
    "subscription ($after: ID, $memo: ID) { memoEvents(after: $after, memoId: $memo) {
    id kind memoId memo { name stage } actor { username } deletion { memoName } occurredAt } }";

/// Listens from before the first event.
async fn listen(person: &Actor) -> Socket {
    listen_after(person, &event_id(person, 0)).await
}

async fn listen_after(person: &Actor, after: &str) -> Socket {
    let mut socket = person.connect().await;
    socket.subscribe("events", LISTEN, json!({ "after": after })).await;
    socket
}

async fn next(socket: &mut Socket) -> Value {
    let mut answer = socket.answer("events").await;
    assert!(answer["errors"].is_null(), "{answer:#}");
    answer["data"]["memoEvents"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_a_memo_is_heard_in_its_order() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let mut socket = listen(office.author()).await;
    office.recipient().review(&memo.id).await;
    let event = next(&mut socket).await;
    let expected = json!({
        "id": event_id(office.author(), 1), "kind": "STAGE_CHANGED", "memoId": memo.id,
            "memo": { "name": "Order new chairs", "stage": "REVIEWED" },
        "actor": { "username": "recipient" }, "deletion": null, "occurredAt": event["occurredAt"],
    });
    assert_eq!(event, expected);

    let deleted = office.recipient().delete_confirmed(&memo.id).await;
    let event = next(&mut socket).await;
    assert_eq!((&event["kind"], &event["memo"]), (&json!("DELETED"), &json!(null)));
    assert_eq!(event["deletion"]["memoName"], "Order new chairs");

    office.author().restore(deleted["receipt"]["id"].as_str().unwrap()).await;
    let event = next(&mut socket).await;
    assert_eq!(
        (&event["kind"], &event["memo"]["stage"]),
        (&json!("RESTORED"), &json!("REVIEWED")),
        "read anew"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_hear_of_a_memo_who_see_it() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let draft = office.memo().named("draft").draft().create().await;
    let own = office
        .memo()
        .named("own")
        .from(office.stranger().id)
        .to(office.stranger().id)
        .create()
        .await;
    office.recipient().review(&memo.id).await;
    office.author().delete(&draft.id).await;
    office.stranger().delete(&own.id).await;
    for (name, expected) in [
        ("author", vec![("STAGE_CHANGED", &memo.id), ("DELETED", &draft.id)]),
        ("recipient", vec![("STAGE_CHANGED", &memo.id)]),
        ("subscriber", vec![("STAGE_CHANGED", &memo.id)]),
        ("stranger", vec![("DELETED", &own.id)]),
        ("chief", vec![("STAGE_CHANGED", &memo.id), ("DELETED", &own.id)]),
        ("admin", vec![]),
    ] {
        let mut socket = listen(office.person(name)).await;
        // The person receives the last event, which proves that no other event is still to come.
        let person = office.person(name);
        let last = office.memo().named("last").from(person.id).to(person.id).create().await;
        person.delete(&last.id).await;
        let mut heard = Vec::new();
        loop {
            let event = next(&mut socket).await;
            if event["memoId"] == json!(last.id) {
                break;
            }
            if [&memo.id, &draft.id, &own.id].iter().any(|id| event["memoId"] == json!(id)) {
                heard.push((event["kind"].clone(), event["memoId"].clone()));
            }
        }
        let expected: Vec<(Value, Value)> =
            expected.into_iter().map(|(kind, id)| (json!(kind), json!(id))).collect();
        assert_eq!(heard, expected, "{name}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_memos_events_can_be_chosen() {
    let office = Office::open().await;
    let (one, other) = (office.memo().create().await, office.memo().create().await);
    let mut socket = office.author().connect().await;
    socket
        .subscribe(
            "events",
            LISTEN,
            json!({ "after": event_id(office.author(), 0), "memo": other.id }),
        )
        .await;
    office.recipient().review(&one.id).await;
    office.recipient().review(&other.id).await;
    assert_eq!(next(&mut socket).await["memoId"], json!(other.id));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_commits_late_is_not_lost() {
    if !is_postgres() {
        // SQLite has one writer at a time, so commits have the order of writing.
        return;
    }
    let office = Office::open().await;
    let (late, early) =
        (office.memo().named("late").create().await, office.memo().named("early").create().await);
    let mut socket = listen(office.author()).await;
    let transaction = office.services.database.connection().begin().await.unwrap();
    let insert =
        "INSERT INTO memo_events (memo_id, kind, actor_id, author_id, recipient_id, draft, \
        subscriber_ids, occurred_at)
        SELECT id, 'UPDATED', author_id, author_id, recipient_id, false, '[]', created_at FROM \
        memos WHERE name = 'late'";
    transaction.execute_unprepared(insert).await.unwrap();
    office.recipient().review(&early.id).await;
    assert_eq!(
        next(&mut socket).await["memoId"],
        json!(early.id),
        "it is written later, and not held up"
    );
    transaction.commit().await.unwrap();
    assert_eq!(next(&mut socket).await["memoId"], json!(late.id));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_was_away_catches_up_without_gap_or_double() {
    let office = Office::open().await;
    let mut heard = Vec::new();
    let mut socket = listen(office.author()).await;
    let mut memos = Vec::new();
    for n in 0..30 {
        memos.push(office.memo().named(&format!("Memo {n}")).create().await);
    }
    let mut last = event_id(office.author(), 0);
    for (n, memo) in memos.iter().enumerate() {
        office.recipient().review(&memo.id).await;
        if n % 3 == 0 {
            let event = next(&mut socket).await;
            last = event["id"].as_str().unwrap().to_owned();
            heard.push(event["memoId"].clone());
            drop(socket);
            socket = listen_after(office.author(), &last).await;
        }
    }
    while heard.len() < memos.len() {
        heard.push(next(&mut socket).await["memoId"].clone());
    }
    let expected: Vec<Value> = memos.iter().map(|memo| json!(memo.id)).collect();
    assert_eq!(heard, expected, "from {last}");
    office.close().await;
}

/// Connects as a returning client that names the last event that it knows.
async fn connect_again(person: &Actor, last_event_id: &Value) -> (Socket, Value) {
    let mut socket = Socket::open(&person.address).await;
    let payload = json!({ "authorization": format!("Bearer {}", person.token()),
        "lastEventId": last_event_id });
    socket.send(json!({ "type": "connection_init", "payload": payload })).await;
    match socket.next().await {
        Heard::Message(message) => (socket, message),
        Heard::Closed(code) => panic!("closed with {code}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_connects_again_and_sends_its_operation_as_it_was_misses_nothing() {
    let office = Office::open().await;
    let author = office.author();
    let (mut socket, acknowledged) = connect_again(author, &json!(null)).await;
    let before = acknowledged["payload"]["lastEventId"].clone();
    assert_eq!(
        before,
        json!(event_id(author, 0)),
        "for a client that receives nothing before the connection breaks"
    );
    let mut memos = Vec::new();
    for n in 0..4 {
        memos.push(office.memo().named(&format!("Memo {n}")).create().await);
    }
    socket.subscribe("events", LISTEN, json!({ "after": before })).await;
    office.recipient().review(&memos[0].id).await;
    let first = next(&mut socket).await["id"].clone();
    office.recipient().review(&memos[1].id).await;
    let second = next(&mut socket).await["id"].clone();
    drop(socket);
    office.recipient().review(&memos[2].id).await;
    // The later one counts. Without `after`, the other one counts.
    for (after, last_seen, expected) in [
        (&before, &second, 2),
        (&second, &before, 2),
        (&json!(null), &first, 1),
        (&first, &json!(null), 1),
    ] {
        let (mut socket, acknowledged) = connect_again(author, last_seen).await;
        assert_eq!(acknowledged["type"], "connection_ack");
        socket.subscribe("events", LISTEN, json!({ "after": after })).await;
        assert_eq!(
            next(&mut socket).await["memoId"],
            json!(memos[expected].id),
            "{after} {last_seen}"
        );
    }
    let (mut socket, _) = connect_again(author, &json!(event_id(office.recipient(), 1))).await;
    socket.subscribe("events", LISTEN, json!({})).await;
    let Heard::Message(message) = socket.next().await else { panic!("closed") };
    let message = message["payload"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("lastEventId is not the id of an event"), "{message}");
    let mut socket = Socket::open(&author.address).await;
    socket.send(json!({ "type": "connection_init", "payload": { "lastEventId": 7 } })).await;
    assert_eq!(socket.next().await, Heard::Closed(4400));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_database_hear_each_other_and_a_killed_one_costs_nothing() {
    let office = Office::open().await;
    let ((mut one, first), (mut two, second)) =
        (start_server(&office).await, start_server(&office).await);
    let at = |person: &Actor, address: &str| {
        let mut person = person.clone();
        address.clone_into(&mut person.address);
        person
    };
    let memos =
        [office.memo().create().await, office.memo().create().await, office.memo().create().await];
    let mut socket = listen(&at(office.author(), &second)).await;
    at(office.recipient(), &first).review(&memos[0].id).await;
    let event = next(&mut socket).await;
    assert_eq!(event["memoId"], json!(memos[0].id));

    // The process that serves the listener is killed, while the other one continues.
    two.kill().await.unwrap();
    assert_eq!(socket.next().await, Heard::Closed(1006));
    for memo in &memos[1..] {
        at(office.recipient(), &first).review(&memo.id).await;
    }
    let (mut three, third) = start_server(&office).await;
    let mut socket =
        listen_after(&at(office.author(), &third), event["id"].as_str().unwrap()).await;
    for memo in &memos[1..] {
        assert_eq!(next(&mut socket).await["memoId"], json!(memo.id));
    }
    one.kill().await.unwrap();
    three.kill().await.unwrap();
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_kept_for_a_while_and_who_comes_later_is_told() {
    let office = Office::open().await;
    let memos = [office.memo().create().await, office.memo().create().await];
    let mut socket = listen(office.author()).await;
    office.recipient().review(&memos[0].id).await;
    let old = next(&mut socket).await["id"].as_str().unwrap().to_owned();
    office.clock.advance(TimeDelta::days(8));
    office.recipient().review(&memos[1].id).await;
    let new = next(&mut socket).await["id"].as_str().unwrap().to_owned();
    assert_eq!(office.purger.events(TimeDelta::days(7)).await.unwrap(), 1);
    for (after, expected) in [
        (event_id(office.author(), 0), "no longer kept"),
        (event_id(office.author(), 99), "there is no such event"),
        (event_id(office.recipient(), 1), "is not the id of an event"),
        ("nonsense".to_owned(), "is not the id of an event"),
    ] {
        let mut socket = listen_after(office.author(), &after).await;
        let Heard::Message(message) = socket.next().await else { panic!("closed") };
        assert_eq!(
            (&message["type"], &message["payload"][0]["extensions"]["code"]),
            (&json!("error"), &json!("BAD_USER_INPUT"))
        );
        assert!(
            message["payload"][0]["message"].as_str().unwrap().contains(expected),
            "{message:#}"
        );
    }
    let mut socket = listen_after(office.author(), &old).await;
    assert_eq!(next(&mut socket).await["id"], json!(new), "everything after it is still there");
    // After all events are gone, their numbers are not used again.
    office.purger.events(TimeDelta::zero() - TimeDelta::days(1)).await.unwrap();
    let mut socket = listen_after(office.author(), &new).await;
    office.recipient().delete_confirmed(&memos[0].id).await;
    assert_eq!(next(&mut socket).await["id"], json!(event_id(office.author(), 3)));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_ends_what_listens_and_does_not_wait_for_it() {
    let mut office = Office::open().await;
    let mut socket = listen(office.author()).await;
    let mut events = office.author().listen("subscription { memoEvents { id } }", json!({})).await;
    let memo = office.memo().create().await;
    office.recipient().review(&memo.id).await;
    next(&mut socket).await;
    office.stop();
    assert_eq!(socket.next().await, Heard::Closed(1001));
    loop {
        // The events before the end, if any, then the end.
        match events.next().await {
            Some((event, _)) if event == "complete" => break,
            Some(_) => {}
            None => panic!("cut off without its end"),
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_becomes_a_chief_hears_nothing_of_what_happened_before() {
    let office = Office::open().await;
    let (gone, kept) = (office.memo().create().await, office.memo().create().await);
    office.recipient().review(&kept.id).await;
    office.author().delete(&gone.id).await;
    let stranger = office.stranger();
    let own = office.memo().from(stranger.id).to(stranger.id).create().await;
    stranger.delete(&own.id).await;

    let promote = "mutation ($id: ID!, $role: UserRole!) { updateUser(input: { userId: $id, role: \
        $role }) { userErrors { code } } }";
    let give = async |role: &str| {
        let variables = json!({ "id": stranger.user_id(), "role": role });
        office.admin().data(promote, variables).await;
    };
    give("CHIEF").await;
    let newcomer = office.hire("newcomer", entity::UserRole::Chief).await;
    office.recipient().delete_confirmed(&kept.id).await;

    let heard = async |person: &Actor, events: usize| {
        let mut socket = listen(person).await;
        let mut heard = Vec::new();
        for _ in 0..events {
            let event = next(&mut socket).await;
            heard.push((event["kind"].clone(), event["memoId"].clone()));
        }
        heard
    };
    let after = vec![(json!("DELETED"), json!(kept.id))];
    let own = vec![(json!("DELETED"), json!(own.id))];
    assert_eq!(heard(stranger, 2).await, [own.clone(), after.clone()].concat());
    assert_eq!(heard(&newcomer, 1).await, after);
    assert_eq!(heard(office.chief(), 4).await.len(), 4, "a chief of all this time receives all");

    // A person who is a subscriber again receives events from then on.
    give("MEMBER").await;
    let unheard = office.memo().create().await;
    office.author().delete(&unheard.id).await;
    give("CHIEF").await;
    let last = office.memo().create().await;
    office.author().delete(&last.id).await;
    assert_eq!(heard(stranger, 2).await, [own, vec![(json!("DELETED"), json!(last.id))]].concat());
    office.close().await;
}
