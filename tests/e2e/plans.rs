//! How the databases run lists and searches among 100,000 memos: with an index, in a fixed number
//! of statements, and deep pages like shallow ones.

use api::http::Limits;
use memoranda_tests::{Actor, DatabaseOptions, Office, Options, is_postgres, selection_input};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TransactionTrait};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

const MEMOS: u32 = 100_000;

const LIST: &str =
    "query ($box: MemoBox!, $filter: MemoFilter, $order: MemoOrder, $after: String) {
    memos(box: $box, filter: $filter, orderBy: $order, first: 20, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor }
    }
}";

const COUNT: &str = "query ($box: MemoBox!, $filter: MemoFilter) { memos(box: $box, filter: \
    $filter, first: 1) { totalCount } }";

/// An office with many memos: most between strangers, and several thousand in each box of the
/// author, the recipient and the subscriber. Every thousandth memo has a rare word in its name.
async fn big_office() -> Office {
    // The time of a request depends on the machine. This checks how the request runs.
    let limits = Limits { request_timeout: Duration::from_secs(600), ..Limits::default() };
    let database =
        DatabaseOptions { timeout: Some(Duration::from_secs(600)), ..DatabaseOptions::default() };
    let office = Office::open_with(Options { limits, database, ..Options::default() }).await;
    for n in 0..10 {
        office.hire(&format!("colleague{n}"), entity::UserRole::Member).await;
    }
    let (id, people, moment, day) = if is_postgres() {
        (
            "('019c0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
            "SELECT array_agg(id ORDER BY username) AS ids FROM users",
            "timestamptz '2026-03-01 00:00:00Z' + n * interval '1 second'",
            "date '2026-03-01' + (n % 400)::int",
        )
    } else {
        (
            "unhex('019c000000007000' || printf('%016x', 0x8000000000000000 + n))",
            "",
            "strftime('%Y-%m-%d %H:%M:%S+00:00', 1772323200 + n, 'unixepoch')",
            "date('2026-03-01', '+' || (n % 400) || ' days')",
        )
    };
    let person = |offset: &str| {
        if is_postgres() {
            format!("(SELECT ids[1 + ({offset}) % array_length(ids, 1)] FROM people)")
        } else {
            format!(
                "(SELECT id FROM people WHERE place = ({offset}) % (SELECT count(*) FROM users))"
            )
        }
    };
    let with = if is_postgres() {
        format!("WITH people AS ({people}) SELECT")
    } else {
        "WITH RECURSIVE people (place, id) AS MATERIALIZED (SELECT row_number() OVER (ORDER BY \
         username) - 1, id FROM users), \
         numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 100000) SELECT"
            .to_owned()
    };
    let from = if is_postgres() {
        format!("generate_series(1, {MEMOS}) AS numbers (n)")
    } else {
        "numbers".to_owned()
    };
    let (author, recipient, reader) =
        (person("n"), person("n / 16 + n + 1"), person("n / 16 + n + 2"));
    office
        .sql(&format!(
            "INSERT INTO memos (id, name, description, note, author_id, recipient_id, stage, \
             draft, review_date, sent_at, created_at, updated_at) \
             {with} {id}, CASE WHEN n % 1000 = 0 THEN 'Showroom ' ELSE 'Order ' END || n, 'Chairs \
             and tables, number ' || n, NULL, \
             {author}, {recipient}, CASE WHEN n % 3 = 0 THEN 'REVIEWED' ELSE 'PENDING' END, n % 50 \
             = 1 AND n % 3 <> 0, {day}, \
             {moment}, {moment}, {moment} FROM {from}"
        ))
        .await;
    office
        .sql(&format!(
            "INSERT INTO memo_subscribers (memo_id, user_id, created_at) {with} {id}, {reader}, \
             {moment} FROM {from}"
        ))
        .await;
    office
        .sql(&format!(
            "INSERT INTO unread_marks (memo_id, user_id, created_at) {with} {id}, {reader}, \
             {moment} FROM {from} WHERE n % 4 = 0"
        ))
        .await;
    office.index_words().await;
    office.sql("ANALYZE").await;
    office
}

/// The statements of a request.
async fn statements(
    office: &Office,
    person: &Actor,
    query: &str,
    variables: Value,
) -> Vec<Statement> {
    let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let record = seen.clone();
    office.observe(Some(Box::new(move |statement| record.lock().unwrap().push(statement.clone()))));
    person.data(query, variables).await;
    office.observe(None);
    seen.lock().unwrap().clone()
}

