//! Several people, and the servers' answers to them.

use crate::Result;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use uuid::Uuid;

/// Longer than the server's own limit.
const PATIENCE: Duration = Duration::from_secs(12);

/// The people who write to each other.
pub(crate) const MEMBERS: [&str; 4] = ["ada", "bob", "carl", "dora"];
/// The person who receives the events of all sent memos.
pub(crate) const CHIEF: &str = "chief";
/// The person who receives no events.
pub(crate) const STRANGER: &str = "stranger";

/// A person who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) username: String,
    pub(crate) token: String,
    /// The global id.
    pub(crate) id: String,
    pub(crate) uuid: Uuid,
}

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// It was done; this is the field's value.
    Done(Value),
    /// A rule refused it, with these codes.
    Refused(Vec<String>),
    /// Nothing was done: the server says so, or there was no connection.
    NotDone(&'static str),
    /// It may have been done.
    Unknown(&'static str),
    /// An answer that no client should ever see.
    Strange(String),
}

/// The people's connections to the servers.
#[derive(Debug, Clone)]
pub(crate) struct Client(reqwest::Client);

impl Client {
    /// Separate connections.
    ///
    /// # Errors
    /// The client cannot be created.
    pub(crate) fn new() -> Result<Self> {
        let builder =
            reqwest::Client::builder().timeout(PATIENCE).connect_timeout(Duration::from_secs(2));
        Ok(Self(builder.build()?))
    }

    /// Sends an operation with one field, and returns the outcome.
    pub(crate) async fn ask(
        &self,
        server: SocketAddr,
        token: &str,
        document: &str,
        variables: Value,
        field: &str,
    ) -> Answer {
        let request = self.0.post(format!("http://{server}/graphql")).bearer_auth(token);
        let request = request.json(&json!({ "query": document, "variables": variables }));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return broken(&error),
        };
        match answer.json::<Value>().await {
            Ok(answer) => judged(answer, field),
            Err(error) => broken(&error),
        }
    }

    /// Uploads a file, and returns its id.
    pub(crate) async fn upload(&self, server: SocketAddr, token: &str, content: &str) -> Answer {
        let request =
            self.0.put(format!("http://{server}/files?name=notes.txt")).bearer_auth(token);
        let request = request.header("content-type", "text/plain").body(content.to_owned());
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return broken(&error),
        };
        match answer.json::<Value>().await {
            Ok(answer) if answer["id"].is_string() => Answer::Done(answer["id"].clone()),
            Ok(answer) => judged(answer, "file"),
            Err(error) => broken(&error),
        }
    }

    /// The bytes of a file, or the reason why there are none.
    pub(crate) async fn download(
        &self,
        server: SocketAddr,
        token: &str,
        file: &str,
    ) -> Result<String> {
        let request = self.0.get(format!("http://{server}/files/{file}")).bearer_auth(token);
        Ok(request.send().await?.error_for_status()?.text().await?)
    }
}

fn broken(error: &reqwest::Error) -> Answer {
    if error.is_connect() {
        return Answer::NotDone("no connection");
    }
    if error.is_timeout() {
        return Answer::Unknown("no answer");
    }
    Answer::Unknown("connection lost")
}

/// Only answers that say whether the change was made are allowed.
fn judged(mut answer: Value, field: &str) -> Answer {
    if let Some(error) = answer["errors"].as_array().and_then(|errors| errors.first()) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (code, message) = (text(&error["extensions"]["code"]), text(&error["message"]));
        let (none, done) =
            (message.contains("Nothing was changed"), message.contains("The change is made"));
        return match (code.as_str(), none, done) {
            ("OUTCOME_UNKNOWN", ..) => Answer::Unknown("OUTCOME_UNKNOWN"),
            ("TIMEOUT", ..) => Answer::Unknown("TIMEOUT"),
            ("INTERNAL" | "OVERLOADED", _, true) => Answer::Unknown("done, but not all answered"),
            ("INTERNAL", true, _) => Answer::NotDone("INTERNAL, nothing changed"),
            ("FILES_UNAVAILABLE", true, _) => Answer::NotDone("FILES_UNAVAILABLE"),
            ("OVERLOADED", ..) => Answer::NotDone("OVERLOADED"),
            _ => Answer::Strange(format!("{code}: {message}")),
        };
    }
    let value = answer["data"][field].take();
    let codes: Vec<String> = value["userErrors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|error| Some(error["code"].as_str()?.to_owned()))
        .collect();
    if codes.is_empty() { Answer::Done(value) } else { Answer::Refused(codes) }
}

#[cfg(test)]
mod tests {
    use super::{Answer, judged};
    use serde_json::json;

    #[test]
    fn only_an_error_that_says_what_became_of_a_change_is_allowed() {
        let error = |code: &str, message: &str| {
            let errors = [json!({ "message": message, "extensions": { "code": code } })];
            judged(json!({ "data": null, "errors": errors }), "reviewMemo")
        };
        let internal = api::graphql::INTERNAL_MESSAGE;
        assert!(matches!(error("INTERNAL", internal), Answer::NotDone(_)));
        assert!(matches!(error("OVERLOADED", "busy"), Answer::NotDone(_)));
        assert!(matches!(error("OUTCOME_UNKNOWN", "?"), Answer::Unknown(_)));
        for (code, message) in [("INTERNAL", "who knows"), ("FORBIDDEN", "no"), ("", "")] {
            assert!(matches!(error(code, message), Answer::Strange(_)), "{code}");
        }
        let refused =
            json!({ "data": { "reviewMemo": { "userErrors": [{ "code": "MEMO_NOT_FOUND" }] } } });
        assert_eq!(
            judged(refused, "reviewMemo"),
            Answer::Refused(vec!["MEMO_NOT_FOUND".to_owned()])
        );
    }
}
