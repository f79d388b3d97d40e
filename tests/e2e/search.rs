//! Finding memos by words and by properties.

use api::graphql::Kind;
use chrono::TimeDelta;
use entity::MemoStage;
use memoranda_tests::{Actor, Office, TestMemo, codes, is_postgres};
use serde_json::{Value, json};

const FIND: &str = "query ($box: MemoBox!, $filter: MemoFilter!, $order: MemoOrder, $first: Int, \
    $after: String, $last: Int, $before: String) {
    memos(box: $box, filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, \
    before: $before) {
        totalCount nodes { id } pageInfo { hasNextPage startCursor endCursor }
    }
}";

/// The names of the memos that are found, in order.
async fn find(person: &Actor, memo_box: &str, filter: Value) -> Vec<String> {
    let found =
        person.data(FIND, json!({ "box": memo_box, "filter": filter })).await["memos"].take();
    let ids: Vec<String> = found["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(found["totalCount"], json!(ids.len()));
    ids
}

async fn search(person: &Actor, text: &str) -> Vec<String> {
    find(person, "ALL_VISIBLE", json!({ "text": text })).await
}

/// A memo with these texts.
async fn memo(office: &Office, name: &str, description: &str, note: Option<&str>) -> TestMemo {
    // The next one is newer.
    office.clock.advance(TimeDelta::milliseconds(1));
    let memo = office.memo().named(name).with_subscriber(office.subscriber().id).create().await;
    write(office, &memo, description, note).await;
    memo
}

async fn write(office: &Office, memo: &TestMemo, description: &str, note: Option<&str>) {
    use entity::memo::{Column, Entity};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
    Entity::update_many()
        .col_expr(Column::Description, Expr::value(description))
        .col_expr(Column::Conclusion, Expr::value(note))
        .filter(Column::Id.eq(memo.uuid))
        .exec(office.services.database.connection())
        .await
        .unwrap();
    office.index_words().await;
}

fn ids(memos: &[&TestMemo]) -> Vec<String> {
    memos.iter().map(|memo| memo.id.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_beginnings_and_phrases_stand_in_their_order() {
    let office = Office::open().await;
    let desks =
        memo(&office, "Forty writing desks", "For the Hotel Lindenhof, in oak.", None).await;
    let write_to = memo(&office, "Write to the hotel", "About desks.", None).await;
    memo(&office, "Lunch", "On Thursday?", None).await;
    let author = office.author();
    assert_eq!(
        search(author, "wri des").await,
        ids(&[&desks, &write_to]),
        "the name counts more than the description"
    );
    assert_eq!(search(author, "\"writing desks\"").await, ids(&[&desks]));
    assert_eq!(search(author, "\"desks writing\"").await, ids(&[]));
    assert_eq!(search(author, "HOTEL oak").await, ids(&[&desks]));
    assert_eq!(search(author, "esks").await, ids(&[]), "not within words");
    assert_eq!(search(author, "\"writing desks\" lind").await, ids(&[&desks]));
    assert_eq!(search(author, "\"desks for\"").await, ids(&[]), "a phrase must be in one field");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn capitals_and_accents_do_not_matter() {
    let office = Office::open().await;
    let german = memo(&office, "Größe der Möbel", "Über die Öfen", None).await;
    let russian = memo(&office, "Привет из Москвы", "", None).await;
    let address = memo(
        &office,
        "Ask ada@example.org",
        "See https://www.example.org/price-list?x=1, 3.14 or 1/2",
        None,
    )
    .await;
    let author = office.author();
    for text in ["mobel", "MÖBEL", "mo\u{308}bel", "ofen", "ÖFEN uber"] {
        assert_eq!(search(author, text).await, ids(&[&german]), "{text}");
    }
    for text in ["ПРИВЕТ", "моск"] {
        assert_eq!(search(author, text).await, ids(&[&russian]), "{text}");
    }
    for text in [
        "example",
        "ada",
        "price",
        "list",
        "price-list",
        "www.example.org",
        "ada@example",
        "14",
        "3.14",
        "1/2",
    ] {
        assert_eq!(search(author, text).await, ids(&[&address]), "{text}");
    }
    office.close().await;
}

/// Different spellings of a word find each other, on both databases.
#[tokio::test(flavor = "multi_thread")]
async fn spellings_of_a_word_find_each_other() {
    let office = Office::open().await;
    let alike: [&[&str]; 9] = [
        &["हिन्दी", "हिन"],
        &["Йошкар", "и\u{306}ошкар", "ЙОШ"],
        &["Ёлка", "елка", "ёлка", "е\u{308}лка"],
        &["שָׁלוֹם", "שלום", "של"],
        &["مُحَمَّد", "محمد"],
        &["Größe", "GRÖSSE", "grosse"],
        &["Desk 3½", "desk ½", "3½", "3 1/2"],
        &["ΟΔΟΣ", "οδός", "οδο"],
        &["ｗｉｄｅ", "wide"],
    ];
    let mut memos = Vec::new();
    for spellings in alike {
        memos.push(memo(&office, spellings[0], "", None).await);
    }
    for (spellings, memo) in alike.iter().zip(&memos) {
        for spelling in *spellings {
            assert_eq!(search(office.author(), spelling).await, ids(&[memo]), "{spelling}");
        }
    }
    office.close().await;
}

/// Memos of other programs are found after the server's job has indexed them.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_written_is_indexed_by_the_job() {
    let office = Office::open().await;
    let memo = memo(&office, "Desks", "", None).await;
    office.sql("UPDATE memos SET name = 'Chairs'").await;
    assert_eq!(search(office.author(), "chairs").await, ids(&[]));
    office.index_words().await;
    assert_eq!(search(office.author(), "chairs").await, ids(&[&memo]));
    assert_eq!(search(office.author(), "desks").await, ids(&[]));
    office.close().await;
}

/// A person who may not read the conclusion must not learn its text by searching.
#[tokio::test(flavor = "multi_thread")]
async fn the_conclusion_is_found_by_author_and_recipient_alone() {
    let office = Office::open().await;
    let by_name = memo(&office, "Merger", "", None).await;
    let secret = memo(&office, "Plans", "A description", Some("The merger is off.")).await;
    let both = memo(&office, "Older plans for a merger", "", Some("The merger is on.")).await;
    for person in ["author", "recipient"] {
        let found = search(office.person(person), "merger").await;
        assert_eq!(found, ids(&[&both, &by_name, &secret]), "{person}");
        assert_eq!(search(office.person(person), "plans off").await, ids(&[&secret]));
    }
    for person in ["subscriber", "chief"] {
        assert_eq!(
            search(office.person(person), "merger").await,
            ids(&[&both, &by_name]),
            "{person}"
        );
        assert_eq!(search(office.person(person), "plans off").await, ids(&[]), "{person}");
        assert_eq!(search(office.person(person), "\"merger is\"").await, ids(&[]), "{person}");
        assert_eq!(
            search(office.person(person), "plans description").await,
            ids(&[&secret]),
            "{person}"
        );
    }
    assert_eq!(search(office.stranger(), "merger").await, ids(&[]));
    assert_eq!(search(office.admin(), "merger").await, ids(&[]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_found_by_its_author_alone() {
    let office = Office::open().await;
    let draft = office
        .memo()
        .draft()
        .named("Secret plans")
        .with_subscriber(office.subscriber().id)
        .create()
        .await;
    assert_eq!(search(office.author(), "secret").await, ids(&[&draft]));
    assert_eq!(find(office.author(), "DRAFTS", json!({ "text": "secret" })).await, ids(&[&draft]));
    assert_eq!(find(office.author(), "SENT", json!({ "text": "secret" })).await, ids(&[]));
    for person in ["recipient", "subscriber", "chief", "admin", "stranger"] {
        assert_eq!(search(office.person(person), "secret").await, ids(&[]), "{person}");
    }
    office.close().await;
}

/// The results follow every change: creation, update, deletion, restore.
#[tokio::test(flavor = "multi_thread")]
async fn the_index_follows_the_memos() {
    let office = Office::open().await;
    let memo = office.memo().named("Order chairs").create().await;
    let author = office.author();
    assert_eq!(search(author, "chairs").await, ids(&[&memo]));
    let update =
        "mutation ($input: UpdateMemoInput!) { updateMemo(input: $input) { userErrors { code } } }";
    let input =
        json!({ "memoId": memo.id, "name": "Order stools", "description": "Three legs each" });
    assert_eq!(codes(&author.data(update, json!({ "input": input })).await["updateMemo"]), [""; 0]);
    assert_eq!(search(author, "chairs").await, ids(&[]));
    assert_eq!(search(author, "stools legs").await, ids(&[&memo]));
    let deleted = author.delete(&memo.id).await;
    assert_eq!(search(author, "stools").await, ids(&[]));
    author.restore(deleted["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(search(author, "stools legs").await, ids(&[&memo]));
    office.close().await;
}

/// Every memo that is not purged has its words in the index, and nothing else has.
#[tokio::test(flavor = "multi_thread")]
async fn the_index_holds_every_memo_once() {
    let office = Office::open().await;
    let (full, _) = office.full_memo().await;
    let kept = office.memo().create().await;
    office.memo().create().await;
    let count = async |sql: &str| {
        use sea_orm::{ConnectionTrait, Statement};
        let database = &office.services.database;
        let statement = Statement::from_string(database.backend(), sql);
        let row = database.connection().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get::<i64>("", "n").unwrap()
    };
    let indexed = async || {
        let unmatched = "SELECT count(*) AS n FROM memo_search e FULL JOIN memo_ids m ON m.id = \
            e.memo_id \
            WHERE m.id IS NULL OR e.memo_id IS NULL OR e.stale";
        assert_eq!(count(unmatched).await, 0);
        if !is_postgres() {
            let words = "SELECT count(*) AS n FROM memo_words_docsize w FULL JOIN memo_search e ON \
                e.entry = w.id WHERE w.id IS NULL OR e.entry IS NULL";
            assert_eq!(count(words).await, 0);
            office.sql("INSERT INTO memo_words (memo_words) VALUES ('integrity-check')").await;
        }
        count("SELECT count(*) AS n FROM memo_search").await
    };
    assert_eq!(indexed().await, 4);
    let deleted = office.recipient().delete_confirmed(&full.id).await;
    office.author().delete(&kept.id).await;
    assert_eq!(indexed().await, 4, "deleted memos keep their words");
    office.recipient().restore(deleted["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(indexed().await, 4);
    office.clock.advance(TimeDelta::days(31));
    office.purger.deletions().await.unwrap();
    assert_eq!(indexed().await, 3, "a purged memo has none");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_of_search_languages_have_no_meaning() {
    let office = Office::open().await;
    let memo = memo(&office, "NOT near OR and", "50% of \\ 'all' $1 {name} : x", None).await;
    memo_named(&office, "Something else").await;
    let author = office.author();
    for text in [
        "NOT",
        "OR and",
        "near(",
        "nea*",
        "\"NOT near",
        "name:",
        "50%",
        "'all'",
        "\\",
        "{name} : x",
        "-near",
        "^near",
        "$1",
        "near AND NOT OR",
    ] {
        if text == "\\" {
            continue;
        }
        assert_eq!(search(author, text).await, ids(&[&memo]), "{text}");
    }
    for (text, says) in [
        ("", "has no word"),
        (" *\"-🚗\\ ", "has no word"),
        (&"a".repeat(201), "at most 200 characters"),
        (&"a ".repeat(11), "at most 10"),
    ] {
        let (code, message) =
            author.error(FIND, json!({ "box": "SENT", "filter": { "text": text } })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains(says), "{message}");
    }
    let (code, message) = author
        .error(
            FIND,
            json!({ "box": "SENT", "filter": {}, "order": { "field": "RELEVANCE",
                "direction": "DESC" } }),
        )
        .await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("no text is searched"), "{message}");
    office.close().await;
}

async fn memo_named(office: &Office, name: &str) -> TestMemo {
    office.memo().named(name).create().await
}

/// A search has pages like any list: by rank or in any other order, from both ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_walked_completely_from_both_ends() {
    let office = Office::open().await;
    for n in 0..21 {
        let (name, description, note) = match n % 3 {
            0 => (format!("Oak {n}"), "", None),
            1 => (format!("Table {n}"), "of oak", None),
            _ => (format!("Chair {n}"), "", Some("Make it of oak.")),
        };
        memo(&office, &name, description, note).await;
    }
    let author = office.author();
    for field in ["RELEVANCE", "NAME", "CREATED_AT", "UPDATED_AT", "REVIEW_DATE"] {
        for direction in ["ASC", "DESC"] {
            let variables = json!({ "box": "SENT", "filter": { "text": "oak" },
                "order": { "field": field, "direction": direction } });
            let walk = async |forwards: bool| {
                let (mut ids, mut cursor) = (Vec::new(), Value::Null);
                loop {
                    let mut page = variables.clone();
                    let (length, from) =
                        if forwards { ("first", "after") } else { ("last", "before") };
                    page[length] = json!(4);
                    page[from] = cursor;
                    let found = author.data(FIND, page).await["memos"].take();
                    let mut nodes = found["nodes"].as_array().unwrap().clone();
                    if nodes.is_empty() {
                        return ids;
                    }
                    cursor = found["pageInfo"][if forwards { "endCursor" } else { "startCursor" }]
                        .clone();
                    if !forwards {
                        nodes.extend(ids);
                        ids = nodes;
                    } else {
                        ids.extend(nodes);
                    }
                }
            };
            let forwards = walk(true).await;
            assert_eq!(forwards.len(), 21);
            assert_eq!(forwards, walk(false).await, "{field} {direction}");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_say_what_a_memo_is() {
    let office = Office::open().await;
    let plain = office.memo().named("plain").create().await;
    let with_work = office.memo().named("with work").create().await;
    office.link(&with_work, entity::memo::Column::TaskId, office.task("A task").await).await;
    office
        .link(&with_work, entity::memo::Column::ProjectId, office.project("A project").await)
        .await;
    let with_file =
        office.memo().named("with file").with_subscriber(office.subscriber().id).create().await;
    office.attach(&with_file, "plan.txt", "the plan").await;
    office.mark_unread(&with_file, office.recipient().id).await;
    office.mark_unread(&plain, office.author().id).await;
    let late = office.memo().named("late").in_stage(MemoStage::Postponed).create().await;
    let late_but_done =
        office.memo().named("late but done").in_stage(MemoStage::Reviewed).create().await;
    let due_today = office.memo().named("due today").create().await;
    for (name, day) in
        [("late", "2026-03-01"), ("late but done", "2026-03-01"), ("due today", "2026-03-02")]
    {
        office.sql(&format!("UPDATE memos SET review_date = '{day}' WHERE name = '{name}'")).await;
    }
    office.clock.advance(TimeDelta::hours(1));
    let new = office.memo().named("new").from(office.chief().id).create().await;

    let recipient = office.recipient();
    let inbox = async |filter: Value| {
        let mut found = find(recipient, "INBOX", filter).await;
        found.sort();
        found
    };
    let id = Actor::user_id;
    for (filter, expected) in [
        (json!({ "hasTask": true }), ids(&[&with_work])),
        (json!({ "hasProject": true }), ids(&[&with_work])),
        (
            json!({ "hasTask": false, "hasFiles": false, "reviewUntil": null,
                "stages": ["POSTPONED"] }),
            ids(&[&late]),
        ),
        (json!({ "hasFiles": true }), ids(&[&with_file])),
        (json!({ "unread": true }), ids(&[&with_file])),
        (json!({ "unread": false, "hasProject": true }), ids(&[&with_work])),
        (json!({ "overdue": true }), ids(&[&late])),
        (
            json!({ "overdue": false, "reviewFrom": "2026-01-01" }),
            ids(&[&late_but_done, &due_today]),
        ),
        (json!({ "reviewFrom": "2026-03-02" }), ids(&[&due_today])),
        (json!({ "reviewUntil": "2026-03-01" }), ids(&[&late, &late_but_done])),
        (json!({ "sentFrom": "2026-03-02T09:30:00Z" }), ids(&[&new])),
        (json!({ "sentBefore": "2026-03-02T09:30:00Z", "overdue": true }), ids(&[&late])),
        (json!({ "personId": id(office.chief()) }), ids(&[&new])),
        (json!({ "personId": id(office.subscriber()) }), ids(&[&with_file])),
        (json!({ "personId": id(office.stranger()) }), ids(&[])),
        (json!({ "stages": [] }), ids(&[])),
        (json!({ "text": "late", "overdue": true }), ids(&[&late])),
    ] {
        let mut expected = expected;
        expected.sort();
        assert_eq!(inbox(filter.clone()).await, expected, "{filter}");
    }
    // The marks of one person do not affect another person.
    assert_eq!(find(office.author(), "SENT", json!({ "unread": true })).await, ids(&[&plain]));
    // A memo without a review date comes after all dates.
    let by_day = json!({ "box": "INBOX", "filter": {}, "order": { "field": "REVIEW_DATE",
        "direction": "ASC" }, "first": 4 });
    let sorted = recipient.data(FIND, by_day).await["memos"]["nodes"].take();
    let first: Vec<&str> =
        sorted.as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
    let mut late_ones = [late.id.as_str(), late_but_done.id.as_str()];
    late_ones.sort_unstable();
    assert_eq!(first[..2], late_ones, "equal days are sorted by age");
    assert_eq!(first[2], due_today.id);
    let (code, _) = recipient
        .error(
            FIND,
            json!({ "box": "INBOX", "filter": { "personId": Kind::Memo.id(plain.uuid).0 } }),
        )
        .await;
    assert_eq!(code, "BAD_USER_INPUT");
    office.close().await;
}
