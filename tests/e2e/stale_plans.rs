//! PostgreSQL plans by statistics, and keeps a plan as long as a connection. A new installation has
//! statistics of empty tables, until autovacuum gathers others. No statement may suffer from them.

use crate::plans::plan;
use api::http::Limits;
use chrono::TimeDelta;
use memoranda_tests::{DatabaseOptions, Office, Options, is_postgres, open};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use service::database::Database;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

const EVERYTHING: &str = "query ($box: MemoBox!) { memos(box: $box, first: 20) { nodes { id
    author { fullName } recipient { fullName } subscribers { fullName } tags { name } task { name }
    files { name } viewerReminders { dueAt } unread viewerCanDelete } } }";

const SEARCH: &str = "query ($text: String!) { memos(box: ALL_VISIBLE, filter: { text: $text },
    first: 20) { totalCount nodes { id } } }";

const RESTORE: &str = "mutation ($id: ID!) { restoreMemo(input: { deletionId: $id }) {
    memo { id } userErrors { code } } }";

/// The tables that have many rows.
const BIG: [&str; 17] = [
    "memo_ids",
    "memos",
    "memo_search",
    "memo_subscribers",
    "memo_tags",
    "comments",
    "reminders",
    "unread_marks",
    "blobs",
    "files",
    "memo_files",
    "task_files",
    "tasks",
    "notifications",
    "memo_events",
    "deleted_memos",
    "memo_deletions",
];

/// Parts of statements that may use another index with other statistics, and why that is harmless.
const OTHER_INDEX: [(&str, &str); 4] = [
    ("AS viewer_has_not_read", "the mark of each memo of a page is looked up by itself"),
    ("AS by_any", "the subscription to each memo that is found is looked up by itself"),
    ("FROM \"reminders\" WHERE", "it reads the reminders of one person, the viewer"),
    ("FROM blobs b WHERE", "the purge looks up each content by itself"),
];

/// Statistics are gathered by the test alone.
const NO_AUTOVACUUM: &str = "DO $$ DECLARE t text; BEGIN
    FOR t IN SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', t);
    END LOOP; END $$";

/// 50,000 memos with belongings, and 10,000 deleted ones. `ID(kind, n)` is an id, `PERSON(n)` one
/// of the people, `AT` the time of a row.
const ROWS: [&str; 20] = [
    "INSERT INTO tags (id, name) SELECT ID(1, n), 'tag ' || n FROM generate_series(1, 50) n",
    "INSERT INTO tasks (id, name, description, stage, created_by, created_at)
        SELECT ID(2, n), 'Task ' || n, '', 'OPEN', PERSON(n), AT FROM generate_series(1, 10000) n",
    "INSERT INTO memos (id, name, description, author_id, recipient_id, stage, draft, task_id,
        sent_at, created_at, updated_at)
        SELECT ID(0, n), 'Order ' || n || ' ' || CASE WHEN n % 997 = 0 THEN 'showroom' ELSE
            'chairs' END, 'Number ' || n, PERSON(n), PERSON(n / 16 + n + 1), 'PENDING', FALSE,
            CASE WHEN n % 3 = 0 THEN ID(2, 1 + n % 10000) END, AT, AT, AT
        FROM generate_series(1, 60000) n",
    "INSERT INTO memo_subscribers (memo_id, user_id, created_at)
        SELECT ID(0, n), PERSON(n / 16 + n + 2), AT FROM generate_series(1, 60000) n",
    "INSERT INTO memo_tags (memo_id, tag_id)
        SELECT ID(0, n), ID(1, 1 + n % 50) FROM generate_series(1, 60000) n",
    "INSERT INTO comments (id, memo_id, author_id, body, created_at)
        SELECT ID(3, n), ID(0, n), PERSON(n), 'Comment ' || n, AT
        FROM generate_series(1, 60000) n",
    "INSERT INTO reminders (id, memo_id, user_id, due_at, created_at)
        SELECT ID(4, n), ID(0, n), PERSON(n), timestamptz '2027-01-01Z', AT
        FROM generate_series(1, 60000) n",
    "INSERT INTO unread_marks (memo_id, user_id, created_at)
        SELECT ID(0, n), PERSON(n / 16 + n + 1), AT FROM generate_series(1, 60000) n",
    "INSERT INTO blobs (sha256, size, location, created_at)
        SELECT lpad(to_hex(n), 64, '0'), n, 'test/' || n, AT FROM generate_series(1, 60000) n",
    "INSERT INTO files (id, name, media_type, size, blob_sha256, uploaded_by, created_at)
        SELECT ID(5, n), 'plan.pdf', 'application/pdf', n, lpad(to_hex(n), 64, '0'), PERSON(n), AT
        FROM generate_series(1, 60000) n",
    "INSERT INTO memo_files (memo_id, file_id, created_at)
        SELECT ID(0, n), ID(5, n), AT FROM generate_series(1, 60000) n",
    "INSERT INTO task_files (task_id, file_id, created_at)
        SELECT ID(2, 1 + n % 10000), ID(5, n), AT FROM generate_series(3, 60000, 3) n",
    "INSERT INTO notifications (id, position, user_id, kind, actor_id, memo_id, created_at)
        SELECT ID(6, n), n, PERSON(n + 1), 'MEMO_SENT', PERSON(n), ID(0, n), AT
        FROM generate_series(1, 60000) n",
    "UPDATE notification_counter SET last_position = 60000",
    "INSERT INTO memo_events (position, memo_id, kind, actor_id, author_id, recipient_id, draft,
        subscriber_ids, occurred_at)
        SELECT n, ID(0, n), 'SENT', PERSON(n), PERSON(n), PERSON(n + 1), FALSE, '[]', AT
        FROM generate_series(1, 60000) n",
    "UPDATE memo_event_counter SET last_position = 60000",
    "INSERT INTO memo_deletions (id, memo_id, memo_name, author_id, recipient_id, stage, draft,
        deleted_by, deleted_at, verdict, warnings, counts, bytes_freed, restorable_until)
        SELECT ID(7, n), ID(0, n), 'Order ' || n, PERSON(n), PERSON(n / 16 + n + 1), 'PENDING',
            FALSE, PERSON(n), AT, 'DISCOURAGED', '[]', '[]', 0, timestamptz '2099-01-01Z'
        FROM generate_series(50001, 60000) n",
    "UPDATE memo_search e
        SET words = setweight(to_tsvector('simple', lower(m.name)), 'A'), stale = FALSE
        FROM memos m WHERE m.id = e.memo_id",
    "INSERT INTO deleted_memos SELECT * FROM memos WHERE id > ID(0, 50000)",
    "DELETE FROM memos WHERE id > ID(0, 50000)",
];

