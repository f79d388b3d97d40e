//! Attacks on accounts of this server: guessing, cookies, pages of other origins.

use crate::{
    accounts::{PASSWORD, give_password, is_signed_in, refresh, sign_in, with_session},
    process::start_server,
};
use api::http::{Limits, RateLimits};
use chrono::TimeDelta;
use memoranda_tests::{Heard, Office, Options, codes};
use reqwest::header::{HeaderMap, HeaderValue};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const SIGN_IN: &str =
    "mutation ($password: String!) { signIn(input: { username: \"author\", password: $password }) {
    accessToken refreshToken userErrors { code message } } }";
const REFRESH: &str = "mutation { refreshSession(input: {}) { accessToken refreshToken userErrors \
    { code message } } }";
const SIGN_OUT: &str = "mutation { signOut(input: {}) { signedOut } }";

/// Sends a document with these headers; returns the cookie in the answer, and the data.
async fn send(
    office: &Office,
    headers: &[(&'static str, &str)],
    query: &str,
) -> (Option<String>, Value) {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", office.address))
        .headers(map)
        .json(&json!({ "query": query, "variables": { "password": PASSWORD } }));
    let response = request.send().await.unwrap();
    let cookie =
        response.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
    if cookie.is_some() {
        assert_eq!(response.headers()["cache-control"], "no-store");
    }
    let mut answer: Value = response.json().await.unwrap();
    assert!(answer.get("errors").is_none(), "{answer:#}");
    (cookie, answer["data"].take())
}

fn pair(cookie: &str) -> &str {
    cookie.split(';').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_has_the_same_answer() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    give_password(&office, office.stranger()).await;
    office.sql("UPDATE users SET active = FALSE WHERE username = 'stranger'").await;
    let expected = sign_in(&office, "author", "a wrong password").await;
    assert_eq!(codes(&expected), ["INVALID_CREDENTIALS"]);
    let long = "x".repeat(10_000);
    for (name, password) in [
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("author", ""),
        ("author", long.as_str()),
        (long.as_str(), PASSWORD),
        ("recipient", PASSWORD),
        ("recipient", ""),
        ("stranger", PASSWORD),
        ("author\0", PASSWORD),
        ("' OR '1'='1", PASSWORD),
    ] {
        assert_eq!(sign_in(&office, name, password).await, expected, "{name:.20} {password:.20}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_is_delayed_and_the_person_elsewhere_is_not() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    for _ in 0..5 {
        assert_eq!(
            codes(&sign_in(&office, "author", "a wrong password").await),
            ["INVALID_CREDENTIALS"]
        );
    }
    let delayed = sign_in(&office, "author", PASSWORD).await;
    assert_eq!(codes(&delayed), ["TRY_LATER"], "although this one is right");
    assert!(
        delayed["userErrors"][0]["message"].as_str().unwrap().contains("again in 1 seconds"),
        "{delayed}"
    );
    let unknown = async || sign_in(&office, "nobody", PASSWORD).await;
    for _ in 0..5 {
        assert_eq!(codes(&unknown().await), ["INVALID_CREDENTIALS"]);
    }
    assert_eq!(
        unknown().await["userErrors"],
        delayed["userErrors"],
        "as for a name that nobody has"
    );
    assert_eq!(
        codes(&sign_in(&office, "AUTHOR", PASSWORD).await),
        ["TRY_LATER"],
        "another spelling"
    );

    // Another address of the same machine.
    let elsewhere =
        reqwest::Client::builder().local_address("127.0.0.2".parse::<std::net::IpAddr>().unwrap());
    let request = elsewhere
        .build()
        .unwrap()
        .post(format!("{}/graphql", office.address))
        .json(&json!({ "query": SIGN_IN, "variables": { "password": PASSWORD } }));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert!(answer["data"]["signIn"]["accessToken"].is_string(), "{answer:#}");

    office.clock.advance(TimeDelta::seconds(1));
    assert!(sign_in(&office, "author", PASSWORD).await["accessToken"].is_string());
    for _ in 0..5 {
        let failed = sign_in(&office, "author", "a wrong password").await;
        assert_eq!(codes(&failed), ["INVALID_CREDENTIALS"], "success has cleared the count");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_in_one_request_count_as_many() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let guesses: Vec<String> = (0..10)
        .map(|n| {
            format!(
                "g{n}: signIn(input: {{ username: \"author\", password: \"guess {n}\", \
            refreshTokenInBody: true }}) {{ userErrors {{ code }} }}"
            )
        })
        .collect();
    let data =
        office.anonymous().data(&format!("mutation {{ {} }}", guesses.join(" ")), json!({})).await;
    let refused = |n: usize| codes(&data[format!("g{n}")])[0].to_owned();
    assert_eq!(
        (refused(4), refused(5)),
        ("INVALID_CREDENTIALS".to_owned(), "TRY_LATER".to_owned())
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_keeps_the_refresh_token_where_no_script_reads_it() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let (cookie, data) = send(&office, &[], SIGN_IN).await;
    let cookie = cookie.unwrap();
    assert!(data["signIn"]["accessToken"].is_string());
    assert_eq!(data["signIn"]["refreshToken"], json!(null), "it is nowhere else");
    assert!(cookie.starts_with("memoranda-refresh="), "{cookie}");
    assert!(
        cookie.ends_with("; Max-Age=2592000; Path=/graphql; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );

    let (next, data) = send(&office, &[("cookie", pair(&cookie))], REFRESH).await;
    let next = next.unwrap();
    assert!(
        data["refreshSession"]["accessToken"].is_string()
            && data["refreshSession"]["refreshToken"].is_null()
    );
    assert_ne!(pair(&cookie), pair(&next));
    let (none, data) = send(&office, &[("cookie", pair(&next))], "{ viewer { id } }").await;
    assert_eq!((none, &data["viewer"]), (None, &json!(null)), "the cookie signs nobody in");
    let (forgotten, data) = send(&office, &[("cookie", pair(&next))], SIGN_OUT).await;
    assert_eq!(data["signOut"]["signedOut"], true);
    assert!(forgotten.unwrap().starts_with("memoranda-refresh=; Max-Age=0;"));
    let (_, data) = send(&office, &[("cookie", pair(&next))], REFRESH).await;
    assert_eq!(codes(&data["refreshSession"]), ["SESSION_ENDED"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookie_goes_nowhere_else() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let (cookie, _) = send(&office, &[("host", "crm.example.org")], SIGN_IN).await;
    let cookie = cookie.unwrap();
    assert!(
        cookie.starts_with("__Secure-memoranda-refresh=") && cookie.ends_with("; Secure"),
        "{cookie}"
    );
    let (_, data) =
        send(&office, &[("host", "crm.example.org"), ("cookie", pair(&cookie))], REFRESH).await;
    assert!(data["refreshSession"]["accessToken"].is_string());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_gets_nothing_by_the_cookie() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let cookie = send(&office, &[], SIGN_IN).await.0.unwrap();
    let cookie = ("cookie", pair(&cookie));
    for from in [
        ("origin", "https://evil.example.org"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let (_, data) = send(&office, &[cookie, from], REFRESH).await;
        assert_eq!(codes(&data["refreshSession"]), ["SESSION_ENDED"], "{from:?}");
        let (_, data) = send(&office, &[cookie, from], SIGN_OUT).await;
        assert_eq!(data["signOut"]["signedOut"], false, "{from:?}");
    }
    for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let request = reqwest::Client::new()
            .post(format!("{}/graphql", office.address))
            .header("cookie", cookie.1)
            .header("content-type", content_type)
            .body(json!({ "query": REFRESH }).to_string());
        assert_eq!(request.send().await.unwrap().status(), 415, "what a form could send");
    }
    let own = office.address.clone();
    let (_, data) = send(&office, &[cookie, ("origin", &own)], REFRESH).await;
    assert!(data["refreshSession"]["accessToken"].is_string(), "it was not used up");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_sets_no_cookie_needs_the_token_in_its_body() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let mut socket = office.anonymous().connect().await;
    socket.subscribe("1", SIGN_IN, json!({ "password": PASSWORD })).await;
    let Heard::Message(message) = socket.next().await else { panic!("closed") };
    assert_eq!(codes(&message["payload"]["data"]["signIn"]), ["INVALID_INPUT"]);
    let mut events = office.anonymous().listen(SIGN_IN, json!({ "password": PASSWORD })).await;
    assert_eq!(codes(&events.answer().await["data"]["signIn"]), ["INVALID_INPUT"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_refresh_token_ends_nobodys_session() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let payload = sign_in(&office, "author", PASSWORD).await;
    let author = with_session(&office, office.author(), &payload);
    let token = payload["refreshToken"].as_str().unwrap();
    for made_up in [
        String::new(),
        "garbage".to_owned(),
        format!("{}AAAA", &token[..71]),
        format!("{}B{}", &token[..30], &token[31..]),
        "A".repeat(75),
        "x".repeat(100_000),
    ] {
        assert_eq!(codes(&refresh(&office, &json!(made_up)).await), ["SESSION_ENDED"]);
    }
    assert!(is_signed_in(&author).await);
    assert!(refresh(&office, &json!(token)).await["accessToken"].is_string());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_call_itself_whatever_it_likes() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    send(&office, &[("user-agent", &"x".repeat(5_000))], SIGN_IN).await;
    let session = entity::session::Entity::find().one(office.services.database.connection()).await;
    assert_eq!(session.unwrap().unwrap().user_agent.unwrap(), "x".repeat(200));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_and_colleagues_at_one_address_keep_nobody_from_refreshing() {
    let rates = RateLimits { sign_ins_per_address: 3, ..RateLimits::default() };
    let limits = Limits { rates, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    give_password(&office, office.author()).await;
    let mut token = sign_in(&office, "author", PASSWORD).await["refreshToken"].clone();
    for n in 0..40 {
        assert_eq!(
            codes(&refresh(&office, &json!(format!("garbage {n}"))).await),
            ["SESSION_ENDED"]
        );
        // As many people refresh from the address as there are hashing permits.
        token = refresh(&office, &token).await["refreshToken"].clone();
        assert!(token.is_string(), "refresh {n}");
    }
    assert!(
        sign_in(&office, "author", PASSWORD).await["accessToken"].is_string(),
        "tries are counted apart"
    );
    assert!(sign_in(&office, "author", PASSWORD).await["accessToken"].is_string());
    let input = json!({ "username": "author", "password": PASSWORD, "refreshTokenInBody": true });
    let again = "mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }";
    let (code, _) = office.anonymous().error(again, json!({ "input": input })).await;
    assert_eq!(code, "RATE_LIMITED");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_as_many_tries_by_username_and_address_together() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    // The part before the @ is not the username.
    office.sql("UPDATE users SET email = 'wren@example.org' WHERE username = 'author'").await;
    for n in 0..5 {
        let name = if n % 2 == 0 { "author" } else { "wren@example.org" };
        assert_eq!(
            codes(&sign_in(&office, name, "a wrong password").await),
            ["INVALID_CREDENTIALS"]
        );
    }
    for name in ["author", "wren@example.org"] {
        assert_eq!(codes(&sign_in(&office, name, PASSWORD).await), ["TRY_LATER"], "{name}");
    }
    office.clock.advance(TimeDelta::seconds(1));
    assert!(sign_in(&office, "wren@example.org", PASSWORD).await["accessToken"].is_string());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_strangers_keeps_nobody_out_who_was_here_before() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    // Hashing permits belong to a process: other tests have their own.
    let (mut process, address) = start_server(&office).await;
    let sign_in = |client: reqwest::Client, name: String, password: &str| {
        let input = json!({ "username": name, "password": password, "refreshTokenInBody": true });
        let query = "mutation ($input: SignInInput!) { signIn(input: $input) { accessToken \
            userErrors { code } } }";
        let request = client.post(format!("{address}/graphql"));
        let request = request.json(&json!({ "query": query, "variables": { "input": input } }));
        async move {
            let answer: Value = request.send().await.unwrap().json().await.unwrap();
            answer["data"]["signIn"].clone()
        }
    };
    let honest = reqwest::Client::new();
    let known = sign_in(honest.clone(), "author".to_owned(), PASSWORD).await;
    assert!(known["accessToken"].is_string(), "{known}");
    // More at a time than may wait, each from its own address.
    let flood = (2..=90).map(|n| {
        let from: std::net::IpAddr = format!("127.0.0.{n}").parse().unwrap();
        let client = reqwest::Client::builder().local_address(from).build().unwrap();
        let sign_in = &sign_in;
        async move {
            let mut turned_away = 0;
            for round in 0..2 {
                let answer =
                    sign_in(client.clone(), format!("nobody {n} {round}"), "a wrong password")
                        .await;
                turned_away += usize::from(answer["userErrors"][0]["code"] == "TRY_LATER");
            }
            turned_away
        }
    });
    let honest = async {
        for _ in 0..5 {
            let answer = sign_in(honest.clone(), "author".to_owned(), PASSWORD).await;
            assert!(answer["accessToken"].is_string(), "{answer}");
        }
    };
    let (turned_away, ()) = tokio::join!(futures_util::future::join_all(flood), honest);
    assert!(turned_away.into_iter().sum::<usize>() > 0, "it was no flood");
    process.kill().await.unwrap();
    office.close().await;
}
