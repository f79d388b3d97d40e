//! Refusals over plain HTTP.

use reqwest::Response;
use serde_json::{Value, json};

/// Status, code and message of a refusal.
pub async fn refusal(response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    let id = response.headers()["x-request-id"].to_str().expect("a request id").to_owned();
    let body: Value = response.json().await.expect("JSON");
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["requestId"], json!(id), "{body:#}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (status, text(&error["extensions"]["code"]), text(&error["message"]))
}
