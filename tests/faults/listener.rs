//! People who listen over a `WebSocket`, and continue after every break where it ended.

use crate::{Result, chance::Chance, site::Site};
use api::{auth::TokenKeys, graphql::Kind};
use entity::UserRole;
use futures_util::{SinkExt, StreamExt};
use memoranda_tests::SECRET;
use serde_json::{Value, json};
use service::Viewer;
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};
use uuid::Uuid;

const EVENTS: &str = "subscription ($after: ID) { memoEvents(after: $after) { id kind memoId } }";

/// An event that a person has received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) memo: Uuid,
}

/// Listens as that person without end, from before the first event.
pub(crate) async fn listen(site: Arc<Site>, person: usize, mut chance: Chance) {
    loop {
        // After any break, the listener asks for the events after the last one that it received.
        if let Err(error) = listen_once(&site, person, &mut chance).await {
            tokio::time::sleep(chance.millis(20, 200)).await;
            drop(error);
        }
    }
}

async fn listen_once(site: &Site, person: usize, chance: &mut Chance) -> Result<()> {
    let (Some(who), Some(heard)) = (site.people.get(person), site.heard.get(person)) else {
        return Err("there is no such person".into());
    };
    let server = chance.pick(&site.servers).ok_or("no server")?.address;
    let mut request = format!("ws://{server}/graphql").into_client_request()?;
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) =
        tokio::time::timeout(Duration::from_secs(5), connect_async(request)).await??;
    let last =
        heard.lock().unwrap_or_else(PoisonError::into_inner).last().map(|event| event.id.clone());
    let after = match last {
        Some(id) => id,
        None => before_the_first(who.uuid)?,
    };
    let init = json!({ "type": "connection_init",
        "payload": { "authorization": format!("Bearer {}", who.token) } });
    socket.send(Message::text(init.to_string())).await?;
    let payload = json!({ "query": EVENTS, "variables": { "after": after } });
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload }).to_string();
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        let message: Value = serde_json::from_str(&text)?;
        match message["type"].as_str() {
            Some("connection_ack") => socket.send(Message::text(subscribe.clone())).await?,
            Some("next") if message["payload"]["errors"].is_null() => {
                let event = &message["payload"]["data"]["memoEvents"];
                let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
                let memo = crate::site::uuid_of(Kind::Memo, &text("memoId"))?;
                let event = Heard { id: text("id"), kind: text("kind"), memo };
                heard.lock().unwrap_or_else(PoisonError::into_inner).push(event);
                if chance.one_in(60) {
                    // The network breaks without any sign.
                    return Ok(());
                }
            }
            Some("next" | "error") => {
                let errors = match message["type"].as_str() {
                    Some("next") => &message["payload"]["errors"],
                    _ => &message["payload"],
                };
                let code = errors[0]["extensions"]["code"].as_str().unwrap_or_default();
                if !matches!(code, "INTERNAL" | "OVERLOADED" | "TIMEOUT") {
                    let problem = format!("{} cannot catch up: {errors}", who.username);
                    site.ledger.violated(problem);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                site.ledger.saw(&format!("listening: {code}"));
                return Err("the stream failed".into());
            }
            Some("ping") => {
                socket.send(Message::text(json!({ "type": "pong" }).to_string())).await?
            }
            _ => {}
        }
    }
    Err("the stream ended".into())
}

/// The id before the first event, for that person.
fn before_the_first(person: Uuid) -> Result<String> {
    let keys = TokenKeys::new(SECRET, "memoranda", "memoranda")?;
    let viewer = Viewer { id: person, role: UserRole::Member };
    Ok(service::feed::seal_id(&keys.confirmation_key(), service::events::SEQUENCE, viewer, 0))
}
