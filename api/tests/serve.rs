//! `memoranda serve` and `memoranda health`, by the program itself: what a supervisor is told, what the log tells, and what it never does.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use program::{Folder, SECRET};
use reqwest::{Client, RequestBuilder, Response};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::{
    os::unix::net::UnixDatagram,
    process::Stdio,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinHandle,
};

/// A running server.
struct Server {
    process: Child,
    /// The lines of its log so far.
    log: Arc<Mutex<Vec<String>>>,
    reading: JoinHandle<()>,
    address: String,
    metrics: String,
}

impl Server {
    /// Starts it and waits until it listens.
    async fn start(folder: &Folder, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_memoranda"));
        command.current_dir(&folder.0).arg("serve").env_clear().env("MEMORANDA_JWT_SECRET", SECRET);
        command.env("MEMORANDA_LISTEN", "127.0.0.1:0").env("MEMORANDA_METRICS_LISTEN", "127.0.0.1:0");
        command.envs(settings.iter().copied()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (mut seen, mut address, mut metrics) = (Vec::new(), None, None);
        while address.is_none() {
            let line =
                lines.next_line().await.unwrap().unwrap_or_else(|| panic!("it ended:\n{}", seen.join("\n")));
            let after = |words: &str| {
                let (_, rest) = line.split_once(words)?;
                Some(rest.split(['"', ' ']).next().unwrap().to_owned())
            };
            metrics = after("metrics at ").or(metrics);
            address = after("listening on ");
            seen.push(line);
        }
        let log = Arc::new(Mutex::new(seen));
        let rest = log.clone();
        let reading = tokio::spawn(async move {
            while let Some(line) = lines.next_line().await.unwrap() {
                rest.lock().unwrap().push(line);
            }
        });
        Self { process, log, reading, address: address.unwrap(), metrics: metrics.unwrap() }
    }

    fn signal(&self) {
        let id = Pid::from_raw(self.process.id().unwrap().try_into().unwrap()).unwrap();
        kill_process(id, Signal::TERM).unwrap();
    }

    /// Asks it to stop; its whole log.
    async fn stop(mut self) -> Vec<String> {
        self.signal();
        assert!(self.process.wait().await.unwrap().success());
        self.reading.await.unwrap();
        let log = self.log.lock().unwrap();
        log.clone()
    }

    fn post(&self, body: &impl ToString) -> RequestBuilder {
        let request = Client::new().post(format!("{}/graphql", self.address));
        request.header("content-type", "application/json").body(body.to_string())
    }
}

async fn json_of(request: RequestBuilder) -> Value {
    let response: Response = request.send().await.unwrap();
    response.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_is_told_and_health_is_as_the_server_is() {
    let folder = Folder::healthy();
    let socket = UnixDatagram::bind(folder.0.join("supervisor")).unwrap();
    let told = || {
        let mut text = [0; 64];
        let length = socket.recv(&mut text).unwrap();
        String::from_utf8(text[..length].to_vec()).unwrap()
    };
    let path = folder.0.join("supervisor");
    let settings = [("NOTIFY_SOCKET", path.to_str().unwrap()), ("MEMORANDA_DRAIN_SECONDS", "600")];
    let server = Server::start(&folder, &settings).await;
    assert_eq!(told().trim(), "READY=1");
    let listen = server.address.trim_start_matches("http://").to_owned();
    let health = || folder.run(&["health", "--listen", &listen], &[]);
    let well = health();
    assert!(well.status.success());
    assert_eq!(String::from_utf8(well.stdout).unwrap(), "ready\n");
    let everywhere = format!("0.0.0.0:{}", listen.rsplit_once(':').unwrap().1);
    assert!(folder.run(&["health", "--listen", &everywhere], &[]).status.success());

    server.signal();
    assert_eq!(told().trim(), "STOPPING=1");
    let stopping = loop {
        let output = health();
        if !output.status.success() {
            break output;
        }
    };
    assert_eq!(stopping.status.code(), Some(1));
    assert!(String::from_utf8(stopping.stderr).unwrap().contains("about to stop"));
    // The second signal ends the draining.
    let log = server.stop().await;
    assert!(log.iter().any(|line| line.contains("draining ends early")), "{log:#?}");
    let gone = health();
    assert_eq!(gone.status.code(), Some(1));
    let text = String::from_utf8(gone.stderr).unwrap();
    assert!(text.contains("does not answer") && text.contains("memoranda doctor"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_who_did_what_and_never_what_they_wrote_or_signed_in_with() {
    let folder = Folder::healthy();
    let output = folder.run(&["user", "password", "ada"], &[]);
    let password = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let password = password.split_whitespace().last().unwrap().to_owned();
    let settings = [("MEMORANDA_LOG", "debug"), ("MEMORANDA_LOG_FORMAT", "json")];
    let server = Server::start(&folder, &settings).await;

    let sign_in = |password: &str| {
        let query = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken refreshToken user { id } userErrors { code } } }";
        let input = json!({ "username": "ada", "password": password, "refreshTokenInBody": true });
        server.post(&json!({ "query": query, "variables": { "input": input } }))
    };
    let refused = json_of(sign_in("hunter2-of-the-log")).await;
    assert_ne!(refused["data"]["signIn"]["userErrors"], json!([]), "{refused}");
    let signed_in = json_of(sign_in(&password)).await["data"]["signIn"].take();
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{signed_in}")).to_owned();
    let (access, person) = (text(&signed_in["accessToken"]), text(&signed_in["user"]["id"]));
    let refresh = text(&signed_in["refreshToken"]);
    let ask = |query: &str, input: Value| {
        let body = json!({ "query": query, "variables": { "input": input } });
        server.post(&body).bearer_auth(&access).header("x-request-id", "of-this-test")
    };
    let create = "mutation WriteMemo($input: CreateMemoInput!) { createMemo(input: $input) { memo { id } userErrors { message } } }";
    let input = json!({ "name": "Zanzibar name", "description": "Zanzibar description", "recipientId": person, "draft": false });
    let memo = json_of(ask(create, input)).await["data"]["createMemo"]["memo"]["id"].take();
    let comment =
        "mutation Say($input: AddCommentInput!) { addComment(input: $input) { userErrors { message } } }";
    json_of(ask(comment, json!({ "memoId": memo, "body": "Zanzibar comment" }))).await;
    let delete = "mutation Away($input: DeleteMemoInput!) { deleteMemo(input: $input) { deletedMemoId userErrors { message } } }";
    let deleted = json_of(ask(delete, json!({ "memoId": memo, "reason": "Zanzibar reason" }))).await;
    assert_eq!(deleted["data"]["deleteMemo"]["deletedMemoId"], memo, "{deleted}");
    // What cannot be read is not repeated.
    for body in [
        "\"Zanzibar\"".to_owned(),
        json!({ "query": "{ viewer { id } }", "variables": "Zanzibar" }).to_string(),
        json!({ "query": ["Zanzibar"] }).to_string(),
        json!({ "query": "{ Zanzibar }" }).to_string(),
        json!({ "query": "{ memo(id: \"Zanzibar\") { id } }" }).to_string(),
        json!({ "query": "{ memo(id: Zanzibar) { id } }" }).to_string(),
        json!({ "query": "query A { viewer { id } } query B { viewer { id } }", "operationName": "Zanzibar" }).to_string(),
    ] {
        assert!(json_of(server.post(&body)).await["errors"].is_array(), "{body}");
    }
    let get = Client::new().get(format!("{}/graphql?query=%7BZanzibar%7D", server.address));
    assert!(json_of(get).await["errors"].is_array());
    let put = Client::new().put(format!("{}/files?name=Zanzibar.txt", server.address)).bearer_auth(&access);
    assert_eq!(
        put.header("content-type", "text/plain").body("Zanzibar bytes").send().await.unwrap().status(),
        201
    );
    let bad =
        server.post(&json!({ "query": "{ viewer { id } }" })).header("authorization", "Bearer Zanzibar.a.b");
    assert_eq!(bad.send().await.unwrap().status(), 401);
    let cookie =
        server.post(&json!({ "query": "{ viewer { id } }" })).header("cookie", "memoranda-refresh=Zanzibar");
    assert_eq!(cookie.send().await.unwrap().status(), 200);
    let metrics = reqwest::get(&server.metrics).await.unwrap().text().await.unwrap();

    let log = server.stop().await;
    let whole = log.join("\n");
    for secret in ["Zanzibar", "hunter2", SECRET, &password, &access, &refresh] {
        assert!(!whole.contains(secret), "{secret} in the log:\n{whole}");
        assert!(!metrics.contains(secret), "{secret} in the metrics:\n{metrics}");
    }
    let lines: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let operation = |name: &str| {
        let found = lines.iter().find(|line| line["message"] == "operation" && line["operation"] == name);
        found.unwrap_or_else(|| panic!("nothing of {name}:\n{whole}"))
    };
    let away = operation("Away");
    assert_eq!(
        (
            &away["kind"],
            &away["fields"],
            &away["outcome"],
            &away["transport"],
            &away["span"]["id"],
            &away["address"]
        ),
        (
            &json!("mutation"),
            &json!("deleteMemo"),
            &json!("OK"),
            &json!("http"),
            &json!("of-this-test"),
            &json!("127.0.0.1")
        )
    );
    let deletion = lines.iter().find(|line| line["message"] == "memo deleted").unwrap();
    assert_eq!(deletion["person"], away["person"]);
    assert_eq!(operation("SignIn")["person"], Value::Null);
    assert!(lines.iter().any(|line| line["message"] == "answered" && line["status"] == 401));
}
