//! Operations that request only one guarded field. The field is null if its type allows null, and
//! its object still exists.

use super::{table, variables};
use memoranda_tests::{Actor, Office, event_id};
use serde_json::{Value, json};

/// Whether the field with that name, as `Type.field`, is nullable in the schema.
fn is_nullable(field: &str) -> bool {
    let (of, name) = field.split_once('.').unwrap();
    let sdl = api::graphql::sdl();
    let (_, fields) = sdl.split_once(&format!("\ntype {of} ")).unwrap();
    let starts = |line: &&str| {
        line.strip_prefix('\t')
            .and_then(|line| line.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with([':', '(']))
    };
    let lines = fields.lines().skip_while(|line| !starts(line));
    let guarded = lines.into_iter().find(|line| line.contains(" @auth(")).unwrap();
    !guarded.split(" @auth(").next().unwrap().ends_with('!')
}

/// Checks that each error belongs to a null in an existing object. Returns the number of errors.
fn nulls(answer: &Value) -> usize {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("no error: {answer:#}"));
    for error in errors {
        let mut place = &answer["data"];
        for step in error["path"].as_array().unwrap() {
            place = match step {
                Value::String(key) => place.get(key),
                index => place.get(usize::try_from(index.as_u64().unwrap()).unwrap()),
            }
            .unwrap_or_else(|| panic!("nothing at {}: {answer:#}", error["path"]));
        }
        assert!(place.is_null(), "{answer:#}");
    }
    errors.len()
}

