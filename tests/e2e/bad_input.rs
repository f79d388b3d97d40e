//! Bad input gets a clear answer of its kind, and loses nothing.

use api::graphql::Kind;
use memoranda_tests::{Office, codes, difference};
use serde_json::{Value, json};
use service::people::{self, NewPerson, PersonRefusal};

const BY_ID: [(&str, &str); 8] = [
    ("memoId", "query ($id: ID!) { memoDeletionPreview(memoId: $id) { verdict } }"),
    ("id", "query ($id: ID!) { memo(id: $id) { id } }"),
    ("memoId", "query ($id: ID!) { memoDeletions(memoId: $id) { nodes { id } } }"),
    ("memoId", "mutation ($id: ID!) { deleteMemo(input: { memoId: $id }) { userErrors { code } } }"),
    (
        "memoId",
        "mutation ($id: ID!) { deleteMemos(input: { memos: [{ memoId: $id }] }) { userErrors { code } } }",
    ),
    ("memoId", "mutation ($id: ID!) { reviewMemo(input: { memoId: $id }) { userErrors { code } } }"),
    (
        "memoId",
        "mutation ($id: ID!) { postponeMemo(input: { memoId: $id, until: \"2030-01-01\" }) { userErrors { code } } }",
    ),
    ("authorId", "query ($id: ID!) { memos(filter: { authorId: $id }) { nodes { id } } }"),
];

