//! What the log contains, and what it must never contain.

use crate::{
    program::{Folder, SECRET},
    server::{Server, json_of},
};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_who_did_what_and_never_what_they_wrote_or_signed_in_with() {
    let folder = Folder::healthy();
    let output = folder.run(&["user", "password", "ada"], &[]);
    let password = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let password = password.split_whitespace().last().unwrap().to_owned();
    let settings = [("MEMORANDA_LOG", "debug"), ("MEMORANDA_LOG_FORMAT", "json")];
    let server = Server::start(&folder, &settings).await;

    let sign_in = |password: &str| {
        let query = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken \
            refreshToken user { id } userErrors { code } } }";
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
    let create = "mutation WriteMemo($input: CreateMemoInput!) { createMemo(input: $input) { memo \
        { id } userErrors { message } } }";
    let input = json!({ "name": "Zanzibar name", "description": "Zanzibar description",
        "recipientId": person, "draft": false });
    let memo = json_of(ask(create, input)).await["data"]["createMemo"]["memo"]["id"].take();
    let comment = "mutation Say($input: AddCommentInput!) { addComment(input: $input) { userErrors \
        { message } } }";
    json_of(ask(comment, json!({ "memoId": memo, "body": "Zanzibar comment" }))).await;
    let delete = "mutation Away($input: DeleteMemoInput!) { deleteMemo(input: $input) { \
        deletedMemoId userErrors { message } } }";
    let deleted =
        json_of(ask(delete, json!({ "memoId": memo, "reason": "Zanzibar reason" }))).await;
    assert_eq!(deleted["data"]["deleteMemo"]["deletedMemoId"], memo, "{deleted}");
    // The log does not repeat unreadable input.
    for body in [
        "\"Zanzibar\"".to_owned(),
        json!({ "query": "{ viewer { id } }", "variables": "Zanzibar" }).to_string(),
        json!({ "query": ["Zanzibar"] }).to_string(),
        json!({ "query": "{ Zanzibar }" }).to_string(),
        json!({ "query": "{ memo(id: \"Zanzibar\") { id } }" }).to_string(),
        json!({ "query": "{ memo(id: Zanzibar) { id } }" }).to_string(),
        json!({ "query": "query A { viewer { id } } query B { viewer { id } \
            }", "operationName": "Zanzibar" })
        .to_string(),
    ] {
        assert!(json_of(server.post(&body)).await["errors"].is_array(), "{body}");
    }
    let get = Client::new().get(format!("{}/graphql?query=%7BZanzibar%7D", server.address));
    assert!(json_of(get).await["errors"].is_array());
    let put = Client::new()
        .put(format!("{}/files?name=Zanzibar.txt", server.address))
        .bearer_auth(&access);
    assert_eq!(
        put.header("content-type", "text/plain")
            .body("Zanzibar bytes")
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    let bad = server
        .post(&json!({ "query": "{ viewer { id } }" }))
        .header("authorization", "Bearer Zanzibar.a.b");
    assert_eq!(bad.send().await.unwrap().status(), 401);
    let cookie = server
        .post(&json!({ "query": "{ viewer { id } }" }))
        .header("cookie", "memoranda-refresh=Zanzibar");
    assert_eq!(cookie.send().await.unwrap().status(), 200);
    say_over_a_websocket(&server.address, br#"{"type":"Zanzibar"}"#).await;
    let metrics = reqwest::get(&server.metrics).await.unwrap().text().await.unwrap();

    let unknown = "memo_01h455vb4pex5vsknk084sn02q";
    let hold = "mutation Nothing($input: DeleteMemoInput!) { deleteMemo(input: $input) { \
        deletedMemoId } }";
    json_of(ask(hold, json!({ "memoId": unknown }))).await;

    let log = server.stop().await;
    let whole = log.join("\n");
    for secret in ["Zanzibar", "hunter2", SECRET, &password, &access, &refresh] {
        assert!(!whole.contains(secret), "{secret} in the log:\n{whole}");
        assert!(!metrics.contains(secret), "{secret} in the metrics:\n{metrics}");
    }
    let lines: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let operation = |name: &str| {
        let found =
            lines.iter().find(|line| line["message"] == "operation" && line["operation"] == name);
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
    // The ids that the client has find its lines.
    assert_eq!((&deletion["memo_id"], &deletion["person"]), (&memo, &json!(person)));
    for line in &lines {
        let mut line = line.clone();
        // The request has its own id, which the client also has.
        line.as_object_mut().unwrap().remove("span");
        assert!(!has_uuid(&line.to_string()), "{line}");
    }
    // A refusal is logged, even if the client did not ask for its code.
    let nothing = operation("Nothing");
    assert_eq!((&nothing["outcome"], &nothing["refusals"]), (&json!("OK"), &json!("NOT_FOUND")));
    assert_eq!(operation("SignIn")["refusals"], json!("INVALID_CREDENTIALS"));
    assert_eq!(away["refusals"], Value::Null);
    assert_eq!(operation("SignIn")["person"], Value::Null);
    assert!(lines.iter().any(|line| line["message"] == "answered" && line["status"] == 401));
    assert!(lines.iter().any(|line| line["message"] == "WebSocket closed" && line["code"] == 4400));
}

/// Whether there is a UUID in the text, with hyphens.
fn has_uuid(text: &str) -> bool {
    let is_uuid = |word: &str| {
        let lengths: Vec<usize> = word.split('-').map(str::len).collect();
        lengths == [8, 4, 4, 4, 12] && word.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
    };
    text.split(|c: char| c != '-' && !c.is_ascii_alphanumeric()).any(is_uuid)
}

/// Says that in one short frame, and waits until the server has closed the connection.
async fn say_over_a_websocket(address: &str, message: &[u8]) {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let open = format!(
        "GET /graphql HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: \
         Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: \
         graphql-transport-ws\r\n\r\n"
    );
    stream.write_all(open.as_bytes()).await.unwrap();
    // The whole of a text, masked with nothing.
    let mut frame = vec![0x81, 0x80 | u8::try_from(message.len()).unwrap(), 0, 0, 0, 0];
    frame.extend_from_slice(message);
    stream.write_all(&frame).await.unwrap();
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await.unwrap();
    assert!(String::from_utf8_lossy(&heard).starts_with("HTTP/1.1 101"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_and_the_whole_folder_name_nobody_who_was_erased() {
    let folder = Folder::healthy();
    let names = ["--full-name", "Lady Lovelace", "--email", "l@lovelace.example"];
    let person = [["user", "add", "lovelace"].as_slice(), &names].concat();
    assert!(folder.run(&person, &[]).status.success());
    let password_of = |username: &str| {
        let output = folder.run(&["user", "password", username], &[]);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let passwords = [password_of("ada"), password_of("lovelace")];
    let ledger = folder.0.join("ledger.ndjson");
    let ledger = ("MEMORANDA_LEDGER", ledger.to_str().unwrap());
    let settings = [("MEMORANDA_LOG", "debug"), ("MEMORANDA_LOG_FORMAT", "json"), ledger];
    let server = Server::start(&folder, &settings).await;
    let mut tokens = Vec::new();
    for (name, password) in ["ada", "l@lovelace.example"].into_iter().zip(&passwords) {
        let query = "mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }";
        let input = json!({ "username": name, "password": password, "refreshTokenInBody": true });
        let body = json!({ "query": query, "variables": { "input": input } });
        let signed_in = json_of(server.post(&body)).await;
        tokens.push(signed_in["data"]["signIn"]["accessToken"].as_str().unwrap().to_owned());
    }
    let ask = async |token: &str, query: &str, variables: Value| {
        let body = json!({ "query": query, "variables": variables });
        json_of(server.post(&body).bearer_auth(token)).await["data"].take()
    };
    let me = ask(&tokens[1], "{ viewer { id } }", json!({})).await["viewer"]["id"].take();
    let write = "mutation ($id: ID!) { createMemo(input: { name: \"To myself\", recipientId: $id, \
        draft: false }) { memo { id } } }";
    let memo = ask(&tokens[1], write, json!({ "id": me })).await["createMemo"]["memo"]["id"].take();
    let review = "mutation ($id: ID!) { reviewMemo(input: { memoId: $id }) { memo { id } } }";
    ask(&tokens[1], review, json!({ "id": memo })).await;
    let rename = "mutation ($id: ID!) { updateUser(input: { userId: $id, fullName: \"Countess \
        Lovelace\" }) { user { fullName } userErrors { code } } }";
    ask(&tokens[0], rename, json!({ "id": me })).await;
    let preview = "query ($id: ID!) { personErasurePreview(userId: $id) { confirmationToken } }";
    let token = ask(&tokens[0], preview, json!({ "id": me })).await;
    let erase = "mutation Erase($input: ErasePersonInput!) { erasePerson(input: $input) { pending \
        erasure { id } userErrors { code } } }";
    let input = json!({ "userId": me, "reason": "Request",
        "confirmationToken": token["personErasurePreview"]["confirmationToken"] });
    let erased = ask(&tokens[0], erase, json!({ "input": input })).await["erasePerson"].take();
    assert_eq!((&erased["pending"], &erased["userErrors"]), (&json!(false), &json!([])));

    let log = server.stop().await;
    let line = log.iter().find(|line| line.contains("\"person erased\"")).expect("it is logged");
    assert!(line.contains(me.as_str().unwrap()) && line.contains("person_erasure_"), "{line}");
    let mut places = vec![("the log".to_owned(), log.join("\n").into_bytes())];
    let mut folders = vec![folder.0.clone()];
    while let Some(path) = folders.pop() {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                places.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    assert!(places.len() > 2, "the database and the ledger are among them");
    for (place, bytes) in places {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("lovelace"), "{place} names an erased person");
    }
}
