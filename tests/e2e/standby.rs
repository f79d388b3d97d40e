//! A standby answers reads. Nobody notices that: every read sees what was committed before it, and
//! the primary answers if the standby cannot.

use chrono::TimeDelta;
use memoranda_tests::{
    Actor, DatabaseOptions, Node, OPENING, Office, Options, Programs, TestDatabase, at,
    is_postgres, until_standby_is_used,
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};
use service::database::{DatabaseSettings, connect, with_standby};
use std::path::Path;
use tempfile::TempDir;

const INBOX: &str = "{ memos(box: INBOX, first: 1) { nodes { id viewerCanDelete } } }";
const PREVIEW: &str = "query ($id: ID!) { memoDeletionPreview(memoId: $id) { verdict } }";

/// A primary and its standby.
struct Pair {
    standby: Node,
    primary: Node,
    folder: TempDir,
}

impl Pair {
    async fn open() -> Self {
        let programs = Programs::find(None).unwrap();
        let folder = tempfile::Builder::new().prefix("memoranda-pair-").tempdir().unwrap();
        // PostgreSQL may run as another user.
        let everyone = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), everyone).unwrap();
        let primary = Node::create(&programs, folder.path().join("primary")).await.unwrap();
        let standby = Node::follow(&primary, folder.path().join("standby")).await.unwrap();
        Self { standby, primary, folder }
    }

    async fn office(&self) -> Office {
        let database = TestDatabase::create_on_node(&self.primary).await;
        let standby = Some(self.standby.address);
        let of_standby = DatabaseOptions { standby, ..DatabaseOptions::default() };
        let options = Options { database: of_standby, ..Options::default() };
        Office::open_in(database, at(OPENING), options).await
    }

    fn close(self) {
        drop((self.standby, self.primary));
        self.folder.close().unwrap();
    }
}

/// A connection to that office's database at a server.
async fn at_server(node: &Node, office: &Office) -> DatabaseConnection {
    let name = Path::new(&office.database().url).file_name().unwrap().to_str().unwrap();
    Database::connect(node.url(name)).await.unwrap()
}

async fn run(node: &Node, sql: &str) {
    let connection = Database::connect(node.url("postgres")).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// How many of the office's connections to that server have read a list or a preview. After a
/// failure, a connection that is returned is asked whether it is in a transaction.
async fn readers(node: &Node, office: &Office) -> i64 {
    let connection = at_server(node, office).await;
    let sql = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
        AND pid <> pg_backend_pid() \
        AND (query LIKE '%directory_counter%' OR query = '-- given back')";
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    let readers = row.unwrap().unwrap().try_get("", "n").unwrap();
    connection.close().await.unwrap();
    readers
}

async fn newest(person: &Actor) -> Value {
    let answer = person.data(INBOX, json!({})).await;
    answer["memos"]["nodes"][0]["id"].clone()
}

async fn set_active(office: &Office, active: bool) {
    office.sql(&format!("UPDATE users SET active = {active} WHERE username = 'recipient'")).await;
}

/// Reads until the standby has answered. Its connections from before a failure are broken.
async fn until_it_answers(standby: &Node, office: &Office) {
    while readers(standby, office).await == 0 {
        newest(office.recipient()).await;
    }
}

/// Changes something and reads it, again and again.
async fn assert_that_reads_are_current(office: &Office, rounds: usize) {
    let recipient = office.recipient();
    for _ in 0..rounds {
        // Lists are by age.
        office.clock.advance(TimeDelta::seconds(1));
        let memo = office.memo().create().await;
        assert_eq!(newest(recipient).await, json!(memo.id));
        let preview = recipient.data(PREVIEW, json!({ "id": memo.id })).await;
        assert!(preview["memoDeletionPreview"]["verdict"].is_string(), "{preview}");
        set_active(office, false).await;
        let refused = recipient.send(INBOX, json!({})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], json!("UNAUTHENTICATED"));
        set_active(office, true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_sees_what_was_committed_before_it() {
    if !is_postgres() {
        return;
    }
    let pair = Pair::open().await;
    let office = pair.office().await;
    // It is as late as one that is far away.
    run(&pair.standby, "ALTER SYSTEM SET recovery_min_apply_delay = '20ms'").await;
    run(&pair.standby, "SELECT pg_reload_conf()").await;
    assert_that_reads_are_current(&office, 25).await;
    until_it_answers(&pair.standby, &office).await;
    office.close().await;
    pair.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_primary_answers_while_the_standby_is_late_or_dead() {
    if !is_postgres() {
        return;
    }
    let pair = Pair::open().await;
    let office = pair.office().await;
    run(&pair.standby, "SELECT pg_wal_replay_pause()").await;
    assert_that_reads_are_current(&office, 3).await;
    until_standby_is_used(&office.services.database, false).await;
    let late = office.services.database.try_standby().await.unwrap_err().to_string();
    assert!(late.contains("late"), "{late}");
    run(&pair.standby, "SELECT pg_wal_replay_resume()").await;
    until_standby_is_used(&office.services.database, true).await;
    assert_that_reads_are_current(&office, 3).await;

    pair.standby.crash().await.unwrap();
    assert_that_reads_are_current(&office, 3).await;
    until_standby_is_used(&office.services.database, false).await;
    pair.standby.start().await.unwrap();
    until_standby_is_used(&office.services.database, true).await;
    assert_that_reads_are_current(&office, 3).await;
    until_it_answers(&pair.standby, &office).await;
    office.close().await;
    pair.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_was_promoted_answers_nobody() {
    if !is_postgres() {
        return;
    }
    let pair = Pair::open().await;
    let office = pair.office().await;
    office.memo().create().await;
    newest(office.recipient()).await;
    pair.standby.promote().await.unwrap();
    until_standby_is_used(&office.services.database, false).await;
    let promoted = at_server(&pair.standby, &office).await;
    promoted.execute_unprepared("UPDATE users SET active = FALSE").await.unwrap();
    promoted.close().await.unwrap();
    assert_that_reads_are_current(&office, 3).await;
    let problem = office.services.database.try_standby().await.unwrap_err().to_string();
    assert!(problem.contains("accepts changes"), "{problem}");
    office.close().await;
    pair.close();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_of_another_primary_is_not_used() {
    if !is_postgres() {
        return;
    }
    let pair = Pair::open().await;
    let other = TestDatabase::create_on_node(&pair.primary).await;
    // The server of the tests is another cluster than the pair.
    let database = TestDatabase::create_migrated().await;
    let settings = DatabaseSettings::new(pair.standby.url("postgres"));
    let with =
        with_standby(connect(&DatabaseSettings::new(&database.url)).await.unwrap(), &settings);
    let with = with.await.unwrap();
    let problem = with.try_standby().await.unwrap_err().to_string();
    assert!(problem.contains("another primary"), "{problem}");
    assert!(!with.standby().unwrap().is_used);
    with.close().await.unwrap();
    database.drop().await;
    other.drop().await;
    pair.close();
}
