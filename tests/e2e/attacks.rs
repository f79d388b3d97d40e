//! The input of attackers, all sent to one server process. Each is refused with a message, an
//! honest client is served at the same time, and the process does not grow.
//!
//! Other files attack their own servers: nested input, fragments that spread each other and
//! mutations under one key (`document.rs`); foreign content types (`http.rs`); slow heads, bodies
//! and readers (`slow_clients.rs`); too many requests (`rates.rs`); unread answers (`unread.rs`);
//! an overloaded database (`overload.rs`); files that fill the disk (`files_under_way.rs`);
//! requests that violate the standards (`refused_requests.rs`).

use crate::process::start_server;
use memoranda_tests::{Actor, Heard, Office, Socket};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How much larger the process may be after the attacks than before, because of caches and the
/// allocator.
const KEPT_BYTES: u64 = 64 * 1_048_576;

/// The input, and a part of the expected message.
struct Attack {
    name: &'static str,
    document: String,
    variables: Value,
    refusal: &'static str,
}

fn attack(name: &'static str, document: String, refusal: &'static str) -> Attack {
    Attack { name, document, variables: json!({}), refusal }
}

fn nested(open: &str, levels: usize, middle: &str, close: &str) -> String {
    format!("{}{middle}{}", open.repeat(levels), close.repeat(levels))
}

fn attacks() -> Vec<Attack> {
    let many =
        |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let spread_twice = many(28, &|n| {
        format!(
            " fragment F{n} on __Type {{ a: ofType {{ ...F{0} }} b: ofType {{ ...F{0} }} }}",
            n + 1
        )
    });
    let mut attacks = vec![
        attack(
            "aliases",
            format!("{{ {} }}", many(1_000, &|n| format!("a{n}: viewer {{ id }} "))),
            "aliases: at most",
        ),
        attack(
            "directives",
            format!("{{ viewer {{ id {} }} }}", "@skip(if: false) ".repeat(1_000)),
            "directives: at most",
        ),
        attack(
            "fields",
            format!("{{ viewer {{ {} }} }}", "id ".repeat(30_000)),
            "tokens are allowed",
        ),
        attack("unknown fields", format!("{{ {} }}", many(5_000, &|n| format!("f{n} "))), "f0"),
        attack(
            "conflicts",
            format!(
                "{{ {} }}",
                many(90, &|n| format!("a: memos(first: {n}) {{ nodes {{ id }} }} "))
            ),
            "conflicting",
        ),
        attack(
            "introspection",
            format!(
                "{{ __schema {{ types {{ {} }} }} }}",
                nested("fields { type { ", 6, "name", "} }")
            ),
            "The introspection is nested too deep",
        ),
        attack(
            "introspection by name",
            format!(
                "{{ __type(name: \"Memo\") {{ {} }} }}",
                nested("fields { type { interfaces { ", 4, "name", "} } }")
            ),
            "The introspection is nested too deep",
        ),
        attack(
            "introspection many times over",
            format!(
                "{{ __schema {{ {} }} }}",
                many(85, &|n| format!("a{n}: types {{ description fields {{ description }} }} "))
            ),
            "too much of the schema",
        ),
        attack(
            "fragments",
            format!(
                "{{ __schema {{ types {{ ...F0 }} }} }}{spread_twice} fragment F28 on __Type {{ \
                name }}"
            ),
            "at most",
        ),
        attack(
            "fragments in a circle",
            "{ viewer { ...A } } fragment A on User { ...A }".to_owned(),
            "A",
        ),
        attack(
            "pages of pages",
            "{ memos(first: 100) { nodes { comments(first: 100) { nodes { memo \
            { comments(first: 100) { nodes { id } } } } } } } }"
                .to_owned(),
            "at most",
        ),
        attack(
            "two roots of a subscription",
            "subscription { a: memoEvents { kind } b: memoEvents { kind } }".to_owned(),
            "",
        ),
        Attack {
            name: "a long list",
            document: "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned(),
            variables: json!({ "ids": vec!["memo_x"; 50_000] }),
            refusal: "at most 1000 are allowed",
        },
        Attack {
            name: "a long variable in many places",
            document: format!(
                "query ($text: String) {{ {} }}",
                many(30, &|n| format!(
                    "a{n}: tags(filter: {{ text: $text }}) {{ nodes {{ id }} }} "
                ))
            ),
            variables: json!({ "text": "x".repeat(900_000) }),
            refusal: "arguments of the operation are too large",
        },
    ];
    for levels in [500, 10_000, 100_000] {
        attacks.extend([
            attack("nested selections", nested("{ viewer ", levels, "{ id }", "}"), ""),
            attack(
                "nested lists",
                format!("{{ nodes(ids: {}) {{ id }} }}", nested("[", levels, "", "]")),
                "",
            ),
            attack(
                "nested objects",
                format!(
                    "{{ memos(filter: {}) {{ nodes {{ id }} }} }}",
                    nested("{ a: ", levels, "1", "}")
                ),
                "",
            ),
            attack(
                "nested in a directive",
                format!("{{ viewer @include(if: {}) {{ id }} }}", nested("[", levels, "", "]")),
                "",
            ),
            attack(
                "nested default",
                format!(
                    "query ($x: [ID!]! = {}) {{ nodes(ids: $x) {{ id }} }}",
                    nested("[", levels, "", "]")
                ),
                "",
            ),
        ]);
    }
    attacks
}

/// The memory that the process holds.
pub fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}

