//! The metrics of a server, fetched as Prometheus does.

use api::http::{ClientLimits, Limits};
use memoranda_tests::{Heard, Office, Options};
use serde_json::json;

async fn office() -> Office {
    Office::open_with(Options { has_metrics: true, ..Options::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_and_previews_are_counted_by_verdict() {
    let office = office().await;
    let (author, recipient) = (office.author(), office.recipient());
    let (plain, reviewed) = (office.memo().create().await, office.memo().create().await);
    author.delete_confirmed(&plain.id).await;
    author.delete(&plain.id).await;
    recipient.delete(&reviewed.id).await;
    recipient.review(&reviewed.id).await;
    author.delete(&reviewed.id).await;
    author.delete("memo_00000000000000000000000000").await;
    recipient.delete_confirmed(&reviewed.id).await;
    let metrics = office.metrics().await;
    for (series, expected) in [
        ("memoranda_deletions_total{verdict=\"ALLOWED\",outcome=\"DELETED\"}", 1.0),
        ("memoranda_deletions_total{verdict=\"ALLOWED\",outcome=\"REPLAYED\"}", 1.0),
        (
            "memoranda_deletions_total{verdict=\"DISCOURAGED\",outcome=\"CONFIRMATION_REQUIRED\"}",
            1.0,
        ),
        ("memoranda_deletions_total{verdict=\"DENIED\",outcome=\"RECIPIENT_HAS_ACTED\"}", 1.0),
        ("memoranda_deletions_total{verdict=\"NONE\",outcome=\"NOT_FOUND\"}", 1.0),
        ("memoranda_deletions_total{verdict=\"DISCOURAGED\",outcome=\"DELETED\"}", 1.0),
        ("memoranda_deletion_previews_total{verdict=\"ALLOWED\"}", 1.0),
        ("memoranda_deletion_previews_total{verdict=\"DISCOURAGED\"}", 1.0),
    ] {
        assert_eq!(metrics.get(series), Some(expected), "{series}\n{}", metrics.0);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_operations_are_counted_by_route_name_and_outcome() {
    let office = office().await;
    let author = office.author();
    author.data("query Inbox { memos { nodes { id } } }", json!({})).await;
    author.data("query Inbox { memos { nodes { id } } }", json!({})).await;
    author.error("query Inbox { nonsense }", json!({})).await;
    office.anonymous().error("query Inbox { memos { nodes { id } } }", json!({})).await;
    author.data("{ viewer { id } }", json!({})).await;
    let nowhere = reqwest::get(format!("{}/metrics", office.address)).await.unwrap();
    assert_eq!(nowhere.status(), 404, "they are for another port");
    let metrics = office.metrics().await;
    for (series, expected) in [
        ("memoranda_operations_total{kind=\"query\",operation=\"Inbox\",outcome=\"OK\"}", 2.0),
        (
            "memoranda_operations_total{kind=\"none\",operation=\"(unnamed)\",\
             outcome=\"BAD_USER_INPUT\"}",
            1.0,
        ),
        (
            "memoranda_operations_total{kind=\"query\",operation=\"Inbox\",\
             outcome=\"UNAUTHENTICATED\"}",
            1.0,
        ),
        ("memoranda_operations_total{kind=\"query\",operation=\"(unnamed)\",outcome=\"OK\"}", 1.0),
        ("memoranda_operation_duration_seconds_count{kind=\"query\",operation=\"Inbox\"}", 3.0),
        ("memoranda_operations_running", 0.0),
        ("memoranda_http_requests_total{method=\"GET\",route=\"(none)\",status=\"404\"}", 1.0),
        ("memoranda_http_request_duration_seconds_count{route=\"/graphql\"}", 5.0),
        ("memoranda_database_up", 1.0),
        ("memoranda_outbox_mails", 0.0),
    ] {
        assert_eq!(metrics.get(series), Some(expected), "{series}\n{}", metrics.0);
    }
    assert!(metrics.get("memoranda_database_connections_max").unwrap() >= 1.0);
    assert!(metrics.get("memoranda_database_statement_duration_seconds_count").unwrap() > 3.0);
    assert!(metrics.0.ends_with("# EOF\n"), "as the format wants it");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_clients_make_up_are_counted_together() {
    let office = office().await;
    for n in 0..60 {
        office.anonymous().data(&format!("query Made{n} {{ viewer {{ id }} }}"), json!({})).await;
    }
    office.author().data("query Own { viewer { id } }", json!({})).await;
    let metrics = office.metrics().await;
    assert_eq!(
        metrics.series("memoranda_operations_total{kind=\"query\",operation=\"Made").len(),
        50
    );
    let count = |name: &str| {
        metrics.get(&format!(
            "memoranda_operations_total{{kind=\"query\",operation=\"{name}\",outcome=\"OK\"}}"
        ))
    };
    assert_eq!((count("(other)"), count("Own")), (Some(10.0), Some(1.0)));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_is_counted_as_long_as_they_do() {
    let office = office().await;
    let document = "subscription Listen { memoEvents { kind } }";
    let memo = office.memo().create().await;
    let mut events = office.recipient().listen(document, json!({})).await;
    let mut socket = office.recipient().connect().await;
    socket.subscribe("1", document, json!({})).await;
    office.recipient().review(&memo.id).await;
    events.answer().await;
    socket.answer("1").await;
    let metrics = office.metrics().await;
    let (sse, websocket) = (
        "memoranda_subscriptions{transport=\"sse\"}",
        "memoranda_subscriptions{transport=\"websocket\"}",
    );
    assert_eq!((metrics.get(sse), metrics.get(websocket)), (Some(1.0), Some(1.0)));
    assert!(metrics.get("memoranda_connections").unwrap() >= 2.0);
    drop(events);
    office.counts(sse, 0.0).await;
    socket.send(json!({ "type": "complete", "id": "1" })).await;
    office.counts(websocket, 0.0).await;
    let outcome =
        "memoranda_operations_total{kind=\"subscription\",operation=\"Listen\",outcome=\"OK\"}";
    office.counts(outcome, 2.0).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_finds_no_place_is_counted() {
    let clients = ClientLimits { max_connections_per_address: 1, ..ClientLimits::default() };
    let limits = Limits { clients, ..Limits::default() };
    let office =
        Office::open_with(Options { has_metrics: true, limits, ..Options::default() }).await;
    let mut socket = office.author().connect().await;
    let answer = reqwest::get(format!("{}/healthz", office.address)).await;
    assert!(
        answer.is_err() || answer.is_ok_and(|answer| answer.status() == 503),
        "it may be gone before it is read"
    );
    let metrics = office.metrics().await;
    assert_eq!(metrics.get("memoranda_connections_turned_away_total"), Some(1.0));
    assert_eq!(metrics.get("memoranda_connections"), Some(1.0));
    socket.subscribe("1", "{ viewer { username } }", json!({})).await;
    assert!(matches!(socket.next().await, Heard::Message(_)), "who has a place keeps it");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_told_when_the_database_does_not_answer() {
    let office = office().await;
    office.services.database.clone().close().await.unwrap();
    let metrics = office.metrics().await;
    assert_eq!(metrics.get("memoranda_database_up"), Some(0.0));
    office.close().await;
}
