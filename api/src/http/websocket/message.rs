//! The messages of
//! [graphql-transport-ws](https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md).

use crate::{
    feeds::{LAST_EVENT_ID, LAST_NOTIFICATION_ID, LastIds},
    http::parameters::Parameters,
};
use async_graphql::Response as Answer;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A message of a client.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Incoming {
    /// The first message, which identifies the client.
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Checks that the server is alive.
    Ping {
        #[serde(default, rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    /// Answers a ping.
    Pong {
        #[serde(default, rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    /// Runs an operation.
    Subscribe { id: String, payload: Parameters },
    /// Ends an operation.
    Complete { id: String },
}

/// Why the connection is closed: the code and the text of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Closing {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// The server stops.
    pub(super) fn going_away() -> Self {
        Self::new(1001, "Going away")
    }

    /// The message does not belong to the protocol.
    pub(super) fn invalid(problem: &str) -> Self {
        // A close frame holds 123 bytes of text.
        Self::new(
            4400,
            format!("Invalid message: {}", problem.chars().take(60).collect::<String>()),
        )
    }

    /// An operation before the acknowledgement.
    pub(super) fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized")
    }

    /// An invalid or expired token.
    pub(super) fn forbidden(reason: &str) -> Self {
        Self::new(4403, reason.chars().take(100).collect::<String>())
    }

    /// The rights of the person have changed. The client must connect again.
    pub(super) fn role_changed() -> Self {
        Self::new(1012, "Your role has changed: connect again")
    }

    /// The client did not identify itself in time.
    pub(super) fn initialisation_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    /// An operation under the id of another one that still runs.
    pub(super) fn subscriber_exists(id: &str) -> Self {
        Self::new(
            4409,
            format!("Subscriber for {} already exists", id.chars().take(40).collect::<String>()),
        )
    }

    /// The client identified itself twice.
    pub(super) fn too_many_initialisations() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    /// The person has as many connections as allowed.
    pub(super) fn too_many(most: usize) -> Self {
        Self::new(
            1013,
            format!("Try again later: at most {most} connections of a person at a time"),
        )
    }

    /// The server is overloaded.
    pub(super) fn overloaded() -> Self {
        Self::new(1013, "Try again later: the server is busy")
    }

    /// The client was silent for too long.
    pub(super) fn silence() -> Self {
        Self::new(1001, "No sign of life")
    }

    /// An internal error.
    pub(super) fn internal() -> Self {
        Self::new(4500, "Internal server error")
    }
}

/// A message about an operation. A long answer is serialized directly, without an intermediate
/// value.
#[derive(Serialize)]
struct Outgoing<'a, P> {
    #[serde(rename = "type")]
    kind: &'a str,
    id: &'a str,
    payload: &'a P,
}

fn text<P: Serialize>(message: &Outgoing<'_, P>) -> String {
    serde_json::to_string(message).unwrap_or_default()
}

/// Acknowledges the client. A client that is signed in gets the last ids. It can send one of them
/// when it connects again before it has received another one.
pub(super) fn acknowledgement(last: LastIds) -> String {
    let ids = [(LAST_EVENT_ID, last.event), (LAST_NOTIFICATION_ID, last.notification)];
    let payload: Map<String, Value> =
        ids.into_iter().filter_map(|(key, id)| Some((key.to_owned(), id?.into()))).collect();
    if payload.is_empty() {
        return json!({ "type": "connection_ack" }).to_string();
    }
    json!({ "type": "connection_ack", "payload": payload }).to_string()
}

pub(super) fn ping() -> String {
    json!({ "type": "ping" }).to_string()
}

pub(super) fn pong() -> String {
    json!({ "type": "pong" }).to_string()
}

pub(super) fn next(id: &str, answer: &Answer) -> String {
    text(&Outgoing { kind: "next", id, payload: answer })
}

/// The operation did not run because of a mistake of the client.
pub(super) fn error(id: &str, answer: &Answer) -> String {
    text(&Outgoing { kind: "error", id, payload: &answer.errors })
}

pub(super) fn complete(id: &str) -> String {
    json!({ "type": "complete", "id": id }).to_string()
}
