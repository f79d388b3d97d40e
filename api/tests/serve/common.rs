//! What servers of one database have in common: the file, the secret, the place of the files.

use crate::{
    program::{Folder, SECRET},
    server::Server,
};
use rustix::process::Signal;
use std::{fs, process::Output};

const OTHER: &str = "another secret for tests alone, long enough for HS256";

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// That the command fails, and says that.
fn refuses(folder: &Folder, arguments: &[&str], settings: &[(&str, &str)], words: &[&str]) {
    let output = folder.run(arguments, settings);
    let text = text(&output);
    assert!(!output.status.success(), "{arguments:?}: {text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is not in: {text}");
    }
}

fn succeeds(folder: &Folder, arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let output = folder.run(arguments, settings);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output));
    text(&output)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_an_sqlite_file_is_refused_and_commands_go_on_working() {
    let folder = Folder::healthy();
    let server = Server::start(&folder, &[]).await;
    refuses(&folder, &["serve"], &[], &["another server runs on this file", "stop it first"]);
    succeeds(&folder, &["token", "ada"], &[]);
    succeeds(&folder, &["user", "password", "ada"], &[]);
    succeeds(&folder, &["doctor"], &[]);
    succeeds(&folder, &["purge"], &[]);
    server.stop().await;
    // The lock has gone with the process.
    Server::start(&folder, &[]).await.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_terminal_is_closed_stops_as_if_told_to() {
    let folder = Folder::healthy();
    let server = Server::start(&folder, &[]).await;
    let log = server.stop_by(Signal::HUP).await.join("\n");
    assert!(log.contains("stopped"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_secret_is_refused_until_an_operator_says_that_it_is_the_new_one() {
    let folder = Folder::healthy();
    Server::start(&folder, &[]).await.stop().await;
    let other = [("MEMORANDA_JWT_SECRET", OTHER)];
    let words = ["sign with another secret", "memoranda confirm secret"];
    refuses(&folder, &["serve"], &other, &words);
    refuses(&folder, &["token", "ada"], &other, &words);
    refuses(&folder, &["doctor"], &other, &words);
    succeeds(&folder, &["confirm", "secret"], &other);
    refuses(&folder, &["serve"], &[], &words);
    Server::start(&folder, &other).await.stop().await;
    let file = fs::read(folder.0.join("memoranda.db")).unwrap();
    for secret in [SECRET, OTHER] {
        assert!(
            !file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()),
            "it is in the database"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_files_have_vanished_is_refused_and_makes_no_place_for_them_anew() {
    let folder = Folder::healthy();
    Server::start(&folder, &[]).await.stop().await;
    let (files, elsewhere) = (folder.0.join("memoranda-files"), folder.0.join("elsewhere"));
    fs::rename(&files, &elsewhere).unwrap();
    let words = ["file-store", "memoranda confirm file-store"];
    for command in ["serve", "purge", "doctor"] {
        refuses(&folder, &[command], &[], &words);
        assert!(!files.exists(), "{command} has made it");
    }
    fs::create_dir(&files).unwrap();
    for command in ["serve", "purge", "doctor"] {
        refuses(&folder, &[command], &[], &words);
        assert_eq!(fs::read_dir(&files).unwrap().count(), 0, "{command} has written there");
    }
    let moved = [("MEMORANDA_FILE_STORE", elsewhere.to_str().unwrap())];
    Server::start(&folder, &moved).await.stop().await;
    succeeds(&folder, &["confirm", "file-store"], &[]);
    succeeds(&folder, &["purge"], &[]);
    Server::start(&folder, &[]).await.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_variable_is_told_when_a_server_starts() {
    let folder = Folder::healthy();
    let log =
        Server::start(&folder, &[("MEMORANDA_LISTN", "0.0.0.0:80")]).await.stop().await.join("\n");
    assert!(
        log.contains("MEMORANDA_LISTN is not a setting: did you mean MEMORANDA_LISTEN?"),
        "{log}"
    );
}

#[test]
fn a_server_that_a_newer_version_has_overtaken_does_not_start() {
    let folder = Folder::healthy();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite://{}", folder.0.join("memoranda.db").display());
        let settings = service::database::DatabaseSettings::new(url);
        let database = service::database::connect(&settings).await.unwrap();
        let row = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2999_newer', 1)";
        sea_orm::ConnectionTrait::execute_unprepared(&**database.connection(), row).await.unwrap();
        database.close().await.unwrap();
    });
    refuses(
        &folder,
        &["serve"],
        &[],
        &["a newer memoranda has migrated this database", "m2999_newer"],
    );
}