/// The database's plan of the statement, as the server runs it. On PostgreSQL, the statement is
/// prepared, with a plan for all values.
async fn explain(office: &Office, options: &str, statement: &Statement) -> Vec<QueryResult> {
    let database = &office.services.database;
    let backend = database.backend();
    if !is_postgres() {
        let sql = format!("EXPLAIN QUERY PLAN {statement}");
        return database
            .connection()
            .query_all_raw(Statement::from_string(backend, sql))
            .await
            .unwrap();
    }
    let transaction = database.connection().begin().await.unwrap();
    transaction
        .execute_unprepared(&format!("PREPARE explained AS {}", statement.sql))
        .await
        .unwrap();
    let values = statement.values.iter().flat_map(|values| values.0.iter());
    let values: Vec<String> = values.map(literal).collect();
    let values = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
    let sql = format!("EXPLAIN {options} EXECUTE explained {values}");
    let rows = transaction.query_all_raw(Statement::from_string(backend, &sql)).await;
    let rows = rows.unwrap_or_else(|error| panic!("{}\n{sql}: {error}", statement.sql));
    transaction.execute_unprepared("DEALLOCATE explained").await.unwrap();
    rows
}

/// A value as a literal whose type PostgreSQL takes from the parameter.
fn literal(value: &sea_orm::Value) -> String {
    let text = |value: &sea_orm::Value| {
        Statement::from_sql_and_values(DbBackend::Postgres, "$1", [value.clone()]).to_string()
    };
    let sea_orm::Value::Array(_, Some(items)) = value else { return text(value) };
    let items: Vec<String> =
        items.iter().map(|item| format!("\"{}\"", text(item).trim_matches('\''))).collect();
    format!("'{{{}}}'", items.join(","))
}

/// The plan, one line per step.
pub(crate) async fn plan(office: &Office, statement: &Statement) -> Vec<String> {
    let column = if is_postgres() { "QUERY PLAN" } else { "detail" };
    let rows = explain(office, "", statement).await;
    rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect()
}

/// The steps that read a whole table of memos, words, subscribers or unread marks: the tables that
/// grow here. Reading an empty table as a whole is fine.
fn whole_tables(plan: &[String]) -> Vec<&String> {
    let is_whole = |step: &&String| {
        let step = step.trim();
        if is_postgres() {
            ["memos", "memo_search", "memo_subscribers", "unread_marks"]
                .iter()
                .any(|table| step.contains(&format!("Seq Scan on {table}")))
        } else {
            ["memos", "s", "e", "p", "u"].iter().any(|table| {
                step == format!("SCAN {table}") || step.starts_with(&format!("SCAN {table} "))
            })
        }
    };
    plan.iter().filter(is_whole).collect()
}

/// How many pages of its cache PostgreSQL reads for a statement.
async fn buffers(office: &Office, statement: &Statement) -> i64 {
    let rows = explain(office, "(ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)", statement).await;
    let plan: Value = rows[0].try_get("", "QUERY PLAN").unwrap();
    let of = |key: &str| plan[0]["Plan"][key].as_i64().unwrap();
    of("Shared Hit Blocks") + of("Shared Read Blocks")
}

/// The statement about memos, which is the last one. An empty page confirms no sign-in: then the
/// viewer and the page are read again.
fn of_memos(statements: &[Statement]) -> &Statement {
    assert!((1..=3).contains(&statements.len()), "the page: {statements:#?}");
    statements.last().unwrap()
}

/// One test, because the office takes the most time.
#[tokio::test(flavor = "multi_thread")]
async fn lists_searches_and_selections_use_indexes() {
    let office = big_office().await;
    assert_lists_and_searches_use_an_index(&office).await;
    assert_a_selection_is_previewed_and_deleted_with_indexes(&office).await;
    office.close_unusable().await;
}

