//! Every guarded field, for people who may read it and people who may not. Guard and directive must
//! agree.

mod alone;
mod table;

use memoranda_tests::{Actor, Office};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::Path};
use table::Guarded;

/// Fields with a line `… @auth(requires: …)` in the schema, as `Type.field`.
fn fields_with_directive() -> BTreeSet<String> {
    let sdl = api::graphql::sdl();
    let (mut current_type, mut current_field) = (String::new(), String::new());
    let mut fields = BTreeSet::new();
    for line in sdl.lines() {
        if let Some(rest) = line.strip_prefix("type ") {
            current_type = rest.split_whitespace().next().unwrap().to_owned();
        }
        let indented = line.strip_prefix('\t').filter(|rest| !rest.starts_with('\t'));
        if let Some(name) = indented
            .and_then(|rest| rest.split(['(', ':', ' ']).next())
            .filter(|name| !name.is_empty())
            && name.starts_with(|c: char| c.is_ascii_lowercase())
        {
            name.clone_into(&mut current_field);
        }
        if line.contains("@auth(") && !line.starts_with("directive") {
            fields.insert(format!("{current_type}.{current_field}"));
        }
    }
    fields
}

fn variables(office: &Office, memo: &str) -> Value {
    let id = |kind: api::graphql::Kind| kind.id(uuid::Uuid::max()).0;
    json!({
        "memo": memo,
        "user": api::graphql::Kind::User.id(office.author().id).0,
        "record": id(api::graphql::Kind::MemoDeletion),
        "hold": id(api::graphql::Kind::MemoHold),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_guarded_field_answers_whom_it_allows_and_nobody_else() {
    let table: BTreeSet<String> =
        table::guarded().map(|guarded| guarded.field.to_owned()).collect();
    assert_eq!(
        fields_with_directive(),
        table,
        "the fields with @auth, and the rows of this test's table"
    );
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let variables = variables(&office, &memo.id);
    for guarded in table::guarded() {
        if guarded.field.starts_with("Subscription") {
            assert_subscription_is_guarded(&office, guarded).await;
            continue;
        }
        let by_nobody = guarded.allowed.contains(&"anonymous");
        for person in guarded.allowed.iter().filter(|person| **person != "anonymous") {
            office.person(person).data(guarded.document, variables.clone()).await;
        }
        for person in guarded.refused {
            let (code, message) =
                office.person(person).error(guarded.document, variables.clone()).await;
            assert_eq!(code, "FORBIDDEN", "{} for {person}", guarded.field);
            assert!(!message.is_empty());
        }
        if by_nobody {
            office.anonymous().data(guarded.document, variables.clone()).await;
            continue;
        }
        // Anonymous clients reach no object: the fields of objects are tested below.
        if guarded.field.starts_with("Query") || guarded.field.starts_with("Mutation") {
            assert_unauthenticated(&office.anonymous(), guarded, &variables).await;
        } else {
            let answer = office.anonymous().data(guarded.document, variables.clone()).await;
            assert!(answer.as_object().unwrap().values().all(Value::is_null), "{answer:#}");
        }
    }
    assert_eq!(office.author().type_of(&memo.id).await, "Memo", "nothing was deleted by the way");
    office.close().await;
}

/// A person who is allowed gets as far as the mistake in the document.
async fn assert_subscription_is_guarded(office: &Office, guarded: &Guarded) {
    for person in guarded.allowed {
        let answer = office.person(person).listen(guarded.document, json!({})).await.answer().await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
    }
    let answer = office.anonymous().listen(guarded.document, json!({})).await.answer().await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer:#}");
}

async fn assert_unauthenticated(nobody: &Actor, guarded: &Guarded, variables: &Value) {
    let (code, message) = nobody.error(guarded.document, variables.clone()).await;
    assert_eq!(code, "UNAUTHENTICATED", "{}", guarded.field);
    assert!(message.contains("Authorization: Bearer"), "{message}");
}

#[test]
fn every_mutation_says_whom_it_requires() {
    let sdl = api::graphql::sdl();
    let mutations =
        sdl.split("type Mutation {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
    let with_directive = fields_with_directive();
    // Every second part between these quotes is a description.
    let names: Vec<&str> = mutations
        .split("\"\"\"")
        .step_by(2)
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix('\t'))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split(['(', ':']).next())
        .collect();
    assert!(names.contains(&"deleteMemo"), "{names:?}");
    for name in names {
        assert!(
            with_directive.contains(&format!("Mutation.{name}")),
            "{name} has neither guard nor directive"
        );
    }
}

/// In the sources, guard and directive are in one attribute and must agree.
#[test]
fn every_guard_has_its_directive_and_every_directive_its_guard() {
    const PAIRS: [(&str, &str); 6] = [
        ("anybody(", "Anybody"),
        ("signed_in(", "SignedIn"),
        ("admin(", "Admin"),
        ("chief_or_admin(", "ChiefOrAdmin"),
        ("oneself_or_admin(", "SelfOrAdmin"),
        ("participant(", "Participant"),
    ];
    let mut attributes = 0;
    for_each_source(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src/graphql")),
        &mut |path, source| {
            for (at, _) in source.match_indices("#[graphql(") {
                let end = source[at..].find(")]").map_or(source.len(), |end| at + end);
                let attribute = &source[at..end];
                let guard = PAIRS
                    .iter()
                    .find(|(guard, _)| attribute.contains(&format!("guard = \"{guard}")));
                let directive = PAIRS.iter().find(|(_, name)| {
                    attribute.contains(&format!("auth::apply(Requirement::{name})"))
                });
                assert_eq!(guard, directive, "{}: {attribute}", path.display());
                assert_eq!(
                    guard.is_some(),
                    attribute.contains("guard ="),
                    "an unknown guard in {}: {attribute}",
                    path.display()
                );
                attributes += usize::from(guard.is_some());
            }
        },
    );
    assert_eq!(attributes, table::guarded().count());
}

fn for_each_source(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            for_each_source(&path, visit);
        } else {
            visit(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_field_is_null_beside_those_that_are_answered() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let user = api::graphql::Kind::User.id(office.author().id).0;
    let query = "query ($memo: ID!, $user: ID!) {
        memo(id: $memo) { name conclusion } nodes(ids: [$user]) { ... on User { username email } }
        memos(box: SUBSCRIBED) { nodes { conclusion recipient { username email } } } }";
    let answer = office.subscriber().send(query, json!({ "memo": memo.id, "user": user })).await;
    let expected = json!({
        "memo": { "name": "Order new chairs", "conclusion": null },
        "nodes": [{ "username": "author", "email": null }],
        "memos": { "nodes": [{ "conclusion": null, "recipient": { "username": "recipient",
            "email": null } }] },
    });
    assert_eq!(answer["data"], expected);
    let mut paths: Vec<String> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["path"].to_string())
        .collect();
    paths.sort();
    let expected = [
        r#"["memo","conclusion"]"#,
        r#"["memos","nodes",0,"conclusion"]"#,
        r#"["memos","nodes",0,"recipient","email"]"#,
        r#"["nodes",0,"email"]"#,
    ];
    assert_eq!(paths, expected);
    office.close().await;
}
