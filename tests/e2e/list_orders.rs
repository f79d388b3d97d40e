//! The order of each list, its count, and the arguments that all lists share.

use memoranda_tests::{Actor, Office};
use serde_json::{Value, json};

async fn list(person: &Actor, field: &str, selection: &str) -> Value {
    let query = format!("{{ list: {field} {{ totalCount nodes {{ {selection} }} }} }}");
    person.data(&query, json!({})).await["list"].take()
}

fn column(list: &Value, name: &str) -> Vec<String> {
    let nodes = list["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node[name].as_str().unwrap_or("null").to_owned()).collect()
}

async fn furnished() -> Office {
    let office = Office::open().await;
    for n in 0..3 {
        office.clock.advance(chrono::TimeDelta::seconds(1));
        let memo = office.memo().named(&format!("Memo {n}")).create().await;
        office.remind(&memo, office.author().id, n + 1).await;
        office.comment(&memo, office.author().id, "Well?").await;
        office.comment(&memo, office.recipient().id, "Yes.").await;
        office.memo().on_hold().create().await;
        let gone = office.memo().named(&format!("Gone {n}"));
        let gone = gone.with_subscriber(office.subscriber().id).create().await;
        office.subscriber().delete(&gone.id).await;
        office.recipient().delete_confirmed(&gone.id).await;
    }
    for (name, due) in [("b", "2026-05-01"), ("a", "2026-04-01"), ("c", "null")] {
        office.clock.advance(chrono::TimeDelta::seconds(1));
        let due = if due == "null" { Value::Null } else { json!(due) };
        for kind in ["Deal", "Task", "Project"] {
            let create = format!(
                "mutation ($input: Create{kind}Input!) {{ create{kind}(input: $input) {{ \
                 userErrors {{ message }} }} }}"
            );
            let mut input = json!({ "name": name, "dueDate": due });
            if kind != "Deal" {
                input["responsibleIds"] = json!([office.chief().user_id()]);
            }
            let answer = office.chief().data(&create, json!({ "input": input })).await;
            assert_eq!(answer[format!("create{kind}")]["userErrors"], json!([]));
        }
        for kind in ["Tag", "Resolution"] {
            let create = format!(
                "mutation ($name: String!) {{ create{kind}(input: {{ name: $name }}) {{ \
                 userErrors {{ message }} }} }}"
            );
            office.chief().data(&create, json!({ "name": name })).await;
        }
    }
    office
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_can_be_reversed_and_counted() {
    let office = furnished().await;
    for (person, field, order, column_name) in [
        ("author", "memos(box: SENT, ", "CREATED_AT", "id"),
        ("author", "memoDeletions(", "DELETED_AT", "id"),
        ("author", "notifications(", "CREATED_AT", "id"),
        ("author", "reminders(", "DUE_AT", "id"),
        ("admin", "memoHolds(", "PLACED_AT", "id"),
        ("admin", "refusedMemoDeletions(", "REFUSED_AT", "id"),
        ("chief", "users(", "FULL_NAME", "fullName"),
        ("chief", "tags(", "NAME", "name"),
        ("chief", "resolutions(", "NAME", "name"),
        ("chief", "deals(", "CREATED_AT", "name"),
        ("chief", "tasks(", "CREATED_AT", "name"),
        ("chief", "projects(", "CREATED_AT", "name"),
    ] {
        let person = office.person(person);
        let ordered = async |direction: &str, more: &str| {
            let arguments =
                format!("{field}orderBy: {{ field: {order}, direction: {direction} }}{more})");
            list(person, &arguments, column_name).await
        };
        let up = ordered("ASC", "").await;
        let mut down = column(&ordered("DESC", "").await, column_name);
        let upwards = column(&up, column_name);
        down.reverse();
        assert_eq!(upwards, down, "{field}");
        assert!(upwards.len() >= 3, "{field}: {upwards:?}");
        assert_eq!(up["totalCount"], upwards.len(), "{field}");
        // A cursor belongs to one order, and pages follow one another in both.
        for direction in ["ASC", "DESC"] {
            let whole = column(&ordered(direction, "").await, column_name);
            let cursor_of = |which: &str| {
                format!(
                    "{{ list: {field}orderBy: {{ field: {order}, direction: {direction} }}, \
                     {which}) {{ edges {{ cursor node {{ {column_name} }} }} }} }}"
                )
            };
            let first = person.data(&cursor_of("first: 1"), json!({})).await;
            let cursor = first["list"]["edges"][0]["cursor"].as_str().unwrap();
            let rest = ordered(direction, &format!(", after: \"{cursor}\"")).await;
            assert_eq!(column(&rest, column_name), whole[1..], "{field} {direction}");
            let last = ordered(direction, ", last: 1").await;
            assert_eq!(column(&last, column_name), whole[whole.len() - 1..], "{field} {direction}");
            let other = if direction == "ASC" { "DESC" } else { "ASC" };
            let foreign = format!(
                "{{ {field}orderBy: {{ field: {order}, direction: {other} }}, after: \
                 \"{cursor}\") {{ nodes {{ id }} }} }}"
            );
            let (code, message) = person.error(&foreign, json!({})).await;
            assert_eq!(code, "BAD_USER_INPUT", "{field}");
            assert!(message.contains("another order"), "{field}: {message}");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deals_tasks_and_projects_are_sorted_by_name_and_due_date() {
    let office = furnished().await;
    for field in ["deals", "tasks", "projects"] {
        for (order, direction, expected) in [
            ("NAME", "ASC", ["a", "b", "c"]),
            ("NAME", "DESC", ["c", "b", "a"]),
            ("CREATED_AT", "ASC", ["b", "a", "c"]),
            ("DUE_DATE", "ASC", ["a", "b", "c"]),
            ("DUE_DATE", "DESC", ["c", "b", "a"]),
        ] {
            let by = format!("orderBy: {{ field: {order}, direction: {direction} }}");
            let all = list(office.chief(), &format!("{field}({by})"), "name").await;
            assert_eq!(column(&all, "name"), expected, "{field} {by}");
            let mut pages = Vec::new();
            let mut after = "null".to_owned();
            for _ in 0..3 {
                let query = format!(
                    "{{ list: {field}({by}, first: 1, after: {after}) {{ nodes {{ name }} \
                     pageInfo {{ endCursor hasNextPage }} }} }}"
                );
                let page = office.chief().data(&query, json!({})).await["list"].take();
                pages.extend(column(&page, "name"));
                after = format!("\"{}\"", page["pageInfo"]["endCursor"].as_str().unwrap());
                assert_eq!(page["pageInfo"]["hasNextPage"], pages.len() < 3, "{by} {pages:?}");
            }
            assert_eq!(pages, expected, "{field} {by}, page by page");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discussion_can_be_read_from_its_end() {
    let office = furnished().await;
    let query = "{ memos(box: SENT, first: 1) { nodes { a: comments { totalCount nodes { id } }
        b: comments(orderBy: { field: CREATED_AT, direction: DESC }) { nodes { id } } } } }";
    let sent = office.author().data(query, json!({})).await["memos"]["nodes"][0].take();
    let ids = |name: &str| column(&sent[name], "id");
    assert_eq!(ids("a").len() as u64, sent["a"]["totalCount"].as_u64().unwrap());
    assert_eq!(ids("b"), ids("a").into_iter().rev().collect::<Vec<_>>());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_selected_by_what_has_become_of_the_memo() {
    let office = Office::open().await;
    let [kept, back, gone] = [
        office.memo().named("kept").create().await,
        office.memo().named("back").create().await,
        office.memo().named("gone").create().await,
    ];
    for memo in [&kept, &back, &gone] {
        office.clock.advance(chrono::TimeDelta::seconds(1));
        office.recipient().delete_confirmed(&memo.id).await;
    }
    let records = async |states: &str| {
        let field = format!("memoDeletions(filter: {{ states: {states} }})");
        let found = list(office.recipient(), &field, "id memoName").await;
        assert_eq!(found["totalCount"], found["nodes"].as_array().unwrap().len());
        let mut names = column(&found, "memoName");
        names.sort();
        (names, column(&found, "id"))
    };
    let (names, ids) = records("[RESTORABLE]").await;
    assert_eq!(names, ["back", "gone", "kept"]);
    // The latest first: gone, back, kept.
    office.recipient().restore(&ids[1]).await;
    office.admin().erase(&ids[0], "Asked for.").await;
    assert_eq!(records("[RESTORABLE]").await.0, ["kept"]);
    assert_eq!(records("[RESTORED]").await.0, ["back"]);
    assert_eq!(records("[GONE]").await.1, [ids[0].clone()]);
    assert_eq!(records("[GONE, RESTORED]").await.1.len(), 2);
    assert_eq!(records("[]").await.1.len(), 0);
    assert_eq!(records("null").await.1.len(), 3);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_of_first_does_not_stand_in_the_way_of_last() {
    let office = furnished().await;
    let memos = async |query: &str, variables: Value| {
        let page = office.author().data(query, variables).await["memos"].take();
        column(&page, "name")
    };
    let all = memos("{ memos(box: SENT) { nodes { name } } }", json!({})).await;
    let query = "query ($first: Int, $last: Int) { memos(box: SENT, first: $first, last: $last) {
        nodes { name } } }";
    assert_eq!(memos(query, json!({ "last": 2 })).await, all[all.len() - 2..]);
    assert_eq!(memos(query, json!({ "first": null, "last": 2 })).await, all[all.len() - 2..]);
    assert_eq!(memos(query, json!({ "first": 2 })).await, all[..2]);
    assert_eq!(memos(query, json!({})).await, all);
    let (code, message) = office.author().error(query, json!({ "first": 1, "last": 1 })).await;
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("BAD_USER_INPUT", "Give either first or last, not both.")
    );
    office.close().await;
}
