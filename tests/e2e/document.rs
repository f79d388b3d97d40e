//! What the pipeline of documents prevents: documents that would crash or stop the server,
//! mutations that would run twice, and answers that violate the schema.

use api::http::Limits;
use memoranda_tests::{Office, Options, codes, difference};
use serde_json::{Value, json};

/// Sends a document that must be refused as the client's mistake. Returns the first message.
async fn refusal(office: &Office, document: &str, variables: Value) -> String {
    let answer = office.author().send(document, variables).await;
    let shown: String = document.chars().take(80).collect();
    assert!(answer["data"].is_null(), "{shown} got {answer:#}");
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "{shown} got {answer:#}"
    );
    assert!(answer.to_string().len() < 4_000, "the answer to {shown} repeats it");
    answer["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_nesting_is_refused_wherever_it_stands() {
    let office = Office::open().await;
    for levels in [500, 2_000, 10_000, 100_000] {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        let objects = format!("{}1{}", "{ a: ".repeat(levels), " }".repeat(levels));
        for document in [
            format!("{{ nodes(ids: {open}{close}) {{ id }} }}"),
            format!("{{ memos(filter: {objects}) {{ nodes {{ id }} }} }}"),
            format!("{{ viewer @include(if: {open}{close}) {{ id }} }}"),
            format!("{{ viewer @include(if: {objects}) {{ id }} }}"),
            format!("query ($x: [ID!]! = {open}{close}) {{ nodes(ids: $x) {{ id }} }}"),
            format!(
                "query ($x: MemoFilter = {objects}) {{ memos(filter: $x) {{ nodes {{ id }} }} }}"
            ),
            format!("query ($x: {open}ID{close}) {{ viewer {{ id }} }}"),
            format!("{{ memos {}{} }}", "{ nodes ".repeat(levels), "}".repeat(levels)),
            format!("{{ memos {} id {} }}", "{ ... ".repeat(levels), "}".repeat(levels)),
        ] {
            let message = refusal(&office, &document, json!({})).await;
            let named = message.contains("levels are allowed")
                || message.contains("tokens are allowed")
                || message.contains("body is too long");
            assert!(named, "{message}");
        }
    }
    assert_eq!(
        office.author().data("{ viewer { username } }", json!({})).await["viewer"]["username"],
        "author"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_that_spread_the_next_one_twice_cost_no_more_than_their_text() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let mut flat = "query ($id: ID!) { memo(id: $id) { ...F0 } }".to_owned();
    let mut nested = "{ __schema { types { ...F0 } } }".to_owned();
    for n in 0..28 {
        flat.push_str(&format!(" fragment F{n} on Memo {{ ...F{} ...F{} }}", n + 1, n + 1));
        nested.push_str(&format!(
            " fragment F{n} on __Type {{ a: ofType {{ ...F{} }} b: ofType {{ ...F{} }} }}",
            n + 1,
            n + 1
        ));
    }
    flat.push_str(" fragment F28 on Memo { name }");
    nested.push_str(" fragment F28 on __Type { name }");
    let answer = office.author().data(&flat, json!({ "id": memo.id })).await;
    assert_eq!(answer["memo"]["name"], "Order new chairs");
    let message = refusal(&office, &nested, json!({})).await;
    assert!(message.contains("too large: at most") || message.contains("levels"), "{message}");
    refusal(
        &office,
        "{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...A }",
        json!({}),
    )
    .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_repeated_under_one_key_runs_once() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let document = "mutation ($input: DeleteMemoInput!) {
        deleteMemo(input: $input) { replayed }
        deleteMemo(input: $input) { deletedMemoId userErrors { code } }
        ...Again
        ... on Mutation { deleteMemo(input: $input) { receipt { id } } }
    }
    fragment Again on Mutation { deleteMemo(input: $input) { replayed receipt { memoName } } }";
    let answer = office.author().data(document, json!({ "input": { "memoId": memo.id } })).await;
    let payload = &answer["deleteMemo"];
    assert_eq!(codes(payload), [""; 0]);
    assert_eq!(payload["replayed"], false, "a second run would answer a replay");
    assert_eq!(payload["receipt"]["memoName"], "Order new chairs");
    assert!(payload["receipt"]["id"].is_string(), "all selections are answered: {payload:#}");
    let changes = difference(&before, &office.row_counts().await);
    assert_eq!(changes["memo_deletions"], 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_in_the_order_of_the_selection() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let document = "query ($id: ID!) {
        second: node(id: $id) { ... on Memo { tags { id } stage author { role fullName id } } id \
        __typename }
        first: memo(id: $id) { subscribers { username } name recipient { username } id ...Rest }
        viewer { username }
    } fragment Rest on Memo { draft name createdAt }";
    let url = format!("{}/graphql", office.address);
    let body = json!({ "query": document, "variables": { "id": memo.id } });
    let request = reqwest::Client::new().post(url).bearer_auth(office.author().token()).json(&body);
    let text = request.send().await.unwrap().text().await.unwrap();
    let mut from = 0;
    for key in [
        "second",
        "tags",
        "stage",
        "author",
        "role",
        "fullName",
        "id",
        "id",
        "__typename",
        "first",
        "subscribers",
        "username",
        "name",
        "recipient",
        "username",
        "id",
        "draft",
        "createdAt",
        "viewer",
        "username",
    ] {
        let found = text[from..]
            .find(&format!("\"{key}\":"))
            .unwrap_or_else(|| panic!("{key} after {}: {text}", &text[..from]));
        from += found + 1;
    }
    assert!(!text.contains("name of the type"), "it is the server's own: {text}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_nulls_the_nearest_place_that_allows_it() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    office.sql("ALTER TABLE users RENAME TO people_elsewhere").await;
    office
        .sql("CREATE TABLE users AS SELECT * FROM people_elsewhere WHERE username = 'chief'")
        .await;
    // The memo's author no longer exists, and `author` is non-null, so the whole memo is null.
    let chief = office.chief();
    let answer = chief
        .send(
            "query ($id: ID!) { viewer { username } memo(id: $id) { name author { username } } }",
            json!({ "id": memo.id }),
        )
        .await;
    assert_eq!(
        answer["data"],
        json!({ "viewer": { "username": "chief" }, "memo": null }),
        "{answer:#}"
    );
    assert_eq!(answer["errors"][0]["path"], json!(["memo", "author"]));
    // In a list of non-null memos, the null moves up to `memos`, which is non-null, and on to the
    // whole answer.
    let answer = chief
        .send("{ memos(box: ALL_VISIBLE) { nodes { name author { username } } } }", json!({}))
        .await;
    assert_eq!(answer["data"], Value::Null, "{answer:#}");
    office.close_unusable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_which_everything_is_skipped_is_an_object() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    let types = office.author().data("{ __schema { types { name } } }", json!({})).await;
    let all = vec![json!({}); types["__schema"]["types"].as_array().unwrap().len()];
    for (document, expected) in [
        ("{ viewer { id @skip(if: true) } }", json!({ "viewer": {} })),
        ("{ __typename @skip(if: true) }", json!({})),
        ("{ ...All @include(if: false) } fragment All on Query { viewer { id } }", json!({})),
        ("mutation { __typename @include(if: false) }", json!({})),
        ("mutation { signOut(input: {}) @skip(if: true) { signedOut } }", json!({})),
        (
            "{ __schema { types { name @skip(if: true) } } }",
            json!({ "__schema": { "types": all } }),
        ),
    ] {
        assert_eq!(office.author().data(document, json!({})).await, expected, "{document}");
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_input_object_that_gives_a_field_twice_is_refused() {
    let office = Office::open().await;
    let (first, second) = (office.memo().create().await, office.memo().create().await);
    let before = office.row_counts().await;
    let ids = format!("memoId: \"{}\", memoId: \"{}\"", first.id, second.id);
    let delete = format!("{{ deleteMemo(input: {{ {ids} }}) {{ replayed }} }}");
    for document in [
        format!("mutation {delete}"),
        format!("mutation {{ ...Delete }} fragment Delete on Mutation {delete}"),
        format!("mutation {{ ... on Mutation {delete} }}"),
        format!(
            "mutation ($input: DeleteMemoInput! = {{ {ids} }}) {{
                deleteMemo(input: $input) {{ replayed }} }}"
        ),
        format!(
            "mutation {{ deleteMemos(input: {{ memos: [{{ memoId: \"{}\" }}, {{ {ids} }}] }}) {{
                userErrors {{ code }} }} }}",
            first.id
        ),
    ] {
        let message = refusal(&office, &document, json!({})).await;
        let expected = "The input object has the field `memoId` more than once.";
        assert_eq!(message, expected, "{document}");
    }
    let answer = office.author().send(&format!("mutation {delete}"), json!({})).await;
    let column = answer["errors"][0]["locations"][0]["column"].as_u64().unwrap();
    let given = format!("mutation {delete}").rfind("memoId").unwrap();
    assert_eq!(usize::try_from(column).unwrap(), given + 1, "where it is given again: {answer:#}");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    // The same name in two objects is not a repetition.
    let two = "query ($a: ID!) { a: memo(id: $a) { id } b: memos(filter: { stages: [PENDING] },
        orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id } } }";
    office.author().data(two, json!({ "a": first.id })).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_specification_forbids_is_refused() {
    let office = Office::open().await;
    office.memo().create().await;
    let defaults = "query ($no: Boolean = false, $yes: Boolean! = true) { viewer { id @include(if: \
        $no) username @skip(if: $yes) role @include(if: $yes) } }";
    let answer = office
        .author()
        .data(defaults.replace("$no: Boolean =", "$no: Boolean! =").as_str(), json!({}))
        .await;
    assert_eq!(answer, json!({ "viewer": { "role": "MEMBER" } }), "variables' defaults count");
    let delete = "mutation ($i: DeleteMemoInput!) { deleteMemo(input: $i) { replayed } }";
    for (document, variables) in [
        (delete, json!({ "i": { "memoId": null } })),
        (delete, json!({ "i": {} })),
        (delete, json!({ "i": { "memoId": "memo_x", "nonsense": 1 } })),
        ("mutation { deleteMemo(input: { memoId: null }) { replayed } }", json!({})),
        ("{ __typename(x: 1) }", json!({})),
        ("{ __typename { x } }", json!({})),
        ("{ memos(first: 3000000000) { nodes { id } } }", json!({})),
        (
            "query ($n: Int) { memos(first: $n) { nodes { id } } }",
            json!({ "n": 3_000_000_000_i64 }),
        ),
        ("query ($id: String!) { memo(id: $id) { id } }", json!({ "id": "memo_x" })),
        ("query ($id: ID) { memo(id: $id) { id } }", json!({ "id": "memo_x" })),
        ("{ viewer { name: username name: fullName } }", json!({})),
        ("{ a: memos(first: 1) { nodes { id } } a: memos(first: 2) { nodes { id } } }", json!({})),
        ("query ($id: ID!) { viewer { id } }", json!({ "id": "memo_x" })),
        ("{ viewer { id } } fragment Unused on User { id }", json!({})),
        ("{ viewer { ... on Memo { id } } }", json!({})),
        ("query A { viewer { id } } query A { viewer { id } }", json!({})),
        ("{ viewer @include { id } }", json!({})),
        ("{ viewer @skip(if: true) @skip(if: true) { id } }", json!({})),
        ("{ viewer { id } } type Memo { id: ID }", json!({})),
    ] {
        refusal(&office, document, variables).await;
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_told_the_limit() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    let repeated = |text: &str, times: usize| text.repeat(times);
    let aliases: String = (0..1_000).map(|n| format!("a{n}: viewer {{ id }} ")).collect();
    let mutations: String = (0..60)
        .map(|n| format!("d{n}: deleteMemo(input: {{ memoId: \"memo_x\" }}) {{ replayed }} "))
        .collect();
    for (document, limit) in [
        (format!("{{ {aliases} }}"), "at most 100 are allowed"),
        (format!("mutation {{ {mutations} }}"), "at most 30 are allowed"),
        (
            format!("{{ viewer {{ id {} }} }}", repeated("@include(if: true) ", 1_000)),
            "at most 50 are allowed",
        ),
        (
            format!("{{ viewer {{ {} }} }}", repeated("id ", 100_000)),
            "at most 20000 tokens are allowed",
        ),
    ] {
        let message = refusal(&office, &document, json!({})).await;
        assert!(message.contains(limit), "{message}");
    }
    // The same field ten thousand times is one field, as long as the document is short enough.
    let answer = office
        .author()
        .data(&format!("{{ viewer {{ {} }} }}", repeated("username ", 9_000)), json!({}))
        .await;
    assert_eq!(answer, json!({ "viewer": { "username": "author" } }));
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_errors_are_told_and_the_others_are_counted() {
    let limits = Limits { max_errors: 2, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let fields: String = (0..5).map(|n| format!("f{n}: memo(id: \"nothing\") {{ id }} ")).collect();
    let answer = office.author().send(&format!("{{ {fields} }}"), json!({})).await;
    let messages: Vec<&str> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages.len(), 3, "{answer:#}");
    assert!(
        messages[2].contains("3 more errors") && messages[2].contains("at most 2"),
        "{answer:#}"
    );
    office.close().await;
}
