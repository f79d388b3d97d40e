//! Signing in by bearer JWT: every way to fail has its own clear message.

use api::auth::TokenKeys;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use memoranda_tests::{Office, SECRET};
use serde_json::{Value, json};

/// Status, code and message of a request with that `Authorization` header.
async fn sign_in(office: &Office, authorization: &str) -> (u16, String, String) {
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", office.address))
        .header("authorization", authorization)
        .json(&json!({ "query": "{ viewer { username } }" }));
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let challenge = response.headers().get("www-authenticate").cloned();
    assert_eq!(status == 401, challenge.is_some(), "{authorization}");
    let body: Value = response.json().await.unwrap();
    if status == 200 {
        return (
            status,
            String::new(),
            body["data"]["viewer"]["username"].as_str().unwrap_or_default().to_owned(),
        );
    }
    let error = &body["errors"][0];
    assert!(error["extensions"]["requestId"].is_string(), "{body:#}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (status, text(&error["extensions"]["code"]), text(&error["message"]))
}

fn token(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    format!("Bearer {}", jsonwebtoken::encode(&Header::new(algorithm), claims, &key).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_token_is_refused_with_its_own_message() {
    let office = Office::open().await;
    let now = office.services.now().timestamp();
    let sub = office.author().id.to_string();
    let good =
        json!({ "sub": sub, "iss": "memoranda", "aud": "memoranda", "iat": now, "exp": now + 60 });
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    let hs256 = |claims: Value| token(Algorithm::HS256, SECRET, &claims);
    assert_eq!(
        sign_in(&office, &hs256(good.clone())).await,
        (200, String::new(), "author".to_owned())
    );

    let signed = hs256(good.clone());
    let with_header = |header: &str, signature: &str| {
        let payload = signed.split('.').nth(1).unwrap();
        format!("Bearer {}.{payload}.{signature}", URL_SAFE_NO_PAD.encode(header))
    };
    let signature = signed.rsplit('.').next().unwrap();
    let critical = {
        let header = Header { crit: Some(vec!["b64".to_owned()]), ..Header::new(Algorithm::HS256) };
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        format!("Bearer {}", jsonwebtoken::encode(&header, &good, &key).unwrap())
    };
    let tampered = format!("{}AAAA", &signed[..signed.len() - 4]);
    let cases = [
        ("Basic YTpi".to_owned(), "must read `Bearer <token>`"),
        ("Bearer".to_owned(), "must read `Bearer <token>`"),
        ("Bearer ".to_owned(), "must read `Bearer <token>`"),
        ("Bearer garbage".to_owned(), "malformed"),
        ("Bearer a.b.c".to_owned(), "malformed"),
        (format!("Bearer {}", "x".repeat(16_385)), "at most 16384 bytes"),
        (hs256(with("groups", json!("x".repeat(40_000)))), "at most 16384 bytes"),
        (hs256(with("sid", json!(uuid::Uuid::max()))), "the session has ended"),
        (with_header(r#"{"alg":"none","typ":"JWT"}"#, ""), "not signed with HS256"),
        (with_header(r#"{"alg":"RS256","typ":"JWT"}"#, signature), "not signed with HS256"),
        (with_header(r#"{"alg":"ES256","typ":"JWT"}"#, signature), "not signed with HS256"),
        (token(Algorithm::HS512, SECRET, &good), "not signed with HS256"),
        (
            token(Algorithm::HS256, "another secret that is long enough, too", &good),
            "signature is not this server's",
        ),
        (critical, "its header's typ or crit"),
        (tampered, "signature is not this server's"),
        (hs256(with("iss", json!("elsewhere"))), "not issued by and for this server"),
        (hs256(with("aud", json!("elsewhere"))), "not issued by and for this server"),
        (hs256(without("sub")), "lacks"),
        (hs256(without("exp")), "lacks"),
        (hs256(without("aud")), "lacks"),
        (hs256(without("iss")), "lacks"),
        (hs256(with("aud", json!(["elsewhere", "nowhere"]))), "not issued by and for this server"),
        (hs256(with("exp", json!(now))), "has expired"),
        (hs256(with("exp", json!(now - 1_000_000))), "has expired"),
        (hs256(with("nbf", json!(now + 60))), "not valid yet"),
        (hs256(with("nbf", json!(now as f64 + 0.5))), "not valid yet"),
        (hs256(with("sub", json!("author"))), "unknown or inactive"),
        (hs256(with("sub", json!(uuid::Uuid::max()))), "unknown or inactive"),
    ];
    for (authorization, expected) in cases {
        let (status, code, message) = sign_in(&office, &authorization).await;
        assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"), "{expected}");
        assert!(message.contains(expected), "{message:?} instead of {expected:?}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_other_issuers_of_the_same_secret_are_taken_as_the_standard_has_it() {
    let office = Office::open().await;
    let now = office.services.now().timestamp();
    let sub = office.author().id.to_string();
    for claims in [
        json!({ "sub": sub, "iss": "memoranda", "aud": "memoranda", "exp": now + 1 }),
        json!({ "sub": sub, "iss": "memoranda", "aud": "memoranda", "exp": now + 1,
            "sid": "another system's" }),
        json!({ "sub": sub, "iss": "memoranda", "aud": ["elsewhere", "memoranda"], "exp": now + 1,
            "nbf": now }),
        json!({ "sub": sub, "iss": "memoranda", "aud": "memoranda", "exp": now as f64 + 0.5,
            "iat": "ignored" }),
    ] {
        let answer = sign_in(&office, &token(Algorithm::HS256, SECRET, &claims)).await;
        assert_eq!(answer, (200, String::new(), "author".to_owned()), "{claims}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_deactivated_is_out_from_the_next_request_on() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let expires =
        office.keys.issue(office.author().id, office.services.now(), TimeDelta::hours(1)).unwrap();
    assert_eq!(sign_in(&office, &format!("Bearer {expires}")).await.2, "author");
    office.sql("UPDATE users SET active = FALSE WHERE username = 'author'").await;
    assert_eq!(sign_in(&office, &format!("Bearer {expires}")).await.1, "UNAUTHENTICATED");
    assert_eq!(office.recipient().type_of(&memo.id).await, "Memo", "the memos stay");
    office.sql("UPDATE users SET active = TRUE WHERE username = 'author'").await;
    office.clock.advance(TimeDelta::hours(1));
    assert!(sign_in(&office, &format!("Bearer {expires}")).await.2.contains("has expired"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_nothing_is_visible() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let query = "query ($id: ID!) { viewer { id } memo(id: $id) { id } node(id: $id) { id } \
        nodes(ids: [$id]) { id } }";
    let answer = office.anonymous().data(query, json!({ "id": memo.id })).await;
    assert_eq!(answer, json!({ "viewer": null, "memo": null, "node": null, "nodes": [null] }));
    let preview = "query ($id: ID!) { viewer { id } memoDeletionPreview(memoId: $id) { verdict } }";
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", office.address))
        .json(&json!({ "query": preview, "variables": { "id": memo.id } }));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "a request without a token is refused field by field");
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["data"], json!({ "viewer": null, "memoDeletionPreview": null }));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    office.close().await;
}

#[test]
fn a_short_secret_is_refused_with_its_remedy() {
    let problem = TokenKeys::new(&"x".repeat(31), "memoranda", "memoranda").unwrap_err();
    assert!(
        problem.contains("31 bytes")
            && problem.contains("at least 32")
            && problem.contains("openssl"),
        "{problem}"
    );
    assert!(TokenKeys::new(&"x".repeat(32), "memoranda", "memoranda").is_ok());
}
