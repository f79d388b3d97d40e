//! The schema, as clients read it.

use api::http::Limits;
use memoranda_tests::{Office, Options, difference};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn the_committed_schema_is_the_servers_own() {
    let committed = include_str!("../../schema.graphql");
    assert!(committed == api::graphql::sdl(), "run: cargo run -- schema > schema.graphql");
    let office = Office::open().await;
    let served = reqwest::get(format!("{}/schema.graphql", office.address))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(served == committed);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_element_of_the_schema_has_a_description() {
    let office = Office::open().await;
    let query =
        "{ __schema { directives { name description args { name description } } types { name \
         description
        fields { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    let schema = office.author().data(query, json!({})).await;
    let mut bare = Vec::new();
    let mut look = |what: String, item: &Value| {
        if item["description"].as_str().is_none_or(|text| text.trim().len() < 3) {
            bare.push(what);
        }
    };
    for ty in schema["__schema"]["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        // The types of introspection, and the scalars of GraphQL itself.
        if name.starts_with("__") || ["ID", "Int", "Float", "String", "Boolean"].contains(&name) {
            continue;
        }
        look(name.to_owned(), ty);
        for list in ["fields", "inputFields", "enumValues"] {
            for item in ty[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", item["name"].as_str().unwrap());
                look(path.clone(), item);
                for argument in item["args"].as_array().into_iter().flatten() {
                    look(format!("{path}({})", argument["name"].as_str().unwrap()), argument);
                }
            }
        }
    }
    let own = |directive: &&Value| directive["name"] == "auth";
    let auth = schema["__schema"]["directives"].as_array().unwrap().iter().find(own).unwrap();
    look("@auth".to_owned(), auth);
    look("@auth(requires)".to_owned(), &auth["args"][0]);
    assert_eq!(bare, [""; 0], "without a description");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_refetched_by_their_ids_and_what_is_invisible_is_null() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let preview = office.recipient().preview(&memo.id).await;
    let items = preview["removed"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .chain(preview["kept"]["nodes"].as_array().unwrap());
    let ids: Vec<&Value> =
        items.map(|item| &item["node"]["id"]).filter(|id| id.is_string()).collect();
    assert!(ids.len() > 20, "{ids:?}");
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let answer = office.recipient().data(query, json!({ "ids": ids })).await;
    let found: Vec<&Value> =
        answer["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
    assert_eq!(found, ids);
    let answer = office.stranger().data(query, json!({ "ids": ids })).await;
    let types: Vec<&str> = answer["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|node| node["__typename"].as_str())
        .collect();
    assert!(
        types.iter().all(|name| ["User", "Tag", "Deal", "Resolution"].contains(name)),
        "a stranger sees {types:?}"
    );
    let interfaces = "{ __type(name: \"Memo\") { interfaces { name } } }";
    let answer = office.author().data(interfaces, json!({})).await;
    for interface in ["Deletable", "Node"] {
        assert!(answer["__type"]["interfaces"].to_string().contains(interface), "{answer:#}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_forbids_is_refused_before_anything_runs() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let delete = format!("gone: deleteMemo(input: {{ memoId: \"{}\" }}) {{ replayed }}", memo.id);
    let list = "query ($n: Int!) { memos(first: $n) { nodes { id } } }";
    for (document, variables, expected) in [
        ("{ memos(box: OUTBOX) { nodes { id } } }", json!({}), "OUTBOX"),
        ("{ memos(filter: { stages: [DONE] }) { nodes { id } } }", json!({}), "DONE"),
        (
            "query ($s: [MemoStage!]) { memos(filter: { stages: $s }) { nodes { id } } }",
            json!({ "s": ["DONE"] }),
            "DONE",
        ),
        (
            "{ memos { nodes { nonsense } } }",
            json!({}),
            "type `Memo` does not have a field `nonsense`",
        ),
        ("{ memos(nonsense: 1) { nodes { id } } }", json!({}), "nonsense"),
        ("{ memos { nodes } }", json!({}), "must have a subselection set"),
        ("{ memos { nodes { id } }", json!({}), "expected"),
        ("", json!({}), "expected"),
        (
            "query A { viewer { id } } query B { viewer { id } }",
            json!({}),
            "name one of them in `operationName`",
        ),
        ("subscription { memos }", json!({}), "does not have a field `memos`"),
        (list, json!({ "n": "ten" }), "Int"),
        (list, json!({ "n": 1.5 }), "Int"),
        (list, json!({ "n": 3_000_000_000_i64 }), "Int"),
        (list, json!({}), "missing value for non-null variable 'n'"),
        (
            &format!("mutation {{ {delete} nonsense }}"),
            json!({}),
            "does not have a field `nonsense`",
        ),
        (
            &format!("mutation {{ {delete} deleteMemo(input: {{}}) {{ replayed }} }}"),
            json!({}),
            "memoId",
        ),
        (
            &format!(
                "mutation ($i: DeleteMemoInput!) {{ {delete} deleteMemo(input: $i) {{ replayed }} \
                 }}"
            ),
            json!({ "i": { "memoId": "memo_x", "nonsense": 1 } }),
            "nonsense",
        ),
    ] {
        let answer = office.author().send(document, variables).await;
        let errors =
            answer["errors"].as_array().unwrap_or_else(|| panic!("{document} got {answer:#}"));
        for error in errors {
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{document}");
            assert!(error["extensions"]["requestId"].is_string(), "{answer:#}");
        }
        assert!(
            errors.iter().any(|error| error["message"].as_str().unwrap().contains(expected)),
            "{answer:#}"
        );
        assert!(answer["data"].is_null(), "{document} {answer:#}");
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_too_deep_or_too_complex_is_told_the_limit() {
    let limits = Limits { max_depth: 6, max_complexity: 500, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let author = office.author();
    office.memo().create().await;
    let deep = |levels: usize| {
        format!(
            "{{ __schema {{ types {{ {} name {} }} }}",
            "ofType { ".repeat(levels - 3),
            "}".repeat(levels - 2)
        )
    };
    author.data(&deep(6), json!({})).await;
    let (code, message) = author.error(&deep(7), json!({})).await;
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("BAD_USER_INPUT", "The query is nested too deep: at most 6 levels are allowed.")
    );

    let wide = |length: usize| {
        format!("{{ memos(box: SENT, first: {length}) {{ nodes {{ id name stage draft }} }} }}")
    };
    author.data(&wide(90), json!({})).await;
    let statements = office.statements();
    let (code, message) = author.error(&wide(100), json!({})).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("at most 500 fields are allowed"), "{message}");
    assert_eq!(office.statements() - statements, 1, "but for signing in, nothing ran");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_are_made_to_harm_are_refused_and_not_repeated() {
    let office = Office::open().await;
    let long = "x".repeat(200_000);
    for document in [
        "{ memos { nodes { ...A } } } fragment A on Memo { ...B } fragment B on Memo { ...A }"
            .to_owned(),
        "{ a ".repeat(5_000),
        format!(
            "query ($x: [Int] = {}{}) {{ viewer {{ id }} }}",
            "[".repeat(50_000),
            "]".repeat(50_000)
        ),
        format!("{{ viewer {{ id {} }} }}", "@include(if: true) ".repeat(17)),
        format!("{{ viewer {{ {long} }} }}"),
        format!("{{ memos(box: {long}) {{ nodes {{ id }} }} }}"),
        format!("{{ viewer {{ id }} {long}"),
    ] {
        let answer = office.author().send(&document, json!({})).await;
        let shown: String = document.chars().take(60).collect();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{shown}");
        assert!(answer.to_string().len() < 2_000, "the answer to {shown} repeats it");
    }
    office.close().await;
}

/// A client writes one fragment for all refusals.
#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_user_error() {
    let sdl = api::graphql::sdl();
    let types = sdl.matches("UserError {").count() - 1;
    assert_eq!(sdl.matches("UserError implements UserError {").count(), types);
    let office = Office::open().await;
    let query = "mutation { updateMemo(input: { memoId: \"user_x\" }) { userErrors { ... on \
        UserError { field message } } } }";
    let answer = office.author().data(query, json!({})).await;
    assert_eq!(answer["updateMemo"]["userErrors"][0]["field"], json!(["input", "memoId"]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_name_gets_a_suggestion_while_clients_may_read_the_schema() {
    let mistakes = [
        ("{ memoss { nodes { id } } }", "`memos`"),
        ("{ memos { nodes { nane } } }", "`name`"),
        ("{ memos(frist: 1) { nodes { id } } }", "`first`"),
        ("{ memos(box: INBOKS) { nodes { id } } }", "`INBOX`"),
        ("{ memos(filter: { tagID: \"x\" }) { nodes { id } } }", "`tagId`"),
        ("query ($id: IDD!) { node(id: $id) { id } }", "`ID`"),
        ("{ node(id: \"x\") { ... on Memmo { id } } }", "`Memo`"),
    ];
    for introspection in [true, false] {
        let mut limits = Limits::default();
        limits.document.introspection = introspection;
        let office = Office::open_with(Options { limits, ..Options::default() }).await;
        for (document, suggestion) in mistakes {
            let answer = office.author().send(document, json!({})).await;
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{document}");
            let message = error["message"].as_str().unwrap();
            let suggests = message.ends_with(&format!("Did you mean {suggestion}?"));
            assert_eq!(suggests, introspection, "{document}: {message}");
            assert!(introspection || !message.contains("Did you mean"), "{message}");
        }
        let (_, message) = office.author().error("{ zzzzzzzzzzzz }", json!({})).await;
        assert!(!message.contains("Did you mean"), "{message}");
        office.close().await;
    }
}