/// Replaces `NAME(arguments)` by what `replace` makes of the arguments.
fn replaced(sql: &str, name: &str, replace: impl Fn(&str) -> String) -> String {
    let Some((before, rest)) = sql.split_once(&format!("{name}(")) else { return sql.to_owned() };
    let mut depth = 1;
    let end = rest.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    let (arguments, after) = rest.split_at(end.expect("a closing parenthesis"));
    format!("{before}{}{}", replace(arguments), replaced(&after[1..], name, replace))
}

async fn fill(database: &Database) {
    for sql in ROWS {
        let sql = replaced(sql, "ID", |arguments| {
            let (kind, n) = arguments.split_once(", ").expect("a kind and a number");
            format!("('019c000{kind}-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid")
        });
        let person = |n: &str| {
            format!("(SELECT ids[1 + ({n}) % array_length(ids, 1)] FROM people_in_order)")
        };
        let sql = replaced(&sql, "PERSON", person)
            .replace("AT,", "timestamptz '2026-03-01Z',")
            .replace("AT\n", "timestamptz '2026-03-01Z'\n")
            .replace("AT FROM", "timestamptz '2026-03-01Z' FROM");
        run(database, &sql).await;
    }
}

async fn run(database: &Database, sql: &str) {
    database.connection().execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// Does what people do most, and returns the statements, each once.
async fn hot_statements(office: &Office, memos: &[String]) -> BTreeMap<String, Statement> {
    let seen: Arc<Mutex<BTreeMap<String, Statement>>> = Arc::default();
    let record = seen.clone();
    office.observe(Some(Box::new(move |statement| {
        record.lock().unwrap().insert(statement.sql.clone(), statement.clone());
    })));
    let (author, recipient) = (office.author(), office.recipient());
    for memo_box in ["INBOX", "SENT", "SUBSCRIBED", "ALL_VISIBLE"] {
        author.data(EVERYTHING, json!({ "box": memo_box })).await;
    }
    let found = recipient.data(SEARCH, json!({ "text": "showroom" })).await;
    assert!(found["memos"]["totalCount"].as_i64() > Some(0), "{found:#}");
    let [restored, purged] = memos else { panic!("two memos: {memos:?}") };
    let deleted = author.delete_confirmed(restored).await;
    assert_eq!(deleted["deletedMemoId"], json!(restored), "{deleted:#}");
    let record = json!({ "id": deleted["receipt"]["id"] });
    let answer = author.data(RESTORE, record).await;
    assert_eq!(answer["restoreMemo"]["memo"]["id"], json!(restored), "{answer:#}");
    let deleted = author.delete_confirmed(purged).await;
    assert_eq!(deleted["deletedMemoId"], json!(purged), "{deleted:#}");
    office.clock.advance(TimeDelta::days(31));
    office.purger.confirm_clock().await.expect("the clock is right");
    let erased = office.purger.deletions().await.expect("a purge");
    assert_eq!(erased.records, 2, "the restored memo's record, and the other one with its memo");
    office.observe(None);
    let mut statements = std::mem::take(&mut *seen.lock().unwrap());
    statements.retain(|sql, _| {
        ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| sql.starts_with(verb))
    });
    statements
}

/// How a plan reads the tables with many rows: in whole, or with which indexes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Reads {
    in_whole: BTreeSet<String>,
    with: BTreeSet<String>,
}

