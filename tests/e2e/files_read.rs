//! Downloads: who gets a file, and the HTTP headers of the answer.

use crate::{
    files::{objects, put, uploaded},
    work::{file_id, user},
};
use memoranda_tests::{Actor, Office, refusal};
use reqwest::{Client, Method, Response};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

/// Asks for a file.
pub async fn get(person: &Actor, id: &str, headers: &[(&str, &str)]) -> Response {
    ask(person, Method::GET, id, headers).await
}

async fn ask(person: &Actor, method: Method, id: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Client::new()
        .request(method, format!("{}/files/{id}", person.address))
        .bearer_auth(person.token());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

/// The status that each person gets.
async fn statuses(office: &Office, id: &str) -> Vec<(&'static str, u16)> {
    let mut statuses = Vec::new();
    for name in ["author", "recipient", "subscriber", "stranger", "chief", "admin"] {
        let response = get(office.person(name), id, &[]).await;
        let head = ask(office.person(name), Method::HEAD, id, &[]).await.status();
        assert_eq!(response.status(), head, "{name}");
        statuses.push((name, response.status().as_u16()));
        if response.status() == 404 {
            let unknown = get(office.person(name), "file_00000000000000000000000000", &[]).await;
            assert_eq!(refusal(response).await, refusal(unknown).await, "as if it did not exist");
        }
    }
    statuses
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_the_memo_reads_its_files() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let file = file_id(&office.attach(&memo, "plan.txt", "the plan").await);
    let expected = [
        ("author", 200),
        ("recipient", 200),
        ("subscriber", 200),
        ("stranger", 404),
        ("chief", 200),
        ("admin", 404),
    ];
    assert_eq!(statuses(&office, &file).await, expected);
    assert_eq!(get(office.recipient(), &file, &[]).await.text().await.unwrap(), "the plan");
    let nobody =
        Client::new().get(format!("{}/files/{file}", office.address)).send().await.unwrap();
    let (status, code, _) = refusal(nobody).await;
    assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"));
    let draft = office.memo().draft().create().await;
    let file = file_id(&office.attach(&draft, "secret.txt", "a secret").await);
    let seen: Vec<_> =
        statuses(&office, &file).await.into_iter().filter(|(_, status)| *status == 200).collect();
    assert_eq!(seen, [("author", 200)]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_the_work_reads_its_files_and_the_uploader_only_until_then() {
    let office = Office::open().await;
    let file = office.upload(office.subscriber(), "plan.txt", "the plan").await;
    let id = file_id(&file);
    let only = |name: &'static str, statuses: Vec<(&'static str, u16)>| {
        assert!(
            statuses
                .iter()
                .all(|(person, status)| *status == if *person == name { 200 } else { 404 }),
            "{statuses:?}"
        );
    };
    only("subscriber", statuses(&office, &id).await);
    let task = office.task("Paint the walls").await;
    office.transfer_to_task(file.id, task).await;
    let seen: Vec<_> = statuses(&office, &id)
        .await
        .into_iter()
        .filter(|(_, status)| *status == 200)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(seen, ["author", "recipient", "chief"]);
    assert_eq!(office.subscriber().type_of(&id).await, Value::Null, "as in the API");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_something_else_is_no_file() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let user = user(office.author());
    for id in [
        memo.id.as_str(),
        user.as_str(),
        "file_",
        "file_x",
        "plan.txt",
        "%ff",
        "..%2f..%2fCargo.toml",
    ] {
        let (status, code, _) = refusal(get(office.author(), id, &[]).await).await;
        assert_eq!((status, code.as_str()), (404, "NOT_FOUND"), "{id}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_with_what_keeps_a_browser_from_running_it() {
    let office = Office::open().await;
    let author = office.author();
    let name = "%22M%C3%A4rz%22%205%25%20%F0%9F%93%8E.html";
    let response =
        put(author, Some(author.token()), name, Some("text/html"), "<script>alert(1)</script>")
            .await;
    let file: Value = response.json().await.unwrap();
    let id = file["id"].as_str().unwrap();
    for method in [Method::GET, Method::HEAD] {
        let response = ask(author, method.clone(), id, &[]).await;
        assert_eq!(response.status(), 200);
        for (name, value) in [
            ("content-type", "text/html"),
            ("content-length", "25"),
            ("etag", &format!("\"{}\"", file["sha256"].as_str().unwrap())),
            ("last-modified", "Mon, 02 Mar 2026 09:00:00 GMT"),
            ("accept-ranges", "bytes"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("cache-control", "private, no-cache"),
            (
                "content-disposition",
                "attachment; filename=\"_M_rz_ 5_ _.html\"; \
                 filename*=UTF-8''%22M%C3%A4rz%22%205%25%20%F0%9F%93%8E.html",
            ),
        ] {
            assert_eq!(header(&response, name), value, "{method} {name}");
        }
        let body = response.text().await.unwrap();
        assert_eq!(body.len(), if method == Method::GET { 25 } else { 0 });
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_read_by_its_range() {
    let office = Office::open().await;
    let author = office.author();
    let file = uploaded(author, "digits.txt", "0123456789").await;
    let id = file["id"].as_str().unwrap();
    for (range, status, shown, content) in [
        ("bytes=0-3", 206, "bytes 0-3/10", "0123"),
        ("bytes=7-", 206, "bytes 7-9/10", "789"),
        ("bytes=-2", 206, "bytes 8-9/10", "89"),
        ("bytes=8-99", 206, "bytes 8-9/10", "89"),
        ("bytes=0-9", 206, "bytes 0-9/10", "0123456789"),
        ("bytes=4-2", 200, "", "0123456789"),
        ("bytes=0-1,4-5", 200, "", "0123456789"),
        ("nonsense", 200, "", "0123456789"),
    ] {
        let response = get(author, id, &[("range", range)]).await;
        assert_eq!(response.status(), status, "{range}");
        assert_eq!(header(&response, "content-range"), shown, "{range}");
        assert_eq!(header(&response, "content-length"), content.len().to_string(), "{range}");
        assert_eq!(response.text().await.unwrap(), content, "{range}");
    }
    for range in ["bytes=10-", "bytes=99-100", "bytes=-0"] {
        let response = get(author, id, &[("range", range)]).await;
        assert_eq!(header(&response, "content-range"), "bytes */10", "{range}");
        let (status, code, message) = refusal(response).await;
        assert_eq!((status, code.as_str()), (416, "BAD_USER_INPUT"));
        assert!(message.contains("10 bytes"), "{message}");
    }
    let head = ask(author, Method::HEAD, id, &[("range", "bytes=0-3")]).await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, "10"));
    let etag = format!("\"{}\"", file["sha256"].as_str().unwrap());
    for (condition, status) in [
        (etag.as_str(), 206),
        ("Mon, 02 Mar 2026 09:00:00 GMT", 206),
        ("\"another\"", 200),
        (&format!("W/{etag}"), 200),
        ("Mon, 02 Mar 2026 09:00:01 GMT", 200),
    ] {
        let response = get(author, id, &[("range", "bytes=0-3"), ("if-range", condition)]).await;
        assert_eq!(response.status(), status, "{condition}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_has_is_not_sent_again() {
    let office = Office::open().await;
    let author = office.author();
    let file = uploaded(author, "digits.txt", "0123456789").await;
    let id = file["id"].as_str().unwrap();
    let etag = format!("\"{}\"", file["sha256"].as_str().unwrap());
    let (weak, list) = (format!("W/{etag}"), format!("\"another\", {etag}"));
    for (name, value, status) in [
        ("if-none-match", etag.as_str(), 304),
        ("if-none-match", &weak, 304),
        ("if-none-match", &list, 304),
        ("if-none-match", "*", 304),
        ("if-none-match", "\"another\"", 200),
        ("if-modified-since", "Mon, 02 Mar 2026 09:00:00 GMT", 304),
        ("if-modified-since", "Mon, 02 Mar 2026 08:59:59 GMT", 200),
        ("if-modified-since", "nonsense", 200),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let response = ask(author, method.clone(), id, &[(name, value)]).await;
            assert_eq!(response.status(), status, "{name}: {value}");
            assert_eq!(header(&response, "etag"), etag);
            let content = if status == 200 && method == Method::GET { "0123456789" } else { "" };
            assert_eq!(response.text().await.unwrap(), content, "{method} {name}: {value}");
        }
    }
    assert_eq!(get(office.stranger(), id, &[("if-none-match", "*")]).await.status(), 404);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_is_read_and_has_no_range() {
    let office = Office::open().await;
    let author = office.author();
    let file = uploaded(author, "empty.txt", "").await;
    let id = file["id"].as_str().unwrap();
    let whole = get(author, id, &[]).await;
    assert_eq!((whole.status().as_u16(), header(&whole, "content-length")), (200, "0"));
    assert_eq!(get(author, id, &[("range", "bytes=0-")]).await.status(), 416);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_damaged_or_gone_are_a_fault_without_internals() {
    let office = Office::open().await;
    let author = office.author();
    let file = uploaded(author, "plan.txt", "the plan").await;
    let (id, sha256) = (file["id"].as_str().unwrap(), file["sha256"].as_str().unwrap());
    let blob = entity::blob::Entity::find_by_id(sha256);
    let blob = blob.one(office.services.database.connection()).await.unwrap().unwrap();
    let path = office.database().folder.join("files").join(blob.location);
    std::fs::write(&path, "the pla").unwrap();
    for round in ["cut short", "gone"] {
        let response = get(author, id, &[("range", "bytes=0-3")]).await;
        let (status, code, message) = refusal(response).await;
        assert_eq!((status, code.as_str()), (500, "INTERNAL"), "{round}");
        assert!(!message.contains(sha256) && !message.contains("sha256"), "{message}");
        assert_eq!(ask(author, Method::HEAD, id, &[]).await.status(), 500, "{round}");
        if path.exists() {
            std::fs::remove_file(&path).unwrap();
        }
    }
    // Another upload of the same content repairs it.
    uploaded(author, "again.txt", "the plan").await;
    assert_eq!(get(author, id, &[]).await.text().await.unwrap(), "the plan");
    assert_eq!(objects(&office), [sha256]);
    let shown = author.data("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
    assert_eq!(shown["node"]["id"], json!(id));
    office.close().await;
}