#[tokio::test(flavor = "multi_thread")]
async fn malformed_ids_and_ids_of_another_kind_are_named() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let record = Kind::MemoDeletion.id(memo.uuid).0;
    let long = "x".repeat(10_000);
    for (argument, document) in BY_ID {
        for id in
            ["", "garbage", "memo", "42", "memos_01kjpwd6m0f1xamfjexzbd7tqc", "\0", "мемо_1", long.as_str()]
        {
            let (code, message) = office.author().error(document, json!({ "id": id })).await;
            assert_eq!(code, "BAD_USER_INPUT", "{document}");
            assert!(message.starts_with(argument) && message.contains("is no id of this API"), "{message}");
            assert!(message.len() < 300, "the answer repeats the input: {message}");
        }
        let (code, message) = office.author().error(document, json!({ "id": record })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        let wanted = if argument == "authorId" { "User" } else { "Memo" };
        assert!(message.contains(&format!("must be the id of a {wanted};")), "{message}");
        assert!(message.contains("is the id of a MemoDeletion"), "{message}");
    }
    let (code, _) = office.author().error("{ node(id: \"garbage\") { id } }", json!({})).await;
    assert_eq!(code, "BAD_USER_INPUT");
    let restore = "mutation ($id: ID!) { restoreMemo(input: { deletionId: $id }) { userErrors { code } } }";
    let (_, message) = office.author().error(restore, json!({ "id": memo.id })).await;
    assert!(message.contains("deletionId must be the id of a MemoDeletion"), "{message}");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_of_a_deleted_memo_leads_to_what_remains() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.author().delete(&memo.id).await;
    let recipient = office.recipient();
    assert_eq!(recipient.preview(&memo.id).await, json!(null));
    let query = "query ($id: ID!) { memo(id: $id) { id } node(id: $id) { __typename ... on DeletedMemo { id deletion { memoName } } } }";
    let answer = recipient.data(query, json!({ "id": memo.id })).await;
    let expected =
        json!({ "__typename": "DeletedMemo", "id": memo.id, "deletion": { "memoName": "Order new chairs" } });
    assert_eq!((&answer["memo"], &answer["node"]), (&json!(null), &expected));
    assert_eq!(codes(&recipient.delete(&memo.id).await), ["NOT_FOUND"]);
    assert_eq!(codes(&recipient.review(&memo.id).await), ["NOT_FOUND"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_cannot_be_kept_are_refused_with_the_path_to_them() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let delete = "mutation ($id: ID!, $text: String!) { payload: deleteMemo(input: { memoId: $id, reason: $text }) { userErrors { code field message } } }";
    let review = "mutation ($id: ID!, $text: String!) { payload: reviewMemo(input: { memoId: $id, note: $text }) { userErrors { code field message } } }";
    let hold = "mutation ($id: ID!, $text: String!) { payload: placeMemoHold(input: { memoId: $id, reason: $text }) { userErrors { code field message } } }";
    let cases = [
        (delete, "author", "reason", "a\0b".to_owned(), "U+0000"),
        (delete, "author", "reason", "ä".repeat(2_001), "at most 2000 characters"),
        (delete, "author", "reason", "x".repeat(1_000_000), "at most 2000 characters"),
        (review, "recipient", "note", "\0".to_owned(), "U+0000"),
        (review, "recipient", "note", "x".repeat(20_001), "at most 20000 characters"),
        (hold, "admin", "reason", String::new(), "must not be empty"),
        (hold, "admin", "reason", " \n ".to_owned(), "must not be empty"),
        (hold, "admin", "reason", "a\0".to_owned(), "U+0000"),
    ];
    for (document, person, field, text, expected) in cases {
        let answer = office.person(person).data(document, json!({ "id": memo.id, "text": text })).await;
        assert_eq!(codes(&answer["payload"]), ["INVALID_INPUT"], "{expected}");
        assert_eq!(answer["payload"]["userErrors"][0]["field"], json!(["input", field]));
        let message = answer["payload"]["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message}");
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let answer = office.author().data(delete, json!({ "id": memo.id, "text": "ä".repeat(2_000) })).await;
    assert_eq!(codes(&answer["payload"]), [""; 0], "2,000 characters are allowed, whatever their bytes");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_have_1_to_250_characters() {
    use sea_orm::{EntityTrait, IntoActiveModel};
    let office = Office::open().await;
    let memo = office.memo().named(&"ä".repeat(250)).create().await;
    let connection = office.services.database.connection();
    let row = entity::memo::Entity::find_by_id(memo.uuid).one(connection).await.unwrap().unwrap();
    for name in [String::new(), "ä".repeat(251)] {
        let bad = entity::memo::Model { id: office.services.new_id(), name: name.clone(), ..row.clone() };
        assert!(
            entity::memo::Entity::insert(bad.into_active_model())
                .exec_without_returning(connection)
                .await
                .is_err()
        );
        let person = NewPerson {
            username: "new".to_owned(),
            full_name: name,
            email: "new@example.org".to_owned(),
            role: entity::UserRole::Member,
        };
        let refusal = people::add(&office.services, &person).await.unwrap().unwrap_err();
        assert!(matches!(refusal, PersonRefusal::FullName(_)), "{refusal:?}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn page_lengths_outside_1_to_100_are_refused() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    for (arguments, expected) in [
        ("first: 0", "first is 0: give 1 to 100."),
        ("first: 101", "first is 101: give 1 to 100."),
        ("first: -1", "first is -1: give 1 to 100."),
        ("last: 0", "last is 0: give 1 to 100."),
        ("last: 2147483647", "last is 2147483647: give 1 to 100."),
        ("first: 1, last: 1", "Give either first or last, not both."),
        ("after: \"garbage\"", "after is no cursor of this API: give one that it has answered."),
        ("before: \"\"", "before is no cursor of this API: give one that it has answered."),
    ] {
        for list in ["memos", "memoDeletions", "notifications"] {
            let (code, message) = office
                .author()
                .error(&format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}"), json!({}))
                .await;
            assert_eq!((code.as_str(), message.as_str()), ("BAD_USER_INPUT", expected), "{list}");
        }
    }
    let preview =
        "query ($id: ID!) { memoDeletionPreview(memoId: $id) { removed(first: 0) { nodes { kind } } } }";
    assert_eq!(office.author().error(preview, json!({ "id": memo.id })).await.0, "BAD_USER_INPUT");
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
async fn what_the_schema_forbids_is_refused_before_anything_runs() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let id = &memo.id;
    let deep = format!(
        "query ($id: ID!) {{ memoDeletionPreview(memoId: $id) {{ removed {{ nodes {{ node {{ {}id{} }} }} }} }} }}",
        "... on Memo { author { ... on Node { ".repeat(20),
        " } } }".repeat(20)
    );
    let wide = "{ memos(first: 100) { nodes { comments(first: 100) { nodes { author { id } body } } } } }"
        .to_owned();
    let documents = [
        ("{ memos(box: OUTBOX) { nodes { id } } }".to_owned(), json!({})),
        ("{ memos(filter: { stages: [DONE] }) { nodes { id } } }".to_owned(), json!({})),
        ("{ memos { nodes { nonsense } } }".to_owned(), json!({})),
        ("{ memos { nodes { id } }".to_owned(), json!({})),
        (String::new(), json!({})),
        ("query ($n: Int!) { memos(first: $n) { nodes { id } } }".to_owned(), json!({ "n": "ten" })),
        ("query ($n: Int!) { memos(first: $n) { nodes { id } } }".to_owned(), json!({})),
        ("mutation { deleteMemo(input: {}) { replayed } }".to_owned(), json!({})),
        (
            format!(
                "mutation {{ postponeMemo(input: {{ memoId: \"{id}\", until: \"tomorrow\" }}) {{ memo {{ id }} }} }}"
            ),
            json!({}),
        ),
        (deep, json!({ "id": id })),
        (wide, json!({})),
    ];
    let before = office.row_counts().await;
    for (document, variables) in documents {
        let answer = office.author().send(&document, variables).await;
        let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{document} got {answer:#}"));
        assert!(
            errors.iter().all(|error| error["extensions"]["code"] == "BAD_USER_INPUT"),
            "{document}: {answer:#}"
        );
        assert!(errors.iter().all(|error| error["extensions"]["requestId"].is_string()), "{answer:#}");
        assert!(answer["data"].is_null());
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_memos_are_deleted_each_by_itself_in_order() {
    let office = Office::open().await;
    let author = office.author();
    let delete = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) {
        results { deletedMemoId replayed userErrors { code } } userErrors { code field message } clientMutationId } }";
    let send = async |memos: Vec<Value>| {
        let input = json!({ "memos": memos, "clientMutationId": "seven" });
        author.data(delete, json!({ "input": input })).await["deleteMemos"].take()
    };
    let (one, held, two) =
        (office.memo().create().await, office.memo().on_hold().create().await, office.memo().create().await);
    let before = office.row_counts().await;
    for count in [0, 101] {
        let refused = send(vec![json!({ "memoId": one.id }); count]).await;
        assert_eq!(
            (codes(&refused), refused["results"].as_array().unwrap().len()),
            (vec!["INVALID_INPUT"], 0)
        );
        assert_eq!(refused["clientMutationId"], "seven");
    }
    let mixed = json!({ "input": { "memos": [{ "memoId": one.id }, { "memoId": "garbage" }] } });
    assert_eq!(author.error(delete, mixed).await.0, "BAD_USER_INPUT");
    assert_eq!(
        difference(&before, &office.row_counts().await),
        [].into(),
        "one malformed id, and nothing was deleted"
    );

    let ids = [&one.id, &held.id, &one.id, &two.id].map(|id| json!({ "memoId": id }));
    let payload = send(ids.to_vec()).await;
    let results = payload["results"].as_array().unwrap();
    let expected = [
        json!({ "deletedMemoId": one.id, "replayed": false, "userErrors": [] }),
        json!({ "deletedMemoId": null, "replayed": false, "userErrors": [{ "code": "ON_HOLD" }] }),
        json!({ "deletedMemoId": one.id, "replayed": true, "userErrors": [] }),
        json!({ "deletedMemoId": two.id, "replayed": false, "userErrors": [] }),
    ];
    assert_eq!(results, &expected);
    office.close().await;
}
