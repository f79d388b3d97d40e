use super::readiness;
use api::http::Limits;
use memoranda_tests::{DatabaseOptions, Office, Options, Proxy, is_postgres, postgres_address};
use reqwest::StatusCode;
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn when_the_databases_host_is_lost_in_silence_requests_end_and_the_pool_heals() {
    if !is_postgres() {
        // SQLite has no host.
        return;
    }
    let proxy = Proxy::open(postgres_address()).await;
    let timeout = Some(Duration::from_secs(1));
    let database =
        DatabaseOptions { proxy: Some(proxy.address), timeout, ..DatabaseOptions::default() };
    let limits = Limits { request_timeout: Duration::from_secs(2), ..Limits::default() };
    let office = Office::open_with(Options { database, limits, ..Options::default() }).await;
    let memo = office.memo().create().await;
    let mut requests = tokio::task::JoinSet::new();
    proxy.fall_silent();
    for n in 0..12 {
        let (recipient, id) = (office.recipient().clone(), memo.id.clone());
        requests.spawn(async move {
            let document = if n % 2 == 0 {
                "query ($id: ID!) { memo(id: $id) { name } }"
            } else {
                "mutation ($id: ID!) { reviewMemo(input: { memoId: $id }) { memo { id } } }"
            };
            recipient.send(document, json!({ "id": id })).await
        });
    }
    while let Some(answer) = requests.join_next().await {
        let answer = answer.unwrap();
        assert!(answer["errors"].is_array(), "{answer:#}");
    }
    assert_eq!(readiness(&office.address).await, StatusCode::SERVICE_UNAVAILABLE);

    // The silent connections stay silent: only new ones reach the database.
    proxy.pass();
    while readiness(&office.address).await != StatusCode::OK {}
    for _ in 0..24 {
        let payload = office.recipient().review(&memo.id).await;
        assert_eq!(payload["memo"]["stage"], "REVIEWED");
    }
    office.close().await;
}