#[test]
fn the_schema_tells_which_guarded_fields_can_be_null() {
    for (field, expected) in [
        ("User.email", true),
        ("Memo.conclusion", true),
        ("Query.memoDeletionPreview", true),
        ("Query.memosDeletionPreview", true),
        ("Query.memos", false),
        ("Query.unreadMemoCount", false),
        ("Mutation.deleteMemo", false),
    ] {
        assert_eq!(is_nullable(field), expected, "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_guarded_field_is_null_alone_and_takes_nothing_with_it() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let variables = variables(&office, &memo.id);
    let anonymous = office.anonymous();
    let mut asked = 0;
    for guarded in table::guarded().filter(|guarded| !guarded.field.starts_with("Subscription")) {
        let is_root = guarded.field.starts_with("Query") || guarded.field.starts_with("Mutation");
        let names = guarded.refused.iter();
        let mut refused: Vec<&Actor> = names.map(|name| office.person(name)).collect();
        // Anonymous clients reach no object except the roots.
        if is_root && !guarded.allowed.contains(&"anonymous") {
            refused.push(&anonymous);
        }
        for person in refused {
            let answer = person.send(guarded.document, variables.clone()).await;
            if is_nullable(guarded.field) {
                assert_eq!(nulls(&answer), 1, "{} for {}: {answer:#}", guarded.field, person.name);
            } else {
                assert!(is_root, "{}: a field within an object", guarded.field);
                assert_eq!(answer["data"], Value::Null, "{answer:#}");
            }
            asked += 1;
        }
    }
    assert!(asked > 100, "only {asked} refusals");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_field_leaves_its_object_in_lists_and_behind_interfaces() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let subscriber = office.subscriber();
    let [author, chief] = [office.author(), office.chief()].map(Actor::user_id);
    let (hidden, memo_alone) = (json!({ "email": null }), json!({ "conclusion": null }));
    let others = json!({ "nodes": [hidden, hidden, hidden] });
    for (selection, expected) in [
        ("viewer { email } users(first: 3) { nodes { email } }", {
            json!({ "viewer": { "email": "subscriber@example.org" }, "users": others })
        }),
        ("memo(id: $memo) { conclusion }", json!({ "memo": { "conclusion": null } })),
        ("memo(id: $memo) { author { email } }", json!({ "memo": { "author": hidden } })),
        (
            "memo(id: $memo) { a: conclusion b: conclusion author { email } }",
            json!({ "memo": { "a": null, "b": null, "author": hidden } }),
        ),
        (
            "memos(box: SUBSCRIBED) { nodes { conclusion } edges { node { conclusion } } }",
            json!({ "memos": { "nodes": [memo_alone], "edges": [{ "node": memo_alone }] } }),
        ),
        ("node(id: $author) { ... on User { email } }", json!({ "node": { "email": null } })),
        (
            "nodes(ids: [$author, $chief, $memo]) { ... on User { email } ... on Memo { conclusion \
             } }",
            json!({ "nodes": [{ "email": null }, { "email": null }, { "conclusion": null }] }),
        ),
        (
            "nodes(ids: [$memo]) { ...Deep } } fragment Deep on Memo { recipient { email }",
            json!({ "nodes": [{ "recipient": { "email": null } }] }),
        ),
    ] {
        let used = |name: &str| selection.contains(name);
        let declared: String = ["$memo", "$author", "$chief"]
            .into_iter()
            .filter(|name| used(name))
            .map(|name| format!("{name}: ID! "))
            .collect();
        let head = if declared.is_empty() { String::new() } else { format!("query ({declared})") };
        let variables = json!({ "memo": memo.id, "author": author, "chief": chief });
        let answer = subscriber.send(&format!("{head} {{ {selection} }}"), variables).await;
        assert_eq!(answer["data"], expected, "{selection} got {answer:#}");
        nulls(&answer);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_field_does_not_hide_what_a_mutation_has_done() {
    let office = Office::open().await;
    let (author, subscriber) = (office.author(), office.subscriber());
    let memo = office.memo().with_subscriber(subscriber.id).create().await;
    office.mark_unread(&memo, subscriber.id).await;
    let tag = api::graphql::Kind::Tag.id(office.tag(&memo, "furniture").await).0;
    let mark = "mutation ($memo: ID!) { markMemosRead(input: { memoIds: [$memo] }) {
        memos { author { email } } userErrors { code } } }";
    let answer = subscriber.send(mark, json!({ "memo": memo.id })).await;
    let expected = json!({ "memos": [{ "author": { "email": null } }], "userErrors": [] });
    assert_eq!(answer["data"]["markMemosRead"], expected, "{answer:#}");
    assert_eq!(nulls(&answer), 1);
    let unread = subscriber.data("{ unreadMemoCount }", json!({})).await;
    assert_eq!(unread, json!({ "unreadMemoCount": 0 }));

    let add = "mutation ($memo: ID!, $tag: ID!) {
        addMemoTags(input: { memoId: $memo, tagIds: [$tag] }) { memo { recipient { email } } } }";
    let answer = author.send(add, json!({ "memo": memo.id, "tag": tag })).await;
    let expected = json!({ "addMemoTags": { "memo": { "recipient": { "email": null } } } });
    assert_eq!(answer["data"], expected, "{answer:#}");
    assert_eq!(nulls(&answer), 1);

    let work = "mutation ($memo: ID!) { createTaskFromMemo(input: { memoId: $memo }) {
        task { sourceMemo { ... on Memo { author { email } } } } } }";
    let answer = office.recipient().send(work, json!({ "memo": memo.id })).await;
    let source = json!({ "author": { "email": null } });
    let expected = json!({ "createTaskFromMemo": { "task": { "sourceMemo": source } } });
    assert_eq!(answer["data"], expected, "behind a union: {answer:#}");
    assert_eq!(nulls(&answer), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_field_does_not_hide_an_event() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.recipient().review(&memo.id).await;
    let listen = "subscription ($after: ID) { memoEvents(after: $after) { memo { conclusion } } }";
    let first = json!({ "after": event_id(office.subscriber(), 0) });
    let answer = office.subscriber().listen(listen, first).await.answer().await;
    assert_eq!(
        answer["data"],
        json!({ "memoEvents": { "memo": { "conclusion": null } } }),
        "{answer:#}"
    );
    assert_eq!(nulls(&answer), 1);
    office.close().await;
}
