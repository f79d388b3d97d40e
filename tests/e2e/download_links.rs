//! Links to files for places that send no headers: for whom they work, and how long.

use crate::work::file_id;
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, refusal};
use reqwest::{Client, Response};
use serde_json::json;

const LINK: &str = "query ($id: ID!, $seconds: Int! = 300) { node(id: $id) { ... on File {
    downloadUrl(expiresIn: $seconds) } } }";

async fn link(person: &Actor, file: &str, seconds: i32) -> String {
    let answer = person.data(LINK, json!({ "id": file, "seconds": seconds })).await;
    answer["node"]["downloadUrl"].as_str().unwrap().to_owned()
}

async fn follow(office: &Office, link: &str) -> Response {
    Client::new().get(format!("{}{link}", office.author().address)).send().await.unwrap()
}

async fn is_refused(response: Response) {
    let (status, code, message) = refusal(response).await;
    assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"));
    assert!(message.contains("Ask for a new one with `File.downloadUrl`."), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_reads_its_file_without_a_header_until_it_ends() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let file = file_id(&office.attach(&memo, "plan.png", "the plan").await);
    let other = file_id(&office.attach(&memo, "other.png", "the other").await);
    let path = link(office.author(), &file, 60).await;
    let read = follow(&office, &path).await;
    assert_eq!(read.status(), 200);
    assert_eq!(read.headers()["cache-control"], "private, no-cache");
    assert_eq!(read.text().await.unwrap(), "the plan");

    let token = path.split_once("?link=").unwrap().1;
    is_refused(follow(&office, &format!("/files/{other}?link={token}")).await).await;
    is_refused(follow(&office, &format!("/files/{file}?link={token}x")).await).await;
    is_refused(follow(&office, &format!("/files/{file}?link=")).await).await;
    is_refused(follow(&office, &format!("/files/{file}?link={}", office.author().token())).await)
        .await;
    let client = Client::new().post(format!("{}/graphql", office.author().address));
    let signed_in = client.bearer_auth(token).json(&json!({ "query": "{ viewer { id } }" }));
    assert_eq!(signed_in.send().await.unwrap().status(), 401, "a link is not a token");

    office.clock.advance(TimeDelta::seconds(60));
    is_refused(follow(&office, &path).await).await;
    for seconds in [0, -1, 3601] {
        let asked = json!({ "id": file, "seconds": seconds });
        let (code, message) = office.author().error(LINK, asked).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("give 1 to 3600 seconds"), "{message}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_the_right_to_see_the_file() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let file = file_id(&office.attach(&memo, "plan.txt", "the plan").await);
    let path = link(office.subscriber(), &file, 3600).await;
    assert_eq!(follow(&office, &path).await.status(), 200);
    office.sql("DELETE FROM memo_subscribers").await;
    assert_eq!(follow(&office, &path).await.status(), 404, "as if the file did not exist");

    let path = link(office.recipient(), &file, 3600).await;
    assert_eq!(follow(&office, &path).await.status(), 200);
    office.sql("UPDATE users SET active = FALSE WHERE username = 'recipient'").await;
    is_refused(follow(&office, &path).await).await;

    let path = link(office.author(), &file, 3600).await;
    office.author().delete_confirmed(&memo.id).await;
    assert_eq!(follow(&office, &path).await.status(), 404, "the memo is deleted");
    office.close().await;
}