impl Reads {
    fn of(plan: &[String], indexes: &BTreeSet<String>) -> Self {
        let mut reads = Self::default();
        for step in plan {
            let name = |after: &str| {
                let (_, rest) = step.split_once(after)?;
                Some(rest.split_whitespace().next()?.to_owned())
            };
            let index = name("Bitmap Index Scan on ")
                .or_else(|| name("Scan using "))
                .or_else(|| name("Scan Backward using "));
            reads.with.extend(index.filter(|index| indexes.contains(index)));
            let is_big = |table: &String| BIG.contains(&table.as_str());
            reads.in_whole.extend(name("Seq Scan on ").filter(is_big));
        }
        reads
    }
}

/// The indexes of the tables with many rows.
async fn big_indexes(database: &Database) -> BTreeSet<String> {
    let sql = "SELECT tablename::text AS name, indexname::text AS index FROM pg_indexes \
               WHERE schemaname = 'public'";
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let rows = database.connection().query_all_raw(statement).await.expect("indexes");
    rows.iter()
        .map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "index").unwrap()))
        .filter(|(table, _): &(String, String)| BIG.contains(&table.as_str()))
        .map(|(_, index)| index)
        .collect()
}

/// How many rows of each table with many rows were read by reading it in whole.
async fn rows_read_in_whole(database: &Database) -> BTreeMap<String, i64> {
    let sql = "SELECT relname::text AS name, coalesce(seq_tup_read, 0) AS rows \
               FROM pg_stat_user_tables";
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let rows = database.connection().query_all_raw(statement).await.expect("statistics");
    rows.iter()
        .map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "rows").unwrap()))
        .filter(|(name, _): &(String, i64)| BIG.contains(&name.as_str()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn statistics_of_empty_tables_make_no_plan_worse() {
    if !is_postgres() {
        return;
    }
    let limits = Limits { request_timeout: Duration::from_secs(600), ..Limits::default() };
    let database =
        DatabaseOptions { timeout: Some(Duration::from_secs(600)), ..DatabaseOptions::default() };
    let office = Office::open_with(Options { limits, database, ..Options::default() }).await;
    for n in 0..10 {
        office.hire(&format!("colleague{n}"), entity::UserRole::Member).await;
    }
    // Its own pool: PostgreSQL counts what a connection has read when it ends.
    let filler = office.database().connect_with(database).await;
    run(&filler, NO_AUTOVACUUM).await;
    run(&filler, "VACUUM (ANALYZE)").await;
    run(
        &filler,
        "CREATE VIEW people_in_order AS SELECT array_agg(id ORDER BY username) AS ids FROM users",
    )
    .await;
    fill(&filler).await;
    filler.close().await.expect("closed");

    let reader = open(&office.database().url).await;
    let ids = "SELECT id FROM memos WHERE author_id = $1 AND recipient_id = $2 ORDER BY id LIMIT 2";
    let (author, recipient) = (office.author().id, office.recipient().id);
    let values = [author.into(), recipient.into()];
    let ids = Statement::from_sql_and_values(DbBackend::Postgres, ids, values);
    let ids = reader.connection().query_all_raw(ids).await.expect("memos");
    let id = |row: &sea_orm::QueryResult| row.try_get::<uuid::Uuid>("", "id").unwrap();
    let memos: Vec<String> = ids.iter().map(|row| api::graphql::Kind::Memo.id(id(row)).0).collect();
    let indexes = big_indexes(&reader).await;
    let before = rows_read_in_whole(&reader).await;

    let statements = hot_statements(&office, &memos).await;
    assert!(statements.len() > 30, "{} statements", statements.len());
    let mut stale = BTreeMap::new();
    for (sql, statement) in &statements {
        stale.insert(sql, Reads::of(&plan(&office, statement).await, &indexes));
    }
    office.sql("ANALYZE").await;
    let mut worse = Vec::new();
    for (sql, statement) in &statements {
        let (stale, fresh) = (&stale[sql], Reads::of(&plan(&office, statement).await, &indexes));
        let others: Vec<&String> = stale.with.difference(&fresh.with).collect();
        let is_harmless = OTHER_INDEX.iter().any(|(part, _)| sql.contains(part));
        if !stale.in_whole.is_empty() || (!others.is_empty() && !is_harmless) {
            let in_whole = &stale.in_whole;
            worse.push(format!("{sql}\nin whole: {in_whole:?}, with other indexes: {others:?}"));
        }
    }
    assert!(worse.is_empty(), "{}", worse.join("\n\n"));

    // Plans of triggers and foreign keys show only by what they read.
    office.services.database.clone().close().await.expect("closed");
    let after = rows_read_in_whole(&reader).await;
    let read: BTreeMap<&String, i64> = after
        .iter()
        .map(|(table, rows)| (table, rows - before[table]))
        .filter(|(_, rows)| *rows > 0)
        .collect();
    assert_eq!(read, BTreeMap::new(), "rows that were read by reading a table in whole");
    reader.close().await.expect("closed");
    office.close_unusable().await;
}
