//! The sample from each kind of source is the same office, and what a plain reading says.

use crate::{
    here::{Here, run, unique},
    mariadb::MariaDb,
    plain,
    there::{Copy, copy_to, database, dump, media},
};
use import::Options;
use sea_orm::Database;
use std::io::Write;

fn options(from: impl Into<String>) -> Options {
    Options { media: Some(media()), ..Options::new(from) }
}

/// Imports the sample and compares it with the plain reading.
async fn assert_same_office(from: &str) {
    let here = Here::open().await;
    let report = here.import(&options(from)).await;
    assert!(!report.is_dry_run());
    let crm = Copy::in_folder(&here.folder()).await;
    let (expected, found) = (plain::there(&crm).await, plain::here(&here).await);
    let missing: Vec<_> = expected.difference(&found).collect();
    let further: Vec<_> = found.difference(&expected).collect();
    assert!(missing.is_empty() && further.is_empty(), "{missing:#?}\n{further:#?}");
    assert!(found.len() >= 180, "{}", found.len());
    // 55 paths, of which 12 are on a task and a memo; each has its bytes.
    let blobs = here.texts("SELECT sha256 AS t FROM blobs").await;
    for sha256 in blobs {
        let query = format!("SELECT location AS t FROM blobs WHERE sha256 = '{sha256}'");
        let location = here.texts(&query).await.remove(0);
        let bytes = here.store.get(&location).await.expect("the bytes are there");
        use sha2::Digest;
        assert_eq!(hex::encode(sha2::Sha256::digest(&bytes)), sha256);
    }
    // Nobody hears of an import.
    for table in ["notifications", "mails", "memo_events", "ledger_entries"] {
        assert_eq!(here.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    // Every memo is found by its words.
    assert_eq!(here.number("SELECT count(*) FROM memo_search WHERE stale").await, 0);
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite() {
    assert_same_office(&format!("sqlite://{}", database().display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_path_of_sqlite() {
    assert_same_office(&database().display().to_string()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_dump() {
    assert_same_office(&dump().display().to_string()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_compressed_dump_in_lines_without_ids() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump.jsonl.gz");
    let objects: Vec<serde_json::Value> =
        serde_json::from_slice(&std::fs::read(dump()).unwrap()).unwrap();
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    for mut object in objects {
        // As `--natural-primary` does.
        if ["auth.user", "auth.group"].contains(&object["model"].as_str().unwrap()) {
            object.as_object_mut().unwrap().remove("pk");
        }
        writeln!(writer, "{object}").unwrap();
    }
    writer.finish().unwrap();
    assert_same_office(&path.display().to_string()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres() {
    let Ok(server) = std::env::var("MEMORANDA_TEST_POSTGRES_URL") else { return };
    let name = unique();
    run(&server, &format!("CREATE DATABASE {name}")).await;
    let (base, _) = server.rsplit_once('/').unwrap();
    let address = format!("{base}/{name}");
    let crm = Database::connect(&address).await.unwrap();
    copy_to(&crm).await;
    crm.close().await.unwrap();
    assert_same_office(&address).await;
    run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_mariadb() {
    let Some(server) = MariaDb::start().await else { return };
    let crm = server.connect("crm").await;
    copy_to(&crm).await;
    crm.close().await.unwrap();
    assert_same_office(&server.address("crm")).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_in_a_dry_run_and_the_report_is_the_same() {
    let here = Here::open().await;
    let from = dump().display().to_string();
    let before = here.rows().await;
    let dry = here.import(&Options { dry_run: true, ..options(&from) }).await;
    assert_eq!(here.rows().await, before);
    let files = std::fs::read_dir(here.files()).unwrap().count();
    assert_eq!(files, 1, "only the store's own marker");
    let real = here.import(&options(&from)).await;
    assert_eq!(dry.tables(), real.tables());
    assert_eq!(dry.oddities(), real.oddities());
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_none_is_refused_and_says_what_to_do() {
    let here = Here::open().await;
    let empty = here.folder().join("empty.sqlite3");
    let connection =
        Database::connect(format!("sqlite://{}?mode=rwc", empty.display())).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&connection, "CREATE TABLE t (a)").await.unwrap();
    connection.close().await.unwrap();
    let other = here.folder().join("other.json");
    std::fs::write(&other, "[{\"model\": \"blog.post\", \"pk\": 1, \"fields\": {}}]").unwrap();
    let cut = here.folder().join("cut.json");
    let whole = std::fs::read(dump()).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    for (from, says) in [
        ("sqlite:///nowhere/crm.db".to_owned(), "there is no file /nowhere/crm.db"),
        ("nowhere.json".to_owned(), "there is no file nowhere.json"),
        ("oracle://crm".to_owned(), "give sqlite://…, postgres://…, mysql://…"),
        (format!("sqlite://{}", empty.display()), "It lacks: auth_group, auth_user"),
        (other.display().to_string(), "has neither people (auth.user) nor memos"),
        (cut.display().to_string(), "is no complete JSON"),
    ] {
        let refused = here.try_import(&Options::new(&from)).await.unwrap_err().to_string();
        assert!(refused.contains(says), "{from}: {refused}");
    }
    let mut misspelt = Options::new(dump().display().to_string());
    misspelt.roles = vec![("cheifs".to_owned(), entity::UserRole::Chief)];
    let refused = here.try_import(&misspelt).await.unwrap_err().to_string();
    assert!(refused.contains("no group \"cheifs\": give one of \"Bookkeeping\""), "{refused}");
    assert_eq!(here.number("SELECT count(*) FROM users").await, 0);
    here.close().await;
}
