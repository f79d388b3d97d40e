//! The ledger through the commands, as an operator restores a backup.

use crate::{
    program::{Folder, SECRET},
    server::{Server, json_of},
};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

const LEDGER: (&str, &str) = ("MEMORANDA_LEDGER", "ledger.ndjson");
const OTHER: &str = "another secret for tests alone, long enough for HS256";

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Runs a command with the ledger: its exit code and its output.
fn run(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let output = folder.run(arguments, &[LEDGER]);
    (output.status.code(), text(&output))
}

fn succeeds(folder: &Folder, arguments: &[&str]) -> String {
    let (code, text) = run(folder, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {text}");
    text
}

/// That the command fails with the exit code 1, and says that.
fn fails(folder: &Folder, arguments: &[&str], words: &[&str]) {
    let (code, text) = run(folder, arguments);
    assert_eq!(code, Some(1), "{arguments:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is not in: {text}");
    }
}

/// What the doctor says about the ledger.
fn doctor(folder: &Folder, settings: &[(&str, &str)]) -> String {
    let output = folder.run(&["doctor"], settings);
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.split_whitespace().nth(1) == Some("ledger"));
    line.map(str::to_owned).unwrap_or_default()
}

/// Memos of Ada to herself: their ids.
async fn write(server: &Server, token: &str, count: usize) -> Vec<String> {
    let query = "mutation { createMemo(input: { name: \"Zanzibar\", description: \"Zanzibar\", \
        recipientId: \"ME\", draft: false }) { memo { id } } }";
    let viewer = json!({ "query": "{ viewer { id } }" });
    let viewer = json_of(server.post(&viewer).bearer_auth(token)).await;
    let query = query.replace("ME", viewer["data"]["viewer"]["id"].as_str().unwrap());
    let mut ids = Vec::new();
    for _ in 0..count {
        let answer = json_of(server.post(&json!({ "query": query })).bearer_auth(token)).await;
        let id = answer["data"]["createMemo"]["memo"]["id"].as_str();
        ids.push(id.unwrap_or_else(|| panic!("{answer}")).to_owned());
    }
    ids
}

/// Deletes them. Of each ten, restores the first, and erases the next two.
async fn delete(server: &Server, token: &str, ids: &[String]) {
    let ask = async |query: &str, variables: Value| {
        let body = json!({ "query": query, "variables": variables });
        json_of(server.post(&body).bearer_auth(token)).await["data"].take()
    };
    let delete = "mutation ($id: ID!) { deleteMemo(input: { memoId: $id }) { receipt { id } } }";
    let restore = "mutation ($id: ID!) { restoreMemo(input: { deletionId: $id }) { memo { id } } }";
    let preview = "query ($id: ID!) { memoErasurePreview(deletionId: $id) { confirmationToken } }";
    let erase = "mutation ($id: ID!, $token: String) { eraseMemoDeletion(input: { deletionId: $id,
        confirmationToken: $token, reason: \"A lawful request of Xanthippe\" }) {
        userErrors { code } } }";
    for (n, id) in ids.iter().enumerate() {
        let answer = ask(delete, json!({ "id": id })).await;
        let record = &answer["deleteMemo"]["receipt"]["id"];
        assert!(record.is_string(), "{answer}");
        match n % 10 {
            0 => {
                let answer = ask(restore, json!({ "id": record })).await;
                assert_eq!(answer["restoreMemo"]["memo"]["id"], json!(id), "{answer}");
            }
            1 | 2 => {
                let shown = ask(preview, json!({ "id": record })).await;
                let confirmed = &shown["memoErasurePreview"]["confirmationToken"];
                let answer = ask(erase, json!({ "id": record, "token": confirmed })).await;
                assert_eq!(answer["eraseMemoDeletion"]["userErrors"], json!([]), "{answer}");
            }
            _ => {}
        }
    }
}

/// Begins to replay, and kills the process after its first step. `false`: there was none.
fn replay_one_step(folder: &Folder) -> bool {
    let mut replay = Command::new(env!("CARGO_BIN_EXE_memoranda"))
        .current_dir(&folder.0)
        .args(["ledger", "replay", "--apply"])
        .env_clear()
        .envs([("MEMORANDA_JWT_SECRET", SECRET), LEDGER])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(replay.stdout.take().unwrap()).read_line(&mut line).unwrap();
    replay.kill().unwrap();
    replay.wait().unwrap();
    ["delete ", "restore ", "erase "].iter().any(|step| line.starts_with(step))
}

