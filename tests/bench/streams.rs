//! People who listen while memos are sent, and WebSockets on which nothing happens.

use crate::{
    Result,
    gauge::{self, Gauge, Reading},
    http::{Connection, Request},
    office::{Size, person},
    operations::Tokens,
    options::Options,
    server::Process,
};
use api::graphql::Kind;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

const SUBSCRIPTION: &str = "subscription { memoEvents { id kind memo { id name } } }";
const SENT: &str = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { \
    memo { id } userErrors { code message } } }";

/// How many memos are sent to everybody.
const MEMOS: usize = 20;

/// The most subscribers that a memo can be sent to. Each memo has several copies, for all.
const MOST_SUBSCRIBERS: usize = 100;

/// WebSockets that are opened before the memory is read, so that what the first one allocates does
/// not count for each.
const FIRST: i64 = 20;

/// How long all events may take.
const LONGEST: Duration = Duration::from_secs(120);

type Socket = WebSocketStream<TcpStream>;

/// What listeners cost.
#[derive(Debug)]
pub(crate) struct Listening {
    /// Events that arrived, per second.
    pub(crate) rate: f64,
    /// Milliseconds of processor time for each event that arrived.
    pub(crate) cpu: Option<Reading>,
    /// Bytes of the server for each listener.
    pub(crate) bytes: Option<u64>,
}

/// Bytes of the server for each idle WebSocket; `None` without `/proc`.
///
/// # Errors
/// The server refused one.
pub(crate) async fn idle(
    options: &Options,
    server: &Process,
    tokens: &Tokens,
) -> Result<Option<u64>> {
    let _first = open_all(server, tokens, 0..FIRST).await?;
    let before = gauge::resident(server.id());
    let sockets = open_all(server, tokens, FIRST..FIRST + options.listeners).await?;
    let after = gauge::resident(server.id());
    Ok(each(before, after, sockets.len()))
}

fn each(before: Option<u64>, after: Option<u64>, number: usize) -> Option<u64> {
    let (before, after) = before.zip(after)?;
    after.saturating_sub(before).checked_div(u64::try_from(number).ok()?)
}

/// Everybody listens while memos are sent of which everybody is a subscriber.
///
/// # Errors
/// The server refused a listener or a memo, or not all events arrived in time.
pub(crate) async fn listen(
    options: &Options,
    size: Size,
    server: &Process,
    gauge: &Gauge,
    tokens: &Tokens,
) -> Result<Listening> {
    let listeners = options.listeners;
    let before = gauge::resident(server.id());
    let mut sockets = open_all(server, tokens, 0..listeners).await?;
    for socket in &mut sockets {
        let subscribe =
            json!({ "id": "1", "type": "subscribe", "payload": { "query": SUBSCRIPTION } });
        socket.send(Message::text(subscribe.to_string())).await?;
    }
    // A subscription has no answer until the first event.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let bytes = each(before, gauge::resident(server.id()), sockets.len());
    let expected = sockets.len() * MEMOS;
    let arrived = Arc::new(AtomicUsize::new(0));
    let mut readers = JoinSet::new();
    for socket in sockets {
        let arrived = arrived.clone();
        readers.spawn(async move { read_events(socket, &arrived).await });
    }
    let ids: Vec<String> = (0..listeners).map(|one| Kind::User.id(person(one)).0).collect();
    let requests: Vec<Request> = ids
        .chunks(MOST_SUBSCRIBERS)
        .map(|ids| {
            let input = json!({
                "name": "To everybody", "description": "We meet at ten.", "draft": false,
                "recipientId": Kind::User.id(person(size.people - 2)).0, "subscriberIds": ids,
            });
            tokens.request((size.people - 1, SENT, json!({ "input": input })))
        })
        .collect();
    let mut sender = Connection::open(&server.address).await?;
    let (before, begun) = (gauge.read(), Instant::now());
    for request in requests.iter().cycle().take(MEMOS * requests.len()) {
        let answer = sender.ask(request).await?;
        if !crate::http::contains(answer.body, b"\"memo\":{") {
            return Err(String::from_utf8_lossy(answer.body).into());
        }
    }
    let reading = async {
        while let Some(read) = readers.join_next().await {
            read??;
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    };
    timeout(LONGEST, reading).await.map_err(|_| {
        format!("{} of {expected} events arrived in time", arrived.load(Ordering::Relaxed))
    })??;
    let elapsed = begun.elapsed();
    let cpu = before.zip(gauge.read()).map(|(before, after)| after.since(before, expected));
    #[expect(clippy::cast_precision_loss, reason = "numbers of events are small")]
    let rate = expected as f64 / elapsed.as_secs_f64();
    Ok(Listening { rate, cpu, bytes })
}

/// Reads until all memos have arrived.
async fn read_events(mut socket: Socket, arrived: &AtomicUsize) -> Result<()> {
    for _ in 0..MEMOS {
        loop {
            let message = socket.next().await.ok_or("the server closed a WebSocket")??;
            let Message::Text(text) = message else { continue };
            if text.contains("\"type\":\"next\"") && text.contains("\"SENT\"") {
                break;
            }
            if text.contains("\"errors\":") || text.contains("\"type\":\"error\"") {
                return Err(format!("an event with errors: {text}").into());
            }
        }
        arrived.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

async fn open_all(
    server: &Process,
    tokens: &Tokens,
    people: std::ops::Range<i64>,
) -> Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    for one in people {
        sockets.push(open(&server.address, &tokens.of(one)).await?);
    }
    Ok(sockets)
}

/// Opens a WebSocket, and waits until the server knows who it is.
async fn open(address: &str, authorization: &str) -> Result<Socket> {
    let host = address.trim_start_matches("http://");
    let mut request = format!("ws://{host}/graphql").into_client_request()?;
    request
        .headers_mut()
        .insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (mut socket, _) = client_async(request, TcpStream::connect(host).await?).await?;
    let payload = json!({ "authorization": authorization });
    let init = json!({ "type": "connection_init", "payload": payload });
    socket.send(Message::text(init.to_string())).await?;
    let answer = socket.next().await.ok_or("the server closed a WebSocket")??;
    if answer.to_text()?.contains("connection_ack") {
        Ok(socket)
    } else {
        Err(format!("a WebSocket was refused: {answer}").into())
    }
}
