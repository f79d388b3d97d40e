//! The commands with which operators look after people and the database.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use chrono::TimeDelta;
use program::Folder;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use service::{
    Services,
    accounts::{self, Requester, SessionSettings},
    clock::{SystemClock, SystemRandomness},
    database::{DatabaseSettings, connect},
};
use std::sync::Arc;

const PASSWORD: &str = "a long and unusual password";

impl Folder {
    /// Runs a command that must succeed, and returns what it prints.
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, &[]);
        let problem = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {problem}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.prints(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// Runs a command that must fail, and returns its exit code and the message.
    fn refuses(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(arguments, &[]);
        assert!(!output.status.success(), "{arguments:?}");
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    fn add(&self, username: &str, full_name: &str) {
        let email = format!("{username}@example.org");
        self.prints(&["user", "add", username, "--full-name", full_name, "--email", &email]);
    }

    /// Signs in as a browser would, on a server of this database.
    fn sign_in(&self, username: &str) {
        let url = format!("sqlite://{}", self.0.join("memoranda.db").display());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let database = connect(&DatabaseSettings::new(url)).await.unwrap();
            let services =
                Services::new(database, Arc::new(SystemClock), Arc::new(SystemRandomness));
            let person = service::people::by_username(&services, username).await.unwrap().unwrap();
            accounts::set_password_of(&services, person.id, PASSWORD).await.unwrap();
            let account = accounts::account(&services, username).await.unwrap();
            let settings = SessionSettings { key: [7; 32], last: TimeDelta::days(1) };
            let requester = Requester::Known;
            let agent = Some("A browser");
            accounts::with_password(&services, account, PASSWORD, requester, agent, &settings)
                .await
                .unwrap();
            services.database.close().await.unwrap();
        });
    }
}

#[test]
fn people_are_listed_shown_and_changed() {
    let folder = Folder::healthy();
    folder.add("grace", "Grace Hopper");
    let table = folder.prints(&["user", "list"]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("USERNAME"), "{table}");
    assert!(lines[1].contains("ada@example.org") && lines[1].contains("ADMIN"), "{table}");
    assert_eq!(lines.len(), 3, "{table}");
    assert!(!table.contains('\u{1b}'), "no colours where nobody sees them: {table:?}");

    let admins = folder.json(&["user", "list", "--role", "admin"]);
    assert_eq!(admins.as_array().unwrap().len(), 1);
    assert_eq!(admins[0]["username"], "ada");
    assert_eq!(folder.json(&["user", "list", "--search", "hop"])[0]["username"], "grace");

    folder.prints(&["user", "role", "grace", "chief"]);
    folder.prints(&["user", "deactivate", "grace"]);
    let grace = folder.json(&["user", "show", "grace"]);
    assert_eq!((&grace["role"], &grace["active"]), (&json!("CHIEF"), &json!(false)));
    assert_eq!(folder.json(&["user", "list", "--inactive"])[0]["username"], "grace");
    folder.prints(&["user", "activate", "grace"]);
    assert_eq!(folder.json(&["user", "show", "grace"])["active"], true);
    let shown = folder.prints(&["user", "show", "grace"]);
    assert!(shown.contains("Grace Hopper") && shown.contains("has a password"), "{shown}");
}

#[test]
fn somebody_remains_an_active_administrator() {
    let folder = Folder::healthy();
    for arguments in [&["user", "deactivate", "ada"][..], &["user", "role", "ada", "member"]] {
        let (code, message) = folder.refuses(arguments);
        assert_eq!(code, Some(1));
        assert!(message.contains("the only active administrator"), "{message}");
    }
    let (_, message) = folder.refuses(&["user", "show", "nobody"]);
    assert!(message.contains("nobody has the username \"nobody\""), "{message}");
}

#[test]
fn sessions_are_listed_and_ended() {
    let folder = Folder::healthy();
    assert_eq!(folder.json(&["user", "sessions", "ada"]), json!([]));
    folder.sign_in("ada");
    let sessions = folder.json(&["user", "sessions", "ada"]);
    assert_eq!(sessions[0]["userAgent"], "A browser");
    assert!(sessions[0]["id"].as_str().unwrap().starts_with("session_"));
    let shown = folder.json(&["user", "show", "ada"]);
    assert_eq!((&shown["hasPassword"], &shown["sessions"]), (&json!(true), &json!(1)));
    folder.prints(&["user", "sign-out", "ada"]);
    assert_eq!(folder.json(&["user", "sessions", "ada"]), json!([]));
}

#[test]
fn migrations_are_listed_and_taken_back() {
    let folder = Folder::healthy();
    let all = folder.json(&["migrate", "--status"]);
    let all = all.as_array().unwrap();
    assert!(all.iter().all(|migration| migration["state"] == "applied"), "{all:?}");
    let losing = all.iter().rposition(|migration| migration["downLoses"].is_string()).unwrap();
    let steps = (all.len() - losing).to_string();

    let (code, message) = folder.refuses(&["migrate", "--down", &steps]);
    assert_eq!(code, Some(1));
    let loss = all[losing]["downLoses"].as_str().unwrap();
    assert!(message.contains(loss) && message.contains("--accept-loss"), "{message}");
    assert_eq!(folder.prints(&["migrate", "--check"]).trim(), "up to date");

    let taken = folder.prints(&["migrate", "--down", &steps, "--accept-loss"]);
    assert_eq!(taken.lines().count(), all.len() - losing, "{taken}");
    let name = all[losing]["migration"].as_str().unwrap();
    assert!(taken.contains(&format!("took back {name}")), "{taken}");
    assert_eq!(folder.json(&["migrate", "--status"])[losing]["state"], "pending");
    let applied = folder.prints(&["migrate"]);
    assert!(applied.contains(&format!("applied {name}")), "{applied}");
}

