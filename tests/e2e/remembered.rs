//! A server remembers who has signed in, and people, tags, deals and resolutions. Nobody may notice
//! that, except by the number of statements.

use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, TestMemo};
use serde_json::{Value, json};

const INBOX: &str = "{ memos(box: INBOX) { nodes { id name author { fullName } tags { name } \
    subscribers { fullName } deal { name } resolution { name } } } }";
const PREVIEW: &str = "query ($id: ID!) { memoDeletionPreview(memoId: $id) { verdict } }";
const DELETE: &str = "mutation ($id: ID!) { deleteMemo(input: { memoId: $id }) { deletedMemoId \
    userErrors { code } } }";

const KEPT: &str = "query ($id: ID!) { memoDeletionPreview(memoId: $id) { kept { nodes { label \
    } } } }";
const NOTHING: &str = "{ memos(box: DRAFTS) { nodes { id } } }";

/// As another server would: nothing in this process is told of it.
async fn set(office: &Office, username: &str, change: &str) {
    office.sql(&format!("UPDATE users SET {change} WHERE username = '{username}'")).await;
}

async fn code(person: &Actor, query: &str, memo: &TestMemo) -> Value {
    let answer = person.send(query, json!({ "id": memo.id })).await;
    answer["errors"][0]["extensions"]["code"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deactivated_elsewhere_is_refused_on_the_very_next_request() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let recipient = office.recipient();
    for n in 0..1_000 {
        let query = [INBOX, PREVIEW, DELETE, NOTHING, "{ viewer { id } }", "{ unknown }"][n % 6];
        if query != DELETE {
            let known = code(recipient, if query == "{ unknown }" { INBOX } else { query }, &memo);
            assert_eq!(known.await, Value::Null, "{query}");
        }
        set(&office, "recipient", "active = FALSE").await;
        assert_eq!(code(recipient, query, &memo).await, json!("UNAUTHENTICATED"), "{query}");
        set(&office, "recipient", "active = TRUE").await;
    }
    let kept = recipient.data(INBOX, json!({})).await;
    assert_eq!(kept["memos"]["nodes"][0]["id"], json!(memo.id), "nothing was deleted");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_remembered_ends_with_its_time() {
    let office = Office::open().await;
    let lifetime = TimeDelta::hours(1);
    let token = office.keys.issue(office.recipient().id, office.services.now(), lifetime).unwrap();
    let client = reqwest::Client::new();
    let status = async |query: &str| {
        let request = client.post(format!("{}/graphql", office.address)).bearer_auth(&token);
        request.json(&json!({ "query": query })).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(INBOX).await, 200);
    office.clock.advance(lifetime - TimeDelta::seconds(1));
    assert_eq!(status(INBOX).await, 200);
    office.clock.advance(TimeDelta::seconds(1));
    for query in [INBOX, NOTHING, "{ viewer { id } }"] {
        assert_eq!(status(query).await, 401, "{query}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_holds_from_the_next_request_on() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let all = "{ memos(box: ALL_VISIBLE) { nodes { id } } }";
    for _ in 0..3 {
        let seen = office.chief().data(all, json!({})).await;
        assert_eq!(seen["memos"]["nodes"], json!([{ "id": memo.id }]));
        set(&office, "chief", "role = 'MEMBER'").await;
        let seen = office.chief().data(all, json!({})).await;
        assert_eq!(seen["memos"]["nodes"], json!([]));
        let seen = office.chief().data(PREVIEW, json!({ "id": memo.id })).await;
        assert_eq!(seen["memoDeletionPreview"], Value::Null);
        set(&office, "chief", "role = 'CHIEF'").await;
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_shows_on_the_next_request() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.tag(&memo, "Oak").await;
    for n in 0..5 {
        let (person, tag) = (format!("Author {n}"), format!("Tag {n}"));
        set(&office, "author", &format!("full_name = '{person}'")).await;
        office.sql(&format!("UPDATE tags SET name = '{tag}'")).await;
        for _ in 0..2 {
            let seen = office.recipient().data(INBOX, json!({})).await;
            let shown = &seen["memos"]["nodes"][0];
            assert_eq!(shown["author"]["fullName"], json!(person));
            assert_eq!(shown["tags"], json!([{ "name": tag }]));
            let seen = office.recipient().data(KEPT, json!({ "id": memo.id })).await;
            let kept = seen["memoDeletionPreview"]["kept"]["nodes"].to_string();
            assert!(kept.contains(&person) && kept.contains(&tag), "{kept}");
        }
    }
    office.sql("DELETE FROM memo_tags").await;
    office.sql("DELETE FROM tags").await;
    let seen = office.recipient().data(INBOX, json!({})).await;
    assert_eq!(seen["memos"]["nodes"][0]["tags"], json!([]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_remembered_costs_no_statement() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.tag(&memo, "Oak").await;
    let statements = async |query: &str| {
        let before = office.statements();
        office.recipient().data(query, json!({ "id": memo.id })).await;
        office.statements() - before
    };
    assert_eq!(statements(INBOX).await, 4, "the person, the page, people, tags");
    assert_eq!(statements(INBOX).await, 1, "the page");
    assert_eq!(statements(PREVIEW).await, 1, "the preview");
    assert_eq!(statements(NOTHING).await, 1, "the empty page");
    set(&office, "stranger", "full_name = 'Somebody Else'").await;
    assert_eq!(statements(INBOX).await, 3, "the page, people, tags");
    set(&office, "stranger", "active = FALSE").await;
    assert_eq!(statements(INBOX).await, 5, "the page, the person, the page, people, tags");
    office.close().await;
}
