//! Which uploads are accepted and which are refused: lengths, names, types, people.

use crate::files::{TEXT, objects, office_with, put, uploaded};
use api::http::Limits;
use bytes::Bytes;
use futures_util::stream;
use memoranda_tests::{Office, refusal};
use reqwest::{Body, Client, Method, StatusCode};
use serde_json::json;
use std::convert::Infallible;

/// A body of unknown length, in pieces.
fn pieces(pieces: &[usize]) -> Body {
    let pieces: Vec<_> =
        pieces.iter().map(|n| Ok::<_, Infallible>(Bytes::from(vec![b'x'; *n]))).collect();
    Body::wrap_stream(stream::iter(pieces))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_file_is_taken_and_one_byte_more_is_not_however_it_is_sent() {
    let office =
        office_with(Limits { max_upload_bytes: 1000, max_body_bytes: 1024, ..Limits::default() })
            .await;
    let author = office.author();
    let send = async |body: Body| put(author, Some(author.token()), "x", TEXT, body).await;
    assert_eq!(send(vec![b'a'; 1000].into()).await.status(), StatusCode::CREATED);
    assert_eq!(send(pieces(&[400, 600])).await.status(), StatusCode::CREATED);
    let before = (office.row_counts().await, objects(&office));
    for body in [Body::from(vec![b'a'; 1001]), pieces(&[400, 600, 1]), pieces(&[1; 1001])] {
        let (status, code, message) = refusal(send(body).await).await;
        assert_eq!((status, code.as_str()), (413, "BAD_USER_INPUT"));
        assert_eq!(message, "The file is too long: at most 1000 bytes are allowed.");
    }
    assert_eq!((office.row_counts().await, objects(&office)), before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_requests_have_limits_of_their_own() {
    let office =
        office_with(Limits { max_upload_bytes: 5000, max_body_bytes: 2000, ..Limits::default() })
            .await;
    let author = office.author();
    assert_eq!(
        put(author, Some(author.token()), "x", TEXT, vec![0; 5000]).await.status(),
        StatusCode::CREATED
    );
    let long = format!("{{ viewer {{ id }} }} #{}", "x".repeat(3000));
    let answer = Client::new()
        .post(format!("{}/graphql", office.address))
        .json(&json!({ "query": long }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_kept_but_for_folders_and_what_nobody_sees() {
    let office = Office::open().await;
    let author = office.author();
    let longest = format!("{}.txt", "é".repeat(246));
    let encoded_longest = format!("{}.txt", "%C3%A9".repeat(246));
    for (given, kept) in [
        ("..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("C:%5CUsers%5Cann%5Cplan.txt", "plan.txt"),
        ("%22quoted%22%20and%20%27so%27.txt", "\"quoted\" and 'so'.txt"),
        ("plan+of+a%2Bb.txt", "plan of a+b.txt"),
        ("%F0%9F%93%8E%20M%C3%A4rz.pdf", "📎 März.pdf"),
        ("a%0d%0ab%00c%7f%e2%80%aefdp.exe", "abcfdp.exe"),
        ("%20.hidden%20", ".hidden"),
        (&encoded_longest, &longest),
    ] {
        assert_eq!(uploaded(author, given, "x").await["name"], kept, "{given}");
    }
    let before = office.row_counts().await;
    let long = "x".repeat(500);
    for (query, message) in [
        ("name=", "The file's name must not be empty."),
        ("name=..%2F..", "The file's name must not be empty."),
        ("name=folder%2F", "The file's name must not be empty."),
        ("name=%0a", "The file's name must not be empty."),
        (&format!("name={long}"), "The file's name must have at most 250 characters."),
        ("name=%ff%fe", "The name must be UTF-8, percent-encoded."),
        ("name=a&name=b", "Name the file once, in the address: PUT /files?name=plan.pdf"),
        ("title=a", "Name the file once, in the address: PUT /files?name=plan.pdf"),
        ("", "Name the file once, in the address: PUT /files?name=plan.pdf"),
    ] {
        let request = Client::new()
            .put(format!("{}/files?{query}", office.address))
            .bearer_auth(author.token());
        let refused = refusal(request.body("x").send().await.unwrap()).await;
        assert_eq!(refused, (400, "BAD_USER_INPUT".to_owned(), message.to_owned()), "{query}");
    }
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_media_types_that_the_operator_wants_are_taken() {
    let upload_media_types = vec!["application/pdf".to_owned(), "image/*".to_owned()];
    let office = office_with(Limits { upload_media_types, ..Limits::default() }).await;
    let author = office.author();
    let send = async |media_type| put(author, Some(author.token()), "x", media_type, "x").await;
    for media_type in ["application/pdf", "IMAGE/PNG", "image/svg+xml; charset=utf-8"] {
        assert_eq!(send(Some(media_type)).await.status(), StatusCode::CREATED, "{media_type}");
    }
    let before = office.row_counts().await;
    for media_type in [TEXT, None, Some("application/pdfx"), Some("images/png")] {
        let (status, code, message) = refusal(send(media_type).await).await;
        assert_eq!((status, code.as_str()), (415, "BAD_USER_INPUT"), "{media_type:?}");
        assert!(
            message.ends_with("are not accepted; these types are: application/pdf, image/*."),
            "{message}"
        );
    }
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_media_type_and_what_is_a_form_is_refused() {
    let office = Office::open().await;
    let author = office.author();
    for media_type in [
        "text",
        "text/",
        "/plain",
        "text/pla in",
        "*/*",
        "text/<b>",
        "",
        "multipart/form-data; boundary=x",
    ] {
        let refused = put(author, Some(author.token()), "x", Some(media_type), "x").await;
        assert_eq!(refusal(refused).await.0, 415, "{media_type}");
    }
    let packed = Client::new()
        .put(format!("{}/files?name=x", office.address))
        .bearer_auth(author.token())
        .header("content-encoding", "gzip");
    assert_eq!(refusal(packed.body("x").send().await.unwrap()).await.0, 415);
    assert_eq!(office.row_counts().await["files"], 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_files_together_have_a_limit_that_says_nothing_of_what_is_stored() {
    let office = office_with(Limits { max_storage_bytes: Some(100), ..Limits::default() }).await;
    let (author, recipient) = (office.author(), office.recipient());
    uploaded(author, "most.txt", &"a".repeat(90)).await;
    let before = (office.row_counts().await, objects(&office));
    let full = put(recipient, Some(recipient.token()), "more.txt", TEXT, "b".repeat(11)).await;
    let (status, code, message) = refusal(full).await;
    assert_eq!((status, code.as_str()), (507, "STORAGE_FULL"));
    assert!(message.starts_with("There is no room left for this file."), "{message}");
    assert_eq!((office.row_counts().await, objects(&office)), before);
    // A full store also refuses bytes that it already has, so that it does not reveal its content.
    let known = put(recipient, Some(recipient.token()), "again.txt", TEXT, "a".repeat(90)).await;
    assert_eq!(refusal(known).await.1, "STORAGE_FULL");
    assert_eq!((office.row_counts().await, objects(&office)), before);
    let (one, two) = tokio::join!(
        put(author, Some(author.token()), "one.txt", TEXT, "1".repeat(10)),
        put(recipient, Some(recipient.token()), "two.txt", TEXT, "2".repeat(10))
    );
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 507], "of two that do not both fit, one is taken");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_signed_in_sends_files() {
    let office = Office::open().await;
    let author = office.author();
    let foreign = author.token().replace('.', "x.");
    for token in [None, Some(""), Some("garbled"), Some(foreign.as_str())] {
        let response = put(author, token, "x", TEXT, "x").await;
        assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
        let (status, code, _) = refusal(response).await;
        assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"), "{token:?}");
    }
    assert_eq!(office.row_counts().await["blobs"], 0);
    assert_eq!(objects(&office), [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_are_told_which_there_are() {
    let office = Office::open().await;
    let file = uploaded(office.author(), "plan.txt", "the plan").await;
    for (path, allow, methods) in [
        ("/files", "PUT", vec![Method::GET, Method::POST, Method::DELETE]),
        (
            file["url"].as_str().unwrap(),
            "GET, HEAD",
            vec![Method::PUT, Method::POST, Method::DELETE],
        ),
    ] {
        for method in methods {
            let address = format!("{}{path}", office.address);
            let response = Client::new().request(method.clone(), address).send().await.unwrap();
            assert_eq!(response.headers()["allow"], allow, "{method} {path}");
            assert_eq!(refusal(response).await.0, 405);
        }
    }
    assert_eq!(office.row_counts().await["files"], 1);
    office.close().await;
}