fn put_back(folder: &Folder) {
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(folder.0.join(format!("memoranda.db{end}")));
    }
    fs::copy(folder.0.join("backup.db"), folder.0.join("memoranda.db")).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_restored_and_the_commands_repeat_what_it_lacks() {
    let folder = Folder::healthy();
    let token = succeeds(&folder, &["token", "ada"]).trim().to_owned();
    let server = Server::start(&folder, &[LEDGER]).await;
    let ids = write(&server, &token, 50).await;
    server.stop().await;
    fs::copy(folder.0.join("memoranda.db"), folder.0.join("backup.db")).unwrap();
    let server = Server::start(&folder, &[LEDGER]).await;
    delete(&server, &token, &ids).await;
    server.stop().await;
    assert!(doctor(&folder, &[LEDGER]).starts_with("ok"), "{}", doctor(&folder, &[LEDGER]));
    assert!(succeeds(&folder, &["ledger", "verify"]).contains("intact: 66 lines"));
    let ledger = fs::read_to_string(folder.0.join("ledger.ndjson")).unwrap();
    for text in ["Zanzibar", "Xanthippe"] {
        assert!(!ledger.contains(text), "it has no text");
    }

    put_back(&folder);
    let line = doctor(&folder, &[LEDGER]);
    assert!(line.starts_with("warning") && line.contains("lacks 65 things"), "{line}");
    assert!(line.contains("memoranda ledger replay --dry-run"), "{line}");
    let log = Server::start(&folder, &[LEDGER]).await.stop().await.join("\n");
    assert!(log.contains("older than the ledger"), "{log}");
    let listed = succeeds(&folder, &["ledger", "replay", "--dry-run"]);
    assert_eq!(listed.lines().filter(|line| line.starts_with("delete ")).count(), 50);
    assert_eq!(listed.lines().filter(|line| line.starts_with("restore ")).count(), 5);
    assert_eq!(listed.lines().filter(|line| line.starts_with("erase ")).count(), 10);
    for id in &ids {
        assert!(listed.contains(id.as_str()), "{id} is not in: {listed}");
    }
    assert!(
        listed.contains("would be repeated: deletions 50, restores 5, purges 0, erasures 10"),
        "{listed}"
    );

    // It is killed (SIGKILL) after each step, and goes on.
    let mut killed = 0;
    while replay_one_step(&folder) {
        killed += 1;
    }
    assert!(killed > 10, "only {killed} were killed in the midst of it");
    succeeds(&folder, &["ledger", "replay", "--apply"]);
    let again = succeeds(&folder, &["ledger", "replay", "--apply"]);
    assert_eq!(
        again.lines().last().unwrap(),
        "nothing to repeat: the database has what the ledger says"
    );
    assert!(doctor(&folder, &[LEDGER]).starts_with("ok"), "{}", doctor(&folder, &[LEDGER]));
    let server = Server::start(&folder, &[LEDGER]).await;
    for (n, id) in ids.iter().enumerate() {
        let query = "query ($id: ID!) { node(id: $id) { __typename } \
            memoDeletions(filter: { memoId: $id }) { nodes { memoName erasedBy { id } } } \
            }";
        let body = json!({ "query": query, "variables": { "id": id } });
        let answer = json_of(server.post(&body).bearer_auth(&token)).await;
        let expected = if n % 10 == 0 { "Memo" } else { "DeletedMemo" };
        assert_eq!(answer["data"]["node"]["__typename"], expected, "{n}: {answer}");
        let records = answer["data"]["memoDeletions"]["nodes"].as_array().unwrap();
        let record = &records[0];
        let is_erased = matches!(n % 10, 1 | 2);
        assert_eq!(record["erasedBy"].is_object(), is_erased, "{n}: {answer}");
        assert_eq!(record["memoName"].is_null(), is_erased, "{n}: {answer}");
    }
    server.stop().await;
    assert_eq!(fs::read_to_string(folder.0.join("ledger.ndjson")).unwrap(), ledger);

    let changed = ledger.replacen("\"DELETED\"", "\"PURGED\"", 1);
    fs::write(folder.0.join("ledger.ndjson"), changed).unwrap();
    fails(&folder, &["ledger", "verify"], &["line 2 of the ledger is not what was written"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_ledger_stops_a_server_until_an_operator_confirms_its_place() {
    let folder = Folder::healthy();
    assert_eq!(doctor(&folder, &[]), "", "nothing is said without a ledger");
    let token = succeeds(&folder, &["token", "ada"]).trim().to_owned();
    let server = Server::start(&folder, &[LEDGER]).await;
    let ids = write(&server, &token, 2).await;
    delete(&server, &token, &ids).await;
    server.stop().await;
    let line = doctor(&folder, &[]);
    assert!(line.starts_with("warning") && line.contains("ledger is not set"), "{line}");
    let log = Server::start(&folder, &[]).await.stop().await.join("\n");
    assert!(log.contains("this server has none"), "{log}");

    let file = folder.0.join("ledger.ndjson");
    fs::remove_file(&file).unwrap();
    let words = ["this is not the ledger that the database knows", "memoranda confirm ledger"];
    fails(&folder, &["serve"], &words);
    fails(&folder, &["doctor"], &words);
    fails(&folder, &["ledger", "replay", "--apply"], &words);
    assert!(!file.exists(), "none of them has begun another one");
    succeeds(&folder, &["confirm", "ledger"]);
    Server::start(&folder, &[LEDGER]).await.stop().await;
    let text = succeeds(&folder, &["ledger", "verify"]);
    assert!(text.contains("intact: 5 lines"), "start, two deletions, restore, erasure: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_secret_checks_the_lines_of_its_time() {
    let folder = Folder::healthy();
    Server::start(&folder, &[LEDGER]).await.stop().await;
    let renewed = [LEDGER, ("MEMORANDA_JWT_SECRET", OTHER)];
    let output = folder.run(&["ledger", "verify"], &renewed);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output);
    assert!(said.contains("1 of 1 lines") && said.contains("--former-secrets"), "{said}");
    fs::write(folder.0.join("secrets"), format!("{SECRET}\n")).unwrap();
    let arguments = ["ledger", "verify", "--former-secrets", "secrets"];
    let output = folder.run(&arguments, &renewed);
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn a_ledger_that_cannot_be_opened_is_a_wrong_setting() {
    let folder = Folder::healthy();
    for (place, problem) in [("none/ledger", "its folder does not exist"), (".", "it is a folder")]
    {
        let output = folder.run(&["ledger", "verify"], &[("MEMORANDA_LEDGER", place)]);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output);
        assert!(said.contains(problem) && said.contains("give the path of a file"), "{said}");
    }
    let output = folder.run(&["ledger", "verify"], &[]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("ledger is not set"), "{}", text(&output));
    let output = folder.run(&["ledger", "replay"], &[LEDGER]);
    assert_eq!(output.status.code(), Some(2), "it must say what it does: {}", text(&output));
}
