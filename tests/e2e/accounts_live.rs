//! Open connections end when their person, their role or their session ends, whoever ends it.

use crate::{
    accounts::{
        PASSWORD, change_password, give_password, is_signed_in, sign_in, sign_out, with_session,
    },
    process::start_server,
};
use memoranda_tests::{Actor, Events, Heard, Office, Socket, is_postgres};
use serde_json::json;

const LISTEN: &str = "subscription { memoEvents { id } }";

async fn listen(person: &Actor) -> Socket {
    let mut socket = person.connect().await;
    socket.subscribe("events", LISTEN, json!({})).await;
    socket
}

/// How the server closes the connection. Skips earlier messages.
async fn closed(socket: &mut Socket) -> u16 {
    loop {
        if let Heard::Closed(code) = socket.next().await {
            return code;
        }
    }
}

async fn ended(events: &mut Events) {
    while events.next().await.is_some() {}
}

/// Checks that the connection still answers.
async fn assert_open(socket: &mut Socket) {
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await, Heard::Message(json!({ "type": "pong" })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_takes_its_connections_along() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let here = with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
    let there = with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
    let (mut socket, mut events) = (listen(&here).await, here.listen(LISTEN, json!({})).await);
    let mut others =
        [listen(&there).await, listen(office.author()).await, listen(office.recipient()).await];
    sign_out(&here, json!({})).await;
    assert_eq!(closed(&mut socket).await, 4403);
    ended(&mut events).await;
    for other in &mut others {
        assert_open(other).await;
    }

    let changing =
        with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
    let mut own = listen(&changing).await;
    change_password(&changing, PASSWORD, "another long password").await;
    assert_eq!(closed(&mut others[0]).await, 4403, "the session on another device");
    assert_open(&mut own).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deactivated_loses_all_connections() {
    let office = Office::open().await;
    let mut sockets = [listen(office.author()).await, listen(office.author()).await];
    let mut events = office.author().listen(LISTEN, json!({})).await;
    let mut other = listen(office.recipient()).await;
    // As another process would: nothing in this process is notified.
    office.sql("UPDATE users SET active = FALSE WHERE username = 'author'").await;
    for socket in &mut sockets {
        assert_eq!(closed(socket).await, 4403);
    }
    ended(&mut events).await;
    assert_open(&mut other).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gets_another_role_connects_again() {
    let office = Office::open().await;
    let mut socket = listen(office.chief()).await;
    let mut events = office.chief().listen(LISTEN, json!({})).await;
    let update = "mutation ($id: ID!) { updateUser(input: { userId: $id, role: MEMBER }) { \
        userErrors { code } } }";
    office.admin().data(update, json!({ "id": office.chief().user_id() })).await;
    assert_eq!(closed(&mut socket).await, 1012, "a member may not receive a chief's events");
    ended(&mut events).await;
    let mut again = listen(office.chief()).await;
    assert_open(&mut again).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_opens_while_its_session_ends_does_not_stay() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    for _ in 0..5 {
        let author =
            with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
        let mut opening = Vec::new();
        for _ in 0..4 {
            let author = author.clone();
            opening.push(tokio::spawn(async move {
                let mut socket = Socket::open(&author.address).await;
                let payload = json!({ "authorization": format!("Bearer {}", author.token()) });
                socket.send(json!({ "type": "connection_init", "payload": payload })).await;
                closed(&mut socket).await
            }));
        }
        tokio::task::yield_now().await;
        sign_out(&author, json!({})).await;
        for opened in opening {
            assert_eq!(opened.await.unwrap(), 4403);
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_hears_of_it() {
    if !is_postgres() {
        return;
    }
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let (_child, address) = start_server(&office).await;
    let here = with_session(&office, office.author(), &sign_in(&office, "author", PASSWORD).await);
    let mut there = here.clone();
    there.address = address;
    let mut socket = listen(&there).await;
    let mut events = there.listen(LISTEN, json!({})).await;
    sign_out(&here, json!({})).await;
    assert!(!is_signed_in(&there).await);
    assert_eq!(closed(&mut socket).await, 4403);
    ended(&mut events).await;
    office.close().await;
}
