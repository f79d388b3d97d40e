//! Listens to a server, by server-sent events or over a WebSocket.

use crate::{actor::Actor, office::SECRET};
use api::auth::TokenKeys;
use futures_util::{SinkExt, Stream, StreamExt};
use serde_json::{Value, json};
use service::{
    events,
    feed::{self, Sequence},
    notifications,
};
use std::pin::Pin;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

/// The id of the event at that position, for that person. Position 0 is before the first event.
pub fn event_id(person: &Actor, position: i64) -> String {
    sealed(events::SEQUENCE, person, position)
}

/// The same for what `notificationAdded` sends.
pub fn notification_added_id(person: &Actor, position: i64) -> String {
    sealed(notifications::SEQUENCE, person, position)
}

fn sealed(sequence: Sequence, person: &Actor, position: i64) -> String {
    let keys = TokenKeys::new(SECRET, "memoranda", "memoranda").expect("a good secret");
    feed::seal_id(&keys.confirmation_key(), sequence, person.viewer(), position)
}

impl Actor {
    /// Listens by server-sent events.
    pub async fn listen(&self, document: &str, variables: Value) -> Events {
        let request = self
            .client
            .post(format!("{}/graphql", self.address))
            .header("Accept", "text/event-stream")
            .json(&json!({ "query": document, "variables": variables }));
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await.expect("the server answers");
        assert_eq!(response.status(), 200);
        assert!(
            response.headers()["content-type"]
                .to_str()
                .expect("text")
                .starts_with("text/event-stream")
        );
        Events { bytes: Box::pin(response.bytes_stream()), text: String::new() }
    }

    /// Opens a WebSocket and identifies the client.
    pub async fn connect(&self) -> Socket {
        let mut socket = Socket::open(&self.address).await;
        let payload = match &self.token {
            Some(token) => json!({ "authorization": format!("Bearer {token}") }),
            None => json!({}),
        };
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        match socket.next().await {
            Heard::Message(message) if message["type"] == "connection_ack" => {}
            other => panic!("not acknowledged: {other:?}"),
        }
        socket
    }
}

type Bytes = Pin<Box<dyn Stream<Item = reqwest::Result<bytes::Bytes>> + Send>>;

/// A stream of server-sent events.
pub struct Events {
    bytes: Bytes,
    text: String,
}

impl Events {
    /// The next event's name and data; `None` at the end of the stream. Skips comments.
    pub async fn next(&mut self) -> Option<(String, String)> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name))?;
                    Some(line.strip_prefix(' ').unwrap_or(line).to_owned())
                };
                let event =
                    field("event:").map(|event| (event, field("data:").unwrap_or_default()));
                self.text = rest.to_owned();
                if event.is_some() {
                    return event;
                }
            }
            let bytes = self.bytes.next().await?.ok()?;
            self.text.push_str(std::str::from_utf8(&bytes).expect("UTF-8"));
        }
    }

    /// The payload of the next event, which must be an answer.
    pub async fn answer(&mut self) -> Value {
        let (event, data) = self.next().await.expect("an event");
        assert_eq!(event, "next", "{data}");
        serde_json::from_str(&data).expect("JSON")
    }
}

/// A graphql-transport-ws client that sends whatever the test wants.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A message of a server.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A message.
    Message(Value),
    /// The end, with its code.
    Closed(u16),
}

impl Socket {
    /// Opens a connection to the server at that address, and sends nothing.
    pub async fn open(address: &str) -> Self {
        Self::open_with(address, &[("sec-websocket-protocol", "graphql-transport-ws")])
            .await
            .expect("a WebSocket")
    }

    /// The same with other headers.
    ///
    /// # Errors
    /// The status, if the server refuses.
    pub async fn open_with(address: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let url = format!("{}/graphql", address.replacen("http", "ws", 1));
        let mut request = url.into_client_request().expect("a URL");
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a header"));
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                Err(response.status().as_u16())
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Sends a message.
    pub async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    /// Sends any text.
    pub async fn send_text(&mut self, text: &str) {
        self.0.send(Message::Text(text.into())).await.expect("sent");
    }

    /// Sends bytes.
    pub async fn send_bytes(&mut self, bytes: &'static [u8]) {
        self.0.send(Message::Binary(bytes.into())).await.expect("sent");
    }

    /// Runs an operation under that id.
    pub async fn subscribe(&mut self, id: &str, document: &str, variables: Value) {
        let payload = json!({ "query": document, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The server's next message.
    pub async fn next(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Message(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(Some(frame)))) => return Heard::Closed(frame.code.into()),
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Heard::Closed(1006),
                Some(Ok(_)) => {}
            }
        }
    }

    /// The payload of the next message, which must be an answer under that id.
    pub async fn answer(&mut self, id: &str) -> Value {
        match self.next().await {
            Heard::Message(mut message) => {
                assert_eq!(
                    (&message["type"], &message["id"]),
                    (&json!("next"), &json!(id)),
                    "{message:#}"
                );
                message["payload"].take()
            }
            Heard::Closed(code) => panic!("closed with {code}"),
        }
    }
}
