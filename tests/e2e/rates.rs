//! How often one person and one address may send requests.

use api::http::{ClientLimits, Limits, RateLimits};
use chrono::TimeDelta;
use memoranda_tests::{Actor, Heard, Office, Options, difference};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

const ASK: &str = "{ viewer { username } }";

async fn office(rates: RateLimits) -> Office {
    Office::open_with(Options {
        limits: Limits { rates, ..Limits::default() },
        ..Options::default()
    })
    .await
}

async fn post(actor: &Actor, query: &str, forwarded_for: &str) -> Response {
    let request = reqwest::Client::new().post(format!("{}/graphql", actor.address));
    let request =
        if actor.token().is_empty() { request } else { request.bearer_auth(actor.token()) };
    let request = request.header("x-forwarded-for", forwarded_for);
    request.json(&json!({ "query": query })).send().await.unwrap()
}

/// The text of the refusal, after its form was checked.
async fn refusal(response: Response, retry_after: u64) -> String {
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], retry_after.to_string());
    let body: Value = response.json().await.unwrap();
    let error = &body["errors"][0];
    assert!(body.get("data").is_none(), "{body:#}");
    assert_eq!(error["extensions"]["code"], "RATE_LIMITED", "{body:#}");
    assert_eq!(error["extensions"]["retryAfterSeconds"], retry_after, "{body:#}");
    assert!(error["extensions"]["requestId"].is_string(), "{body:#}");
    error["message"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_an_allowance_that_comes_back() {
    let office = office(RateLimits { operations_per_person: 3, ..RateLimits::default() }).await;
    for _ in 0..3 {
        assert_eq!(post(office.author(), ASK, "").await.status(), 200);
    }
    let message = refusal(post(office.author(), ASK, "").await, 20).await;
    assert!(
        message.contains("at most 3 operations per minute are allowed for a person"),
        "{message}"
    );
    assert_eq!(post(office.recipient(), ASK, "").await.status(), 200, "others have their own");
    office.clock.advance(TimeDelta::seconds(20));
    assert_eq!(post(office.author(), ASK, "").await.status(), 200);
    assert_eq!(post(office.author(), ASK, "").await.status(), 429);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mutations_have_a_smaller_one_and_what_is_refused_does_nothing() {
    let office = office(RateLimits { mutations_per_person: 1, ..RateLimits::default() }).await;
    let (first, second) = (office.memo().create().await, office.memo().create().await);
    let delete = |id: &str| {
        format!(
            "mutation {{ deleteMemo(input: {{ memoId: \"{id}\" }}) {{ userErrors {{ code }} }} }}"
        )
    };
    assert_eq!(post(office.author(), &delete(&first.id), "").await.status(), 200);
    let before = office.row_counts().await;
    let message = refusal(post(office.author(), &delete(&second.id), "").await, 60).await;
    assert!(message.contains("at most 1 mutations per minute"), "{message}");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    assert_eq!(post(office.author(), ASK, "").await.status(), 200, "queries go on");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mutation_of_an_operation_counts() {
    let office = office(RateLimits { mutations_per_person: 10, ..RateLimits::default() }).await;
    let create = |names: std::ops::Range<usize>| {
        let to = office.recipient().user_id();
        let fields: Vec<String> = names
            .map(|n| {
                format!(
                    "m{n}: createMemo(input: {{ name: \"{n}\", recipientId: \"{to}\" }}) {{ \
                    userErrors {{ code }} }}"
                )
            })
            .collect();
        format!("mutation {{ {} }}", fields.join(" "))
    };
    assert_eq!(post(office.author(), &create(0..8), "").await.status(), 200);
    assert_eq!(office.row_counts().await["memos"], 8);
    refusal(post(office.author(), &create(8..11), "").await, 6).await;
    assert_eq!(office.row_counts().await["memos"], 8, "none of them was done");
    assert_eq!(post(office.author(), &create(8..10), "").await.status(), 200, "nor counted");
    let message = refusal(post(office.author(), &create(0..11), "").await, 60).await;
    assert!(message.contains("contains 11, but at most 10 mutations per minute"), "{message}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_one_and_only_a_trusted_proxy_names_addresses() {
    let rates = RateLimits { operations_per_address: 2, ..RateLimits::default() };
    let office1 = office(rates).await;
    // A client that names another address each time is not believed.
    assert_eq!(post(&office1.anonymous(), "{ __typename }", "192.0.2.1").await.status(), 200);
    assert_eq!(post(office1.author(), ASK, "192.0.2.2").await.status(), 200);
    let mut socket = office1.author().connect().await;
    let statements = office1.statements();
    let message = refusal(post(office1.author(), ASK, "192.0.2.3").await, 30).await;
    socket.subscribe("1", ASK, json!({})).await;
    let Heard::Message(refused) = socket.next().await else { panic!("closed") };
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{refused:#}");
    assert_eq!(office1.statements(), statements, "nobody was even signed in");
    assert!(
        message.contains("at most 2 operations per minute are allowed from an address"),
        "{message}"
    );
    office1.close().await;

    let clients = ClientLimits {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..ClientLimits::default()
    };
    let office2 = Office::open_with(Options {
        limits: Limits { rates, clients, ..Limits::default() },
        ..Options::default()
    })
    .await;
    for (address, status) in [
        ("192.0.2.1", 200),
        ("198.51.100.1, 192.0.2.1", 200),
        ("198.51.100.2, 192.0.2.1", 429),
        ("192.0.2.2", 200),
    ] {
        assert_eq!(post(office2.author(), ASK, address).await.status(), status, "{address}");
    }
    office2.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_websocket_the_operation_is_refused_and_the_connection_stays() {
    let office = office(RateLimits { operations_per_person: 1, ..RateLimits::default() }).await;
    let mut socket = office.author().connect().await;
    socket.subscribe("1", ASK, json!({})).await;
    assert_eq!(socket.answer("1").await["data"]["viewer"]["username"], "author");
    assert_eq!(socket.next().await, Heard::Message(json!({ "type": "complete", "id": "1" })));
    socket.subscribe("2", ASK, json!({})).await;
    let Heard::Message(message) = socket.next().await else { panic!("closed") };
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("2")), "{message:#}");
    assert_eq!(message["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{message:#}");
    office.clock.advance(TimeDelta::minutes(1));
    socket.subscribe("3", ASK, json!({})).await;
    assert_eq!(socket.answer("3").await["data"]["viewer"]["username"], "author");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_of_a_batch_counts() {
    let rates = RateLimits { operations_per_person: 2, ..RateLimits::default() };
    let office = Office::open_with(Options {
        limits: Limits { rates, max_batch: 3, ..Limits::default() },
        ..Options::default()
    })
    .await;
    let url = format!("{}/graphql", office.address);
    let body = vec![json!({ "query": ASK }); 3];
    let request = reqwest::Client::new().post(url).bearer_auth(office.author().token()).json(&body);
    let answers: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answers[1]["data"]["viewer"]["username"], "author", "{answers:#}");
    assert_eq!(answers[2]["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answers:#}");
    office.close().await;
}

/// Every try counts, also several in one request, and in any mutation that takes the password.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_so_many_tries_to_sign_in() {
    let sign_in = "signIn(input: { username: \"ada\", password: \"a password of nobody\" }) { \
        userErrors { code } }";
    let change = "changePassword(input: { currentPassword: \"x\", newPassword: \"y\" }) { \
        userErrors { code } }";
    for (person, field) in [("anonymous", sign_in), ("author", change)] {
        let office = office(RateLimits { sign_ins_per_address: 2, ..RateLimits::default() }).await;
        let person = if person == "author" { office.author().clone() } else { office.anonymous() };
        let once = format!("mutation {{ {field} }}");
        let thrice = format!("mutation {{ a: {field} b: {field} c: {field} }}");
        assert_eq!(post(&person, &once, "").await.status(), 200, "{field}");
        let message = refusal(post(&person, &thrice, "").await, 30).await;
        assert!(message.contains("at most 2 attempts to sign in per minute"), "{message}");
        assert_eq!(post(&person, ASK, "").await.status(), 200, "anything else is not concerned");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_says_what_it_has_cost_if_the_operator_wants_that() {
    let limits = Limits {
        cost_extension: true,
        max_complexity: 1_000,
        rates: RateLimits {
            operations_per_person: 10,
            mutations_per_person: 5,
            ..RateLimits::default()
        },
        ..Limits::default()
    };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let cost = async |query: &str| {
        let answer = office.author().send(query, json!({})).await;
        answer["extensions"]["cost"].clone()
    };
    let mark = "mutation { markAllNotificationsRead(input: {}) { markedCount } }";
    assert_eq!(
        cost(ASK).await,
        json!({ "asked": 2, "allowed": 1000, "operationsLeft": 9, "mutationsLeft": 5 })
    );
    assert_eq!(
        cost(mark).await,
        json!({ "asked": 2, "allowed": 1000, "operationsLeft": 8, "mutationsLeft": 4 })
    );
    let lists = cost("{ memos(first: 10) { nodes { id } } }").await;
    assert!(lists["asked"].as_u64().unwrap() >= 10, "{lists:#}");
    // Nobody has an allowance without a name.
    let anonymous = office.anonymous().send(ASK, json!({})).await;
    assert_eq!(
        anonymous["extensions"]["cost"],
        json!({ "asked": 2, "allowed": 1000, "operationsLeft": null, "mutationsLeft": null })
    );
    office.close().await;

    let office = Office::open().await;
    let answer = office.author().send(ASK, json!({})).await;
    assert_eq!(answer, json!({ "data": { "viewer": { "username": "author" } } }));
    office.close().await;
}
