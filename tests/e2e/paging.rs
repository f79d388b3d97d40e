//! Pages of lists: nothing lost, nothing twice, from both ends.

use chrono::TimeDelta;
use entity::MemoStage;
use memoranda_tests::{Actor, Office};
use serde_json::{Value, json};

/// Walks a whole list of memos by pages of that length and answers the ids in the order of the list.
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
        let (more, next) =
            if forwards { ("hasNextPage", "endCursor") } else { ("hasPreviousPage", "startCursor") };
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
        // Names and times repeat: the id decides among equals.
        office.memo().named(&format!("Name {}", n % 5)).create().await;
        if n % 3 == 0 {
            office.clock.advance(TimeDelta::seconds(1));
        }
    }
    let recipient = office.recipient();
    for field in ["CREATED_AT", "UPDATED_AT", "NAME"] {
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

    let tag = api::graphql::Kind::Tag.id(tag).0;
    let recipient = api::graphql::Kind::User.id(office.recipient().id).0;
    assert_eq!(ask("author", "box: SENT, filter: { stages: [REVIEWED] }").await, ids(&[&reviewed]));
    assert_eq!(ask("author", &format!("box: SENT, filter: {{ tagId: \"{tag}\" }}")).await, ids(&[&sent]));
    let both = format!("box: ALL_VISIBLE, filter: {{ recipientId: \"{recipient}\", stages: [PENDING] }}");
    assert_eq!(ask("author", &both).await, ids(&[&sent, &draft]));
    assert_eq!(
        ask("author", "box: SENT, filter: { createdBefore: \"2026-01-01T00:00:00Z\" }").await,
        ids(&[])
    );
    assert_eq!(ask("author", "box: SENT, filter: { createdFrom: \"2026-01-01T00:00:00Z\" }").await.len(), 3);
    office.close().await;
}

/// All items of a list of a preview or a record, by pages of 100.
async fn items(person: &Actor, root: &str, id: &str, list: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let query = format!(
            "query ($id: ID!, $c: String) {{ root: {root} {{ ... on {} {{
             {list}(first: 100, after: $c) {{ totalCount nodes {{ kind label reason }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}",
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
