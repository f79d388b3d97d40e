//! Pages of lists: no item is lost or repeated, from both ends.

use api::graphql::Kind;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::MemoStage;
use memoranda_tests::{Actor, Office, codes};
use serde_json::{Value, json};

/// Walks a whole list of memos in pages of that length, and returns the ids in order.
async fn walk(person: &Actor, list: &str, forwards: bool, length: usize) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let page = if forwards {
            format!("first: {length}, after: $c")
        } else {
            format!("last: {length}, before: $c")
        };
        let query = format!(
            "query ($c: String) {{ memos({list}, {page}) {{ nodes {{ id }} totalCount
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        let answer = person.data(&query, json!({ "c": cursor })).await;
        let page = &answer["memos"];
        let nodes: Vec<String> = page["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect();
        assert!(nodes.len() <= length);
        let (more, next) = if forwards {
            ("hasNextPage", "endCursor")
        } else {
            ("hasPreviousPage", "startCursor")
        };
        cursor = page["pageInfo"][next].clone();
        if forwards {
            ids.extend(nodes);
        } else {
            ids.splice(0..0, nodes);
        }
        if page["pageInfo"][more] == false {
            assert_eq!(page["totalCount"], json!(ids.len()));
            return ids;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_is_walked_completely_from_both_ends() {
    let office = Office::open().await;
    for n in 0..23 {
        // Names and times repeat, so the id decides among equals.
        office.memo().named(&format!("Name {}", n % 5)).create().await;
        if n % 4 > 0 {
            let day = format!(
                "UPDATE memos SET review_date = '2026-03-0{}' WHERE name = 'Name {}'",
                n % 4,
                n % 5
            );
            office.sql(&day).await;
        }
        if n % 3 == 0 {
            office.clock.advance(TimeDelta::seconds(1));
        }
    }
    let recipient = office.recipient();
    for field in ["CREATED_AT", "UPDATED_AT", "NAME", "REVIEW_DATE"] {
        let mut walks = Vec::new();
        for direction in ["ASC", "DESC"] {
            let list = format!("box: INBOX, orderBy: {{ field: {field}, direction: {direction} }}");
            let forwards = walk(recipient, &list, true, 5).await;
            assert_eq!(forwards.len(), 23);
            assert_eq!(forwards, walk(recipient, &list, false, 4).await, "{list}");
            assert_eq!(forwards, walk(recipient, &list, true, 100).await, "{list}");
            walks.push(forwards);
        }
        walks[1].reverse();
        assert_eq!(walks[0], walks[1], "{field}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_box_holds_what_it_says_and_filters_add_up() {
    let office = Office::open().await;
    let sent = office.memo().with_subscriber(office.subscriber().id).create().await;
    let reviewed = office.memo().in_stage(MemoStage::Reviewed).create().await;
    let draft = office.memo().draft().with_subscriber(office.subscriber().id).create().await;
    let to_self = office.memo().to(office.author().id).create().await;
    let tag = office.tag(&sent, "urgent").await;
    let ids = |memos: &[&memoranda_tests::TestMemo]| {
        let mut ids: Vec<String> = memos.iter().map(|memo| memo.id.clone()).collect();
        ids.sort();
        ids
    };
    let ask = async |person: &str, list: &str| {
        let mut found = walk(office.person(person), list, true, 2).await;
        found.sort();
        found
    };
    assert_eq!(ask("author", "box: SENT").await, ids(&[&sent, &reviewed, &to_self]));
    assert_eq!(ask("author", "box: INBOX").await, ids(&[&to_self]));
    assert_eq!(ask("author", "box: DRAFTS").await, ids(&[&draft]));
    assert_eq!(ask("author", "box: ALL_VISIBLE").await, ids(&[&sent, &reviewed, &draft, &to_self]));
    assert_eq!(ask("recipient", "box: INBOX").await, ids(&[&sent, &reviewed]));
    assert_eq!(ask("recipient", "box: DRAFTS").await, ids(&[]));
    assert_eq!(ask("subscriber", "box: SUBSCRIBED").await, ids(&[&sent]));
    assert_eq!(ask("subscriber", "box: ALL_VISIBLE").await, ids(&[&sent]));
    assert_eq!(ask("chief", "box: ALL_VISIBLE").await, ids(&[&sent, &reviewed, &to_self]));
    assert_eq!(ask("admin", "box: ALL_VISIBLE").await, ids(&[]));
    assert_eq!(ask("stranger", "box: ALL_VISIBLE").await, ids(&[]));

    let tag = Kind::Tag.id(tag).0;
    let recipient = Kind::User.id(office.recipient().id).0;
    assert_eq!(ask("author", "box: SENT, filter: { stages: [REVIEWED] }").await, ids(&[&reviewed]));
    assert_eq!(
        ask("author", &format!("box: SENT, filter: {{ tagId: \"{tag}\" }}")).await,
        ids(&[&sent])
    );
    let both =
        format!("box: ALL_VISIBLE, filter: {{ recipientId: \"{recipient}\", stages: [PENDING] }}");
    assert_eq!(ask("author", &both).await, ids(&[&sent, &draft]));
    assert_eq!(
        ask("author", "box: SENT, filter: { createdBefore: \"2026-01-01T00:00:00Z\" }").await,
        ids(&[])
    );
    assert_eq!(
        ask("author", "box: SENT, filter: { createdFrom: \"2026-01-01T00:00:00Z\" }").await.len(),
        3
    );
    office.close().await;
}

/// All items of a list of a preview or a record, by pages of 100.
async fn items(person: &Actor, root: &str, id: &str, list: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let query = format!(
            "query ($id: ID!, $c: String) {{ root: {root} {{ ... on {} {{
             {list}(first: 100, after: $c) {{ totalCount nodes {{ kind label reason }} pageInfo {{ \
             hasNextPage endCursor }} }} }} }} }}",
            if root.starts_with("node") { "MemoDeletion" } else { "MemoDeletionPreview" }
        );
        let answer = person.data(&query, json!({ "id": id, "c": cursor })).await;
        let page = &answer["root"][list];
        items.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], json!(items.len()));
            return items;
        }
        cursor = page["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_lists_page_by_page_what_the_preview_listed() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    for n in 0..250 {
        office.comment(&memo, office.subscriber().id, &format!("Comment {n}")).await;
    }
    let recipient = office.recipient();
    let mut previewed = Vec::new();
    for list in ["removed", "kept"] {
        previewed.push(items(recipient, "memoDeletionPreview(memoId: $id)", &memo.id, list).await);
    }
    assert_eq!(previewed[0].iter().filter(|item| item["kind"] == "COMMENT").count(), 253);
    let payload = recipient.delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    for (list, previewed) in ["removed", "kept"].into_iter().zip(previewed) {
        assert_eq!(items(recipient, "node(id: $id)", record, list).await, previewed, "{list}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_belongs_to_one_list_with_one_order_and_filter() {
    let office = Office::open().await;
    for _ in 0..3 {
        office.memo().create().await;
    }
    let author = office.author();
    let query = "{ memos(box: SENT, first: 1) { pageInfo { endCursor } } }";
    let cursor = author.data(query, json!({})).await["memos"]["pageInfo"]["endCursor"].clone();
    for list in [
        "memos(box: ALL_VISIBLE, after: $c)",
        "memos(box: SENT, orderBy: { field: NAME, direction: DESC }, after: $c)",
        "memos(box: SENT, orderBy: { field: CREATED_AT, direction: ASC }, after: $c)",
        "memos(box: SENT, filter: { stages: [PENDING] }, after: $c)",
        "memoDeletions(after: $c)",
        "notifications(before: $c)",
    ] {
        let query = format!("query ($c: String!) {{ {list} {{ nodes {{ id }} }} }}");
        let (code, message) = author.error(&query, json!({ "c": cursor })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("is a cursor of another list"), "{list}: {message}");
    }
    let good = "query ($c: String!) { memos(box: SENT, after: $c) { nodes { id } } }";
    assert_eq!(
        author.data(good, json!({ "c": cursor })).await["memos"]["nodes"].as_array().unwrap().len(),
        2
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_somebody_made_up_is_refused() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let author = office.author();
    let id = memo.uuid;
    let forged = |cursor: &Value, key: &Value| {
        let bytes = URL_SAFE_NO_PAD.decode(cursor.as_str().unwrap()).unwrap();
        let (list, _): (String, Value) = serde_json::from_slice(&bytes).unwrap();
        URL_SAFE_NO_PAD.encode(json!([list, key]).to_string())
    };
    let (early, late) = ("-262143-01-01T00:00:00Z", "+262142-12-31T23:59:59Z");
    for (field, good, bad) in [
        (
            "CREATED_AT",
            json!({ "Id": id }),
            json!([{ "Text": ["x", id] }, { "Time": ["2026-03-02T09:00:00Z", id] }, 7, null]),
        ),
        (
            "UPDATED_AT",
            json!({ "Time": ["2026-03-02T09:00:00Z", id] }),
            json!([{ "Time": [early, id] }, { "Time": [late, id] }, { "Id": id }, { "Text": ["x",
                id] }]),
        ),
        (
            "NAME",
            json!({ "Text": ["Order new chairs", id] }),
            json!([{ "Text": ["a\u{0}b", id] }, { "Id": id }, { "Time": ["2026-03-02T09:00:00Z",
                id] }]),
        ),
    ] {
        let query = format!(
            "query ($c: String) {{ memos(box: SENT, orderBy: {{ field: {field}, direction: ASC }}, \
             after: $c) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }}"
        );
        let cursor = author.data(&query, json!({})).await["memos"]["pageInfo"]["endCursor"].clone();
        assert_eq!(json!(forged(&cursor, &good)), cursor, "how a cursor is made");
        for key in bad.as_array().unwrap() {
            let (code, message) = author.error(&query, json!({ "c": forged(&cursor, key) })).await;
            assert_eq!(code, "BAD_USER_INPUT", "{field} {key}");
            assert_eq!(
                message,
                "after is not a cursor of this API. Give one that the API returned."
            );
        }
    }
    // The items of a preview: a position after the end leads to an empty page.
    let items = "query ($id: ID!, $c: String) { memoDeletionPreview(memoId: $id) { kept(first: 1, \
        after: $c) { nodes { kind } pageInfo { endCursor } } } }";
    let preview = author.data(items, json!({ "id": memo.id })).await;
    let cursor = &preview["memoDeletionPreview"]["kept"]["pageInfo"]["endCursor"];
    for (place, found) in [(i64::MAX, 0), (i64::MIN, 1)] {
        let variables = json!({ "id": memo.id, "c": forged(cursor, &json!([place, 0, id])) });
        let nodes =
            author.data(items, variables).await["memoDeletionPreview"]["kept"]["nodes"].take();
        assert_eq!(nodes.as_array().unwrap().len(), found, "{place}");
    }
    office.close().await;
}

/// The ids of a list in pages of that length, forwards and backwards. It also checks what every
/// page says about its neighbours.
async fn both_ways(person: &Actor, root: &str, list: &str, length: usize) -> Vec<String> {
    let mut walks = Vec::new();
    for (take, from, edge, more, back) in [
        ("first", "after", "endCursor", "hasNextPage", "hasPreviousPage"),
        ("last", "before", "startCursor", "hasPreviousPage", "hasNextPage"),
    ] {
        let (open, close) =
            if root.is_empty() { (String::new(), "") } else { (format!("{root} {{"), "}") };
        let query = format!(
            "query ($c: String) {{ {open} {list} {take}: {length}, {from}: $c) {{ edges {{ cursor \
             node {{ id }} }} nodes {{ id }}
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} {close} }}"
        );
        let (mut pages, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let answer = person.data(&query, json!({ "c": cursor })).await;
            let mut page = answer.as_object().unwrap().values().next().unwrap();
            if !root.is_empty() {
                page = page.as_object().unwrap().values().next().unwrap();
            }
            let (info, edges) = (&page["pageInfo"], page["edges"].as_array().unwrap());
            assert_eq!(
                info[back],
                json!(!pages.is_empty()),
                "{list}: {back} of page {}",
                pages.len()
            );
            let ends = (
                edges.first().map(|edge| &edge["cursor"]),
                edges.last().map(|edge| &edge["cursor"]),
            );
            assert_eq!((Some(&info["startCursor"]), Some(&info["endCursor"])), ends, "{list}");
            let nodes: Vec<&Value> = edges.iter().map(|edge| &edge["node"]).collect();
            assert_eq!(json!(nodes), page["nodes"], "{list}");
            pages.push(
                nodes
                    .iter()
                    .map(|node| node["id"].as_str().unwrap().to_owned())
                    .collect::<Vec<_>>(),
            );
            if info[more] == false {
                break;
            }
            assert_eq!(
                pages.last().map(Vec::len),
                Some(length),
                "{list}: a short page that is not the last"
            );
            cursor = info[edge].clone();
        }
        if take == "last" {
            pages.reverse();
        }
        walks.push(pages.concat());
    }
    assert_eq!(walks[0], walks[1], "{list}");
    walks.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_list_is_walked_completely_from_both_ends() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let mut comments = Vec::new();
    // Ids sort by their time of creation.
    let later = || office.clock.advance(TimeDelta::seconds(1));
    for n in 0..7 {
        later();
        comments.push(
            Kind::Comment
                .id(office.comment(&memo, office.subscriber().id, &format!("{n}")).await)
                .0,
        );
    }
    let root = format!("memo(id: \"{}\")", memo.id);
    assert_eq!(
        both_ways(office.chief(), &root, "comments(", 3).await,
        comments,
        "the oldest first"
    );

    let (mut records, mut refusals) = (Vec::new(), 0);
    for n in 0..6 {
        later();
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        assert_eq!(codes(&office.subscriber().delete(&memo.id).await), ["NOT_A_PARTICIPANT"]);
        refusals += 1;
        let who = if n % 2 == 0 { office.author() } else { office.recipient() };
        records.push(
            who.delete_confirmed(&memo.id).await["receipt"]["id"].as_str().unwrap().to_owned(),
        );
        let held = office.memo().on_hold().create().await;
        assert_eq!(codes(&office.author().delete(&held.id).await), ["ON_HOLD"]);
        refusals += 1;
    }
    records.reverse();
    for person in ["author", "recipient", "admin"] {
        assert_eq!(
            both_ways(office.person(person), "", "memoDeletions(", 4).await,
            records,
            "{person}"
        );
    }
    let notified = both_ways(office.author(), "", "notifications(", 1).await;
    assert_eq!(notified.len(), 3, "of the recipient's deletions");
    for (list, expected) in [
        ("refusedMemoDeletions(", refusals),
        ("memoHolds(", 6),
        ("memoHolds(filter: { states: [ACTIVE] },", 6),
    ] {
        let mut ids = both_ways(office.admin(), "", list, 5).await;
        assert_eq!(ids.len(), expected, "{list}");
        ids.dedup();
        assert_eq!(ids.len(), expected, "{list}");
        assert!(ids.is_sorted_by(|newer, older| newer > older), "{list}: the latest first");
    }
    for list in
        ["box: SENT,", "box: ALL_VISIBLE,", "box: SENT, orderBy: { field: NAME, direction: DESC },"]
    {
        assert_eq!(
            both_ways(office.author(), "", &format!("memos({list}"), 2).await.len(),
            7,
            "{list}"
        );
    }
    office.close().await;
}