/// Deep pages cost what shallow ones cost.
async fn assert_lists_and_searches_use_an_index(office: &Office) {
    let orders = |search: bool| {
        let fields = ["CREATED_AT", "UPDATED_AT", "NAME", "REVIEW_DATE", "RELEVANCE"];
        let fields = fields.into_iter().filter(move |field| search || *field != "RELEVANCE");
        fields.flat_map(|field| {
            ["ASC", "DESC"].map(|direction| json!({ "field": field, "direction": direction }))
        })
    };
    let boxes = [
        ("author", "INBOX"),
        ("author", "SENT"),
        ("author", "SUBSCRIBED"),
        ("author", "DRAFTS"),
        ("author", "ALL_VISIBLE"),
        ("chief", "ALL_VISIBLE"),
    ];
    let colleague = office.person("recipient").user_id();
    let filters = [
        Value::Null,
        json!({ "stages": ["PENDING"], "overdue": true, "hasFiles": false, "unread": false }),
        json!({ "personId": colleague, "sentFrom": "2026-03-01T00:00:00Z" }),
        json!({ "text": "showroom" }),
        json!({ "text": "\"tables number\" 99" }),
    ];
    for (person, memo_box) in boxes {
        for filter in &filters {
            let is_search = filter["text"].is_string();
            // A filtered list begins at the same place in any order, so one order is enough.
            for order in
                orders(is_search).filter(|order| filter.is_null() || order["direction"] == "DESC")
            {
                let what = format!("{person} {memo_box} {filter} {order}");
                let person = office.person(person);
                let mut variables = json!({ "box": memo_box, "filter": filter, "order": order });
                let first = statements(office, person, LIST, variables.clone()).await;
                let first = of_memos(&first).clone();
                let steps = plan(office, &first).await;
                assert_eq!(whole_tables(&steps), [""; 0], "{what}\n{first}\n{steps:#?}");
                let reads_one_range =
                    filter.is_null() && !["SUBSCRIBED", "ALL_VISIBLE"].contains(&memo_box);
                if reads_one_range {
                    let sorts =
                        |step: &&String| step.contains("TEMP B-TREE") || step.contains("Sort  (");
                    // Around the page, its few rows are sorted once more. SQLite lists that last.
                    let of_page = steps.iter().take_while(|step| !step.starts_with("SCAN page"));
                    let sorted = of_page.filter(sorts).count();
                    let allowed = usize::from(is_postgres());
                    assert!(sorted <= allowed, "{what}\n{first}\n{steps:#?}");
                }

                let Some(cursor) = deep(person, &variables).await else { continue };
                variables["after"] = cursor;
                let deep = statements(office, person, LIST, variables).await;
                let deep = of_memos(&deep).clone();
                let steps = plan(office, &deep).await;
                assert_eq!(whole_tables(&steps), [""; 0], "{what}, deep\n{deep}\n{steps:#?}");
                if is_postgres() && filter.is_null() {
                    let (shallow, deep) =
                        (buffers(office, &first).await, buffers(office, &deep).await);
                    // A subscriber's memos are only sorted by age. For another order, all of them
                    // are read and sorted.
                    let reads_along = memo_box == "SUBSCRIBED"
                        || (memo_box == "ALL_VISIBLE" && person.name != "chief");
                    let all_of_it = i64::from(MEMOS) / 16 * 4;
                    let sorted =
                        if reads_along && order["field"] != "CREATED_AT" { all_of_it } else { 0 };
                    assert!(
                        deep <= 2 * shallow + 50 + sorted,
                        "{what}: {shallow} pages, then {deep}"
                    );
                }
            }
            let count = statements(
                office,
                office.person(person),
                COUNT,
                json!({ "box": memo_box, "filter": filter }),
            )
            .await;
            assert!([2, 4].contains(&count.len()), "the page, the count: {count:#?}");
        }
    }
}

/// A cursor 300 memos into the list; `None` if the list is shorter.
async fn deep(person: &Actor, variables: &Value) -> Option<Value> {
    let query = LIST.replace("first: 20", "first: 100");
    let mut variables = variables.clone();
    for _ in 0..3 {
        let page = person.data(&query, variables.clone()).await["memos"]["pageInfo"].take();
        if page["hasNextPage"] != true {
            return None;
        }
        variables["after"] = page["endCursor"].clone();
    }
    Some(variables["after"].clone())
}

async fn assert_a_selection_is_previewed_and_deleted_with_indexes(office: &Office) {
    let author = office.author();
    let sent = "{ memos(box: SENT, first: 100) { nodes { id } } }";
    let sent = author.data(sent, json!({})).await;
    let ids: Vec<&str> = sent["memos"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|memo| memo["id"].as_str().unwrap())
        .collect();
    let preview = "query ($ids: [ID!]!) { memosDeletionPreview(memoIds: $ids) {
        confirmationToken removed { totalCount nodes { kind } } kept { totalCount } } }";
    let shown = author.data(preview, json!({ "ids": ids })).await;
    let token = shown["memosDeletionPreview"]["confirmationToken"].clone();
    assert!(token.is_string(), "{shown:#}");
    let mut ran = statements(office, author, preview, json!({ "ids": ids })).await;
    let delete = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) {
        userErrors { code } } }";
    let input = selection_input(&ids, false, token);
    ran.extend(statements(office, author, delete, json!({ "input": input })).await);
    assert!(ran.len() >= 9, "{ran:#?}");
    // SQLite names the memos and their belongings by their aliases.
    let is_whole = |step: &String| {
        ["memos", "m", "n", "x", "o"].iter().any(|table| {
            step == &format!("SCAN {table}") || step.starts_with(&format!("SCAN {table} "))
        })
    };
    for statement in &ran {
        let steps = plan(office, statement).await;
        if is_postgres() {
            assert_eq!(whole_tables(&steps), [""; 0], "{statement}\n{steps:#?}");
        } else {
            assert!(!steps.iter().any(is_whole), "{statement}\n{steps:#?}");
        }
    }
}