/// How many memos of the folder's database wait to be indexed, after that SQL.
fn stale_after(folder: &Folder, sql: &str) -> i64 {
    let url = format!("sqlite://{}", folder.0.join("memoranda.db").display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = connect(&DatabaseSettings::new(url)).await.unwrap();
        let connection = database.connection();
        connection.execute_unprepared(sql).await.unwrap();
        let stale = "SELECT count(*) AS n FROM memo_search WHERE stale";
        let stale = Statement::from_string(DbBackend::Sqlite, stale);
        let n = connection.query_one_raw(stale).await.unwrap().unwrap().try_get("", "n").unwrap();
        database.close().await.unwrap();
        n
    })
}

#[test]
fn migrating_indexes_memos_that_other_programs_wrote() {
    let folder = Folder::healthy();
    let memo = "INSERT INTO memos (
            id, name, description, author_id, recipient_id, stage, draft, created_at, updated_at
        )
        SELECT
            randomblob(16), 'Hello', '', id, id, 'PENDING', 1, '2026-03-02T09:00:00Z',
            '2026-03-02T09:00:00Z'
        FROM users WHERE username = 'ada'";
    assert_eq!(stale_after(&folder, memo), 1);
    assert_eq!(folder.prints(&["migrate"]).trim(), "up to date");
    assert_eq!(stale_after(&folder, "SELECT 1"), 0);
}

#[test]
fn every_way_down_that_drops_something_says_what() {
    let folder = Folder::new();
    let all = folder.json(&["migrate", "--status"]);
    let all = all.as_array().unwrap();
    assert!(all.iter().all(|migration| migration["state"] == "pending"), "{all:?}");
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../migration/src");
    for migration in all {
        let name = migration["migration"].as_str().unwrap();
        let source = std::fs::read_to_string(format!("{sources}/{name}.rs")).unwrap();
        let down = source.split("async fn down").nth(1).unwrap();
        let drops = ["drop_tables", "DROP TABLE", "DROP COLUMN"];
        let is_listed = migration["downLoses"].is_string()
            || migration::LOSSES.iter().any(|(known, _)| *known == name)
            || down.contains("refuse_to_lose");
        assert!(
            is_listed || drops.iter().all(|drop| !down.contains(drop)),
            "{name}: say in migration::LOSSES what its way down loses"
        );
    }
}

#[test]
fn ids_are_translated_both_ways() {
    let folder = Folder::new();
    let (id, uuid) = ("memo_01kqg75t92eeh9jjcqjc17xeh1", "019de072-e922-73a2-9949-9793027eba21");
    let both = json!([{ "kind": "memo", "id": id, "uuid": uuid }]);
    assert_eq!(folder.json(&["id", id]), both);
    assert_eq!(folder.json(&["id", "--kind", "memo", uuid]), both);
    assert_eq!(folder.json(&["id", "--kind", "memo", &uuid.replace('-', "")]), both);
    for (arguments, remedy) in [
        (&["id", uuid][..], "--kind memo"),
        (&["id", "--kind", "letter", uuid], "give one of memo, deleted_memo, user"),
        (&["id", "memo_nonsense"], "neither an id of the API nor a UUID"),
    ] {
        let (code, message) = folder.refuses(arguments);
        assert_eq!(code, Some(2));
        assert!(message.contains(remedy), "{message}");
    }
}

#[test]
fn shells_and_readers_get_what_they_need() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = folder.prints(&["completions", shell]);
        assert!(text.contains("sign-out") && text.contains("memoranda"), "{shell}");
    }
    assert!(folder.prints(&["man"]).contains(".TH memoranda 1"));
    folder.prints(&["man", "--to", "pages"]);
    let page = std::fs::read_to_string(folder.0.join("pages/memoranda-user-list.1")).unwrap();
    assert!(page.contains("List people by name"), "{page}");
    let version = folder.prints(&["--version"]);
    assert!(version.contains(env!("CARGO_PKG_VERSION")) && version.contains("build"), "{version}");
}

#[test]
fn the_doctor_speaks_json() {
    let folder = Folder::healthy();
    let findings = folder.json(&["doctor"]);
    let findings = findings.as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["part"] == "database"));
    assert!(findings.iter().all(|finding| finding["outcome"] == "ok"), "{findings:?}");
    let output = folder.run(&["doctor", "--json"], &[("MEMORANDA_JWT_SECRET", "")]);
    assert!(!output.status.success());
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let keys = findings.as_array().unwrap().iter().find(|finding| finding["part"] == "keys");
    assert_eq!(keys.unwrap()["outcome"], "fail");
}
