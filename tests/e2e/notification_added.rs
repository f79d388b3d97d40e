//! Live notifications.

use crate::{
    process::start_server,
    writing::{act, user},
};
use chrono::TimeDelta;
use memoranda_tests::{
    Actor, Heard, Office, Socket, codes, event_id, is_postgres, notification_added_id,
};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

const LISTEN: &str = "subscription ($after: ID) { notificationAdded(after: $after) {
    id unreadNotificationCount notification { id kind message readAt memo { id } } } }";

async fn listen_after(person: &Actor, after: &str) -> Socket {
    let mut socket = person.connect().await;
    socket.subscribe("added", LISTEN, json!({ "after": after })).await;
    socket
}

/// Listens from before the first notification.
async fn listen(person: &Actor) -> Socket {
    listen_after(person, &notification_added_id(person, 0)).await
}

async fn next(socket: &mut Socket) -> Value {
    let mut answer = socket.answer("added").await;
    assert!(answer["errors"].is_null(), "{answer:#}");
    answer["data"]["notificationAdded"].take()
}

/// Sends a memo of that name, a second after the last one. Returns its id.
async fn send(office: &Office, author: &Actor, recipient: &Actor, name: &str) -> Value {
    office.clock.advance(TimeDelta::seconds(1));
    let input = json!({ "name": name, "recipientId": user(recipient) });
    let mut sent = act(author, "createMemo", input).await;
    assert_eq!(codes(&sent), [""; 0], "{sent:#}");
    sent["memo"]["id"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_gets_their_own_notifications_as_they_are_now() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let (mut by_author, mut by_recipient) = (listen(author).await, listen(recipient).await);
    let memo = send(&office, author, recipient, "New chairs").await;
    let sent = next(&mut by_recipient).await;
    let expected = json!({
        "id": notification_added_id(recipient, 1), "unreadNotificationCount": 1,
        "notification": {
            "id": sent["notification"]["id"], "kind": "MEMO_SENT", "memo": { "id": memo },
            "message": "The author sent you the memo \"New chairs\".", "readAt": null,
        },
    });
    assert_eq!(sent, expected);

    recipient.review(memo.as_str().unwrap()).await;
    let reviewed = next(&mut by_author).await;
    assert_eq!(
        (&reviewed["notification"]["kind"], &reviewed["id"]),
        (&json!("MEMO_REVIEWED"), &json!(notification_added_id(author, 2))),
        "the author's first one, since the other one was the recipient's"
    );

    let mark = "mutation ($id: ID!) { markNotificationsRead(input: { notificationIds: [$id] }) { \
        unreadNotificationCount } }";
    recipient.data(mark, json!({ "id": sent["notification"]["id"] })).await;
    let again = next(&mut listen(recipient).await).await;
    assert_eq!(again["unreadNotificationCount"], json!(0));
    assert!(again["notification"]["readAt"].is_string(), "{again:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_was_away_gets_each_notification_once() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let mut socket = listen(recipient).await;
    let (mut memos, mut heard) = (Vec::new(), Vec::new());
    for n in 0..12 {
        memos.push(send(&office, author, recipient, &format!("Memo {n}")).await);
        // Somebody else's, which takes a position too.
        send(&office, recipient, office.subscriber(), "Other").await;
        if n % 3 == 0 {
            let added = next(&mut socket).await;
            heard.push(added["notification"]["memo"]["id"].clone());
            drop(socket);
            socket = listen_after(recipient, added["id"].as_str().unwrap()).await;
        }
    }
    while heard.len() < memos.len() {
        heard.push(next(&mut socket).await["notification"]["memo"]["id"].clone());
    }
    assert_eq!(heard, memos);
    office.close().await;
}

/// Connects as a returning client that names the last notification that it knows.
async fn connect_again(person: &Actor, last: &Value) -> (Socket, Value) {
    let mut socket = Socket::open(&person.address).await;
    let payload = json!({ "authorization": format!("Bearer {}", person.token()),
        "lastNotificationId": last });
    socket.send(json!({ "type": "connection_init", "payload": payload })).await;
    match socket.next().await {
        Heard::Message(message) => (socket, message),
        Heard::Closed(code) => panic!("closed with {code}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_connects_again_misses_nothing() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let (_, acknowledged) = connect_again(recipient, &json!(null)).await;
    let before = acknowledged["payload"]["lastNotificationId"].clone();
    assert_eq!(before, json!(notification_added_id(recipient, 0)));
    let memos = [
        send(&office, author, recipient, "One").await,
        send(&office, author, recipient, "Two").await,
    ];
    let first = json!(notification_added_id(recipient, 1));
    for (after, last, expected) in [
        (&json!(null), &before, 0),
        (&before, &json!(null), 0),
        (&before, &first, 1),
        (&first, &before, 1),
    ] {
        let (mut socket, _) = connect_again(recipient, last).await;
        socket.subscribe("added", LISTEN, json!({ "after": after })).await;
        let added = next(&mut socket).await;
        assert_eq!(added["notification"]["memo"]["id"], memos[expected], "{after} {last}");
    }
    let (mut socket, _) = connect_again(recipient, &json!(event_id(recipient, 1))).await;
    socket.subscribe("added", LISTEN, json!({})).await;
    let Heard::Message(message) = socket.next().await else { panic!("closed") };
    let message = message["payload"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("lastNotificationId is not the id of a `Not"), "{message}");
    let mut socket = Socket::open(&recipient.address).await;
    let payload = json!({ "lastNotificationId": 7 });
    socket.send(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(socket.next().await, Heard::Closed(4400));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_none_is_refused() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let mut socket = listen(recipient).await;
    send(&office, author, recipient, "New chairs").await;
    let global_id = next(&mut socket).await["notification"]["id"].as_str().unwrap().to_owned();
    for (after, expected) in [
        (notification_added_id(recipient, 99), "there is no such notification"),
        (notification_added_id(author, 1), "is not the id of a `NotificationAdded`"),
        (event_id(recipient, 1), "is not the id of a `NotificationAdded`"),
        (global_id, "is not the id of a `NotificationAdded`"),
    ] {
        let mut socket = listen_after(recipient, &after).await;
        let Heard::Message(message) = socket.next().await else { panic!("closed") };
        let error = &message["payload"][0];
        assert_eq!(error["extensions"]["code"], json!("BAD_USER_INPUT"), "{message:#}");
        assert!(error["message"].as_str().unwrap().contains(expected), "{message:#}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_that_commits_late_is_not_lost() {
    if !is_postgres() {
        // SQLite has one writer at a time, so commits have the order of writing.
        return;
    }
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let late = office.memo().named("late").create().await;
    let mut socket = listen(recipient).await;
    let transaction = office.services.database.connection().begin().await.unwrap();
    let insert = "INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, created_at)
        SELECT id, recipient_id, 'MEMO_SENT', author_id, id, created_at
        FROM memos WHERE name = 'late'";
    transaction.execute_unprepared(insert).await.unwrap();
    let early = send(&office, author, recipient, "early").await;
    let added = next(&mut socket).await;
    assert_eq!(added["notification"]["memo"]["id"], early, "it is later, and not held up");
    transaction.commit().await.unwrap();
    assert_eq!(next(&mut socket).await["notification"]["memo"]["id"], json!(late.id));
    // A client that knew only the early one gets the late one after a break.
    let mut socket = listen_after(recipient, added["id"].as_str().unwrap()).await;
    assert_eq!(next(&mut socket).await["notification"]["memo"]["id"], json!(late.id));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_is_heard() {
    let office = Office::open().await;
    let (mut other, address) = start_server(&office).await;
    let mut elsewhere = office.author().clone();
    elsewhere.address = address;
    let mut socket = listen(office.recipient()).await;
    let memo = send(&office, &elsewhere, office.recipient(), "New chairs").await;
    assert_eq!(next(&mut socket).await["notification"]["memo"]["id"], memo);
    other.kill().await.unwrap();
    office.close().await;
}