async fn is_served(honest: &Actor, during: &str) {
    let answer = honest.data("{ viewer { username } memos { totalCount } }", json!({})).await;
    assert_eq!(answer["viewer"]["username"], "author", "during {during}");
}

/// The first error, of an answer or of an `error` message.
fn refused(name: &str, errors: &Value, expected: &str) {
    let message = errors[0]["message"].as_str().unwrap_or_else(|| panic!("{name} got {errors:#}"));
    assert!(message.contains(expected), "{name} got {message}");
    assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT", "{name} got {errors:#}");
    assert!(errors.to_string().len() < 8_000, "the answer to {name} is long");
}

async fn over_http(attacker: &Actor, honest: &Actor) {
    for Attack { name, document, variables, refusal } in attacks() {
        let ask = attacker.send(&document, variables);
        let (answer, ()) = tokio::join!(ask, is_served(honest, name));
        assert!(answer["data"].is_null(), "{name} got {answer:#}");
        refused(name, &answer["errors"], refusal);
    }
}

async fn over_websocket(attacker: &Actor, honest: &Actor) {
    let mut socket = attacker.connect().await;
    for Attack { name, document, variables, refusal } in attacks() {
        let payload = json!({ "query": document, "variables": variables });
        let message = json!({ "type": "subscribe", "id": name, "payload": payload });
        // Input that is longer than a message may be ends the connection instead.
        if message.to_string().len() > 1_000_000 {
            continue;
        }
        socket.send(message).await;
        let (heard, ()) = tokio::join!(socket.next(), is_served(honest, name));
        let Heard::Message(message) = heard else {
            panic!("{name} closed the connection: {heard:?}")
        };
        assert_eq!(
            (&message["type"], &message["id"]),
            (&json!("error"), &json!(name)),
            "{message:#}"
        );
        refused(name, &message["payload"], refusal);
    }
}

/// Bodies that are not a request.
async fn bodies(attacker: &Actor, honest: &Actor) {
    let variables = |levels| {
        let nested = nested("[", levels, "", "]");
        format!(
            "{{\"query\":\"query ($x: [ID!]!) {{ nodes(ids: $x) {{ id }} \
             }}\",\"variables\":{{\"x\":{nested}}}}}"
        )
    };
    let one = "{\"query\":\"{ __typename }\"}";
    for (name, body, status) in [
        ("10 MB", format!("{{\"query\":\"{{ viewer {{ {} }} }}\"}}", "id ".repeat(3_500_000)), 413),
        ("a batch", format!("[{}]", vec![one; 1_000].join(",")), 400),
        ("variables of 500 levels", variables(500), 400),
        ("variables of 10,000 levels", variables(10_000), 400),
        ("variables of 100,000 levels", variables(100_000), 400),
        ("nothing but brackets", "[".repeat(900_000), 400),
    ] {
        let request = reqwest::Client::new().post(format!("{}/graphql", attacker.address));
        let request = request
            .bearer_auth(attacker.token())
            .header("content-type", "application/json")
            .body(body);
        let (response, ()) = tokio::join!(request.send(), is_served(honest, name));
        let response = response.unwrap_or_else(|error| panic!("{name} got {error}"));
        assert_eq!(response.status(), status, "{name}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{name} got {answer:#}"
        );
    }
    for levels in [500, 100_000] {
        let mut socket = attacker.connect().await;
        let payload = variables(levels);
        socket
            .send_text(&format!("{{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{payload}}}"))
            .await;
        assert_eq!(socket.next().await, Heard::Closed(4400));
    }
    // From pages of other origins: forms and scripts send these without asking the server first.
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
    {
        let request =
            reqwest::Client::new().post(format!("{}/graphql", attacker.address)).body(one);
        let response = request.header("content-type", content_type).send().await.unwrap();
        assert_eq!(response.status(), 415, "{content_type}");
    }
    assert_eq!(
        Socket::open_with(
            &attacker.address,
            &[
                ("sec-websocket-protocol", "graphql-transport-ws"),
                ("origin", "https://evil.example")
            ]
        )
        .await
        .err(),
        Some(403)
    );
}

/// A thousand connections that send nothing, or only a part, until the server closes them.
async fn idle(attacker: &Actor, honest: &Actor) {
    let address = attacker.address.trim_start_matches("http://");
    let mut streams = Vec::new();
    for n in 0..1_000 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        if n % 2 == 0 {
            stream.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\n").await.unwrap();
        }
        streams.push(stream);
    }
    is_served(honest, "a thousand idle connections").await;
    for mut stream in streams {
        // A reset also ends it.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_under_attack_refuses_serves_others_and_keeps_its_size() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let (process, address) = start_server(&office).await;
    let id = process.id().unwrap();
    let (mut attacker, mut honest) = (office.stranger().clone(), office.author().clone());
    attacker.address.clone_from(&address);
    honest.address = address;
    for _ in 0..20 {
        is_served(&honest, "peace").await;
    }
    let before = resident(id);
    for _ in 0..2 {
        over_http(&attacker, &honest).await;
        over_websocket(&attacker, &honest).await;
        bodies(&attacker, &honest).await;
    }
    idle(&attacker, &honest).await;
    is_served(&honest, "the end").await;
    let after = resident(id);
    assert!(
        after <= before + KEPT_BYTES,
        "the process grew from {} to {} MB",
        before / 1_048_576,
        after / 1_048_576
    );
    assert_eq!(honest.type_of(&memo.id).await, "Memo", "nothing was changed");
    drop(process);
    office.close().await;
}
