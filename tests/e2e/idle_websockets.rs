//! What a WebSocket costs while nobody says anything.

use crate::{attacks::resident, process::start_server};
use memoranda_tests::{Office, Socket};

/// Connections of each person; a server allows 100.
const EACH: u64 = 80;

/// What a connection may take. It takes 8 kB; a library's buffer for reading would take 128 more.
const MOST_BYTES: u64 = 32 * 1_024;

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_websocket_costs_little_memory() {
    let office = Office::open().await;
    let (process, address) = start_server(&office).await;
    let id = process.id().unwrap();
    let people = [office.author(), office.recipient(), office.subscriber()].map(|person| {
        let mut person = person.clone();
        person.address.clone_from(&address);
        person
    });
    let mut sockets: Vec<Socket> = Vec::new();
    // The first ones open connections to the database, and fill caches.
    for person in &people {
        for _ in 0..10 {
            sockets.push(person.connect().await);
        }
    }
    let before = resident(id);
    for person in &people {
        for _ in 0..EACH {
            sockets.push(person.connect().await);
        }
    }
    let each = resident(id).saturating_sub(before) / (EACH * people.len() as u64);
    assert!(each <= MOST_BYTES, "{each} bytes for each connection");
    drop((sockets, process));
    office.close().await;
}
