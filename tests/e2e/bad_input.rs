//! Bad input gets a clear answer, and nothing is lost.

use api::graphql::Kind;
use memoranda_tests::{Office, codes, difference};
use serde_json::{Value, json};
use service::people::{self, AddPersonError, NewPerson, PersonProblem};

const BY_ID: [(&str, &str); 5] = [
    ("memoIds.0", "query ($id: ID!) { memosDeletionPreview(memoIds: [$id]) { verdict } }"),
    ("memoId", "query ($id: ID!) { memoDeletionPreview(memoId: $id) { verdict } }"),
    ("id", "query ($id: ID!) { memo(id: $id) { id } }"),
    (
        "filter.memoId",
        "query ($id: ID!) { memoDeletions(filter: { memoId: $id }) { nodes { id } } }",
    ),
    ("filter.authorId", "query ($id: ID!) { memos(filter: { authorId: $id }) { nodes { id } } }"),
];

#[tokio::test(flavor = "multi_thread")]
async fn malformed_ids_and_ids_of_another_kind_are_named() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let record = Kind::MemoDeletion.id(memo.uuid).0;
    let long = "x".repeat(10_000);
    for (argument, document) in BY_ID {
        for id in [
            "",
            "garbage",
            "memo",
            "42",
            "memos_01kjpwd6m0f1xamfjexzbd7tqc",
            "\0",
            "мемо_1",
            long.as_str(),
        ] {
            let (code, message) = office.author().error(document, json!({ "id": id })).await;
            assert_eq!(code, "BAD_USER_INPUT", "{document}");
            assert!(
                message.starts_with(argument) && message.contains("is not an id of this API"),
                "{message}"
            );
            assert!(message.len() < 300, "the answer repeats the input: {message}");
        }
        let (code, message) = office.author().error(document, json!({ "id": record })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        let wanted = if argument == "filter.authorId" { "User" } else { "Memo" };
        assert!(message.contains(&format!("must be the id of a {wanted};")), "{message}");
        assert!(message.contains("is the id of a MemoDeletion"), "{message}");
    }
    let (code, _) = office.author().error("{ node(id: \"garbage\") { id } }", json!({})).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

/// Asks as that person, with the id as `$id`. Returns the body of the answer.
async fn answer(office: &Office, person: &str, document: &str, id: &str) -> String {
    let expires = chrono::TimeDelta::hours(1);
    let token =
        office.keys.issue(office.person(person).id, office.services.now(), expires).unwrap();
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", office.address))
        .bearer_auth(token)
        .json(&json!({ "query": document, "variables": { "id": id } }));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "{document}");
    response.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_malformed_unknown_invisible_and_deleted_get_the_same_answer_to_the_byte() {
    let office = Office::open().await;
    let (stranger, recipient) = (office.stranger().id, office.recipient().id);
    let deleted = office.memo().create().await;
    let payload = office.recipient().delete_confirmed(&deleted.id).await;
    let foreign = office.memo().from(stranger).to(recipient).create().await;
    let draft = office.memo().from(recipient).to(office.author().id).draft().create().await;
    let foreign_record = office.memo().from(stranger).to(stranger).create().await;
    let foreign_record =
        office.stranger().delete(&foreign_record.id).await["receipt"]["id"].clone();
    let (foreign_record, unknown) = (foreign_record.as_str().unwrap(), office.services.new_id());
    assert!(payload["deletedMemoId"].is_string());
    let before = office.row_counts().await;

    let nothing = ["memo_zzz".to_owned(), "memo_".to_owned(), Kind::Memo.id(unknown).0];
    let memos = [nothing.as_slice(), &[foreign.id, draft.id.clone(), deleted.id]].concat();
    let unsent = [nothing.as_slice(), &[draft.id]].concat();
    let records = [
        "memo_deletion_zzz".to_owned(),
        Kind::MemoDeletion.id(unknown).0,
        foreign_record.to_owned(),
    ];
    let holds = ["memo_hold_zzz".to_owned(), Kind::MemoHold.id(unknown).0];
    let refused = "userErrors { code field message } clientMutationId } }";
    for (person, verb, input, ids) in [
        ("author", "deleteMemo", "memoId: $id", memos.as_slice()),
        ("author", "reviewMemo", "memoId: $id, conclusion: \"Done.\"", &memos),
        ("author", "postponeMemo", "memoId: $id, until: \"2030-01-01\"", &memos),
        ("author", "restoreMemo", "deletionId: $id", &records),
        ("admin", "placeMemoHold", "memoId: $id, reason: \"Audit\"", &unsent),
        ("admin", "releaseMemoHold", "holdId: $id", &holds),
    ] {
        let document = format!("mutation ($id: ID!) {{ {verb}(input: {{ {input} }}) {{ {refused}");
        let first = answer(&office, person, &document, &ids[0]).await;
        assert!(first.contains("\"code\":\"NOT_FOUND\""), "{verb}: {first}");
        for id in ids {
            assert_eq!(answer(&office, person, &document, id).await, first, "{verb} of {id}");
        }
    }
    let several = "mutation ($id: ID!) { deleteMemos(input: { memos: [{ memoId: $id }] }) { \
        results { userErrors { code field message } } } }";
    let first = answer(&office, "author", several, &memos[0]).await;
    assert!(first.contains("NOT_FOUND"), "{first}");
    for id in &memos {
        assert_eq!(answer(&office, "author", several, id).await, first);
        for read in ["memo(id: $id) { id }", "memoDeletionPreview(memoId: $id) { verdict }"] {
            let document = format!("query ($id: ID!) {{ a: {read} }}");
            assert_eq!(
                answer(&office, "author", &document, id).await,
                r#"{"data":{"a":null}}"#,
                "{id}"
            );
        }
        let node = "query ($id: ID!) { node(id: $id) { id } }";
        // Its author and recipient find the record of a deleted memo. Others find nothing.
        assert_eq!(
            answer(&office, "subscriber", node, id).await,
            r#"{"data":{"node":null}}"#,
            "{id}"
        );
    }
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
    let query = "query ($id: ID!) { memo(id: $id) { id } node(id: $id) { __typename ... on \
        DeletedMemo { id memoId deletion { memoName } } } }";
    let answer = recipient.data(query, json!({ "id": memo.id })).await;
    let rest = Kind::DeletedMemo.id(memo.uuid).0;
    let expected = json!({ "__typename": "DeletedMemo", "id": rest, "memoId": memo.id,
        "deletion": { "memoName": "Order new chairs" } });
    assert_eq!((&answer["memo"], &answer["node"]), (&json!(null), &expected));
    assert_eq!(recipient.type_of(&rest).await, "DeletedMemo", "its own id leads there too");
    assert_eq!(office.stranger().type_of(&rest).await, json!(null));
    assert_eq!(codes(&recipient.delete(&memo.id).await), ["NOT_FOUND"]);
    assert_eq!(codes(&recipient.review(&memo.id).await), ["NOT_FOUND"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_cannot_be_kept_are_refused_with_the_path_to_them() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let delete = "mutation ($id: ID!, $text: String!) { payload: deleteMemo(input: { memoId: $id, \
        reason: $text }) { userErrors { code field message } } }";
    let review = "mutation ($id: ID!, $text: String!) { payload: reviewMemo(input: { memoId: $id, \
        conclusion: $text }) { userErrors { code field message } } }";
    let hold = "mutation ($id: ID!, $text: String!) { payload: placeMemoHold(input: { memoId: $id, \
        reason: $text }) { userErrors { code field message } } }";
    let cases = [
        (delete, "author", "reason", "a\0b".to_owned(), "U+0000"),
        (delete, "author", "reason", "ä".repeat(2_001), "at most 2000 characters"),
        (delete, "author", "reason", "x".repeat(1_000_000), "at most 2000 characters"),
        (review, "recipient", "conclusion", "\0".to_owned(), "U+0000"),
        (review, "recipient", "conclusion", "x".repeat(20_001), "at most 20000 characters"),
        (hold, "admin", "reason", String::new(), "must not be empty"),
        (hold, "admin", "reason", " \n ".to_owned(), "must not be empty"),
        (hold, "admin", "reason", "a\0".to_owned(), "U+0000"),
    ];
    for (document, person, field, text, expected) in cases {
        let answer =
            office.person(person).data(document, json!({ "id": memo.id, "text": text })).await;
        assert_eq!(codes(&answer["payload"]), ["INVALID_INPUT"], "{expected}");
        assert_eq!(answer["payload"]["userErrors"][0]["field"], json!(["input", field]));
        let message = answer["payload"]["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message}");
    }
    // A reason that makes the body longer than the server accepts.
    let (code, message) = office
        .author()
        .error(delete, json!({ "id": memo.id, "text": "x".repeat(1_048_576) }))
        .await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("at most 1048576 bytes"), "{message}");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let answer =
        office.author().data(delete, json!({ "id": memo.id, "text": "ä".repeat(2_000) })).await;
    assert_eq!(
        codes(&answer["payload"]),
        [""; 0],
        "2,000 characters are allowed, whatever their bytes"
    );
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
        let bad =
            entity::memo::Model { id: office.services.new_id(), name: name.clone(), ..row.clone() };
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
        let error = people::add(&office.services, &person).await.unwrap_err();
        assert!(matches!(error, AddPersonError::Invalid(PersonProblem::FullName(_))), "{error:?}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_do_not_read_as_they_are_stored_are_refused_by_their_field() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let person = office.recipient().user_id();
    let errors = "{ userErrors { code field message } }";
    let bad_names = [
        ("Order\r\nBcc: all@example.org", "control characters"),
        ("\u{1b}[31mOrder", "control characters"),
        ("Order \u{202e}fdp.exe", "turn the direction"),
        ("\u{200b}\u{3164}", "can be seen"),
    ];
    for (who, field, document) in [
        ("author", "name", format!("createMemo(input: {{ name: $name }}) {errors}")),
        (
            "author",
            "name",
            format!("updateMemo(input: {{ memoId: \"{}\", name: $name }}) {errors}", memo.id),
        ),
        ("author", "name", format!("createTask(input: {{ name: $name }}) {errors}")),
        ("author", "name", format!("createProject(input: {{ name: $name }}) {errors}")),
        (
            "recipient",
            "name",
            format!(
                "createTaskFromMemo(input: {{ memoId: \"{}\", name: $name }}) {errors}",
                memo.id
            ),
        ),
        ("admin", "name", format!("createTag(input: {{ name: $name }}) {errors}")),
        ("admin", "name", format!("createDeal(input: {{ name: $name }}) {errors}")),
        ("admin", "name", format!("createResolution(input: {{ name: $name }}) {errors}")),
        (
            "admin",
            "fullName",
            format!(
                "createUser(input: {{ username: \"new\", fullName: $name, email: \
                 \"new@example.org\", role: MEMBER }}) {errors}"
            ),
        ),
        (
            "admin",
            "fullName",
            format!("updateUser(input: {{ userId: \"{person}\", fullName: $name }}) {errors}"),
        ),
    ] {
        let document = format!("mutation ($name: String!) {{ payload: {document} }}");
        for (name, expected) in bad_names {
            let payload =
                office.person(who).data(&document, json!({ "name": name })).await["payload"].take();
            let error = &payload["userErrors"][0];
            assert_eq!(
                (&error["code"], &error["field"]),
                (&json!("INVALID_INPUT"), &json!(["input", field])),
                "{document}: {payload}"
            );
            assert!(error["message"].as_str().unwrap().contains(expected), "{payload}");
        }
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    // Names of files are cleaned instead, but something must remain.
    assert_eq!(service::files::name("a\u{202e}b\u{7}.pdf").unwrap(), "ab.pdf");
    service::files::name("\u{200b}").unwrap_err();
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
        (
            "after: \"garbage\"",
            "after is not a cursor of this API. Give one that the API returned.",
        ),
        ("before: \"\"", "before is not a cursor of this API. Give one that the API returned."),
    ] {
        for list in ["memos", "memoDeletions", "notifications"] {
            let (code, message) = office
                .author()
                .error(&format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}"), json!({}))
                .await;
            assert_eq!((code.as_str(), message.as_str()), ("BAD_USER_INPUT", expected), "{list}");
        }
    }
    let preview = "query ($id: ID!) { memoDeletionPreview(memoId: $id) { removed(first: 0) { nodes \
        { kind } } } }";
    assert_eq!(office.author().error(preview, json!({ "id": memo.id })).await.0, "BAD_USER_INPUT");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_and_moments_that_no_client_could_read_back_are_refused() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let postpone = "mutation ($id: ID!, $day: Date!) { postponeMemo(input: { memoId: $id, until: \
        $day }) { memo { reviewDate } } }";
    for day in [
        "+262142-12-31",
        "10000-01-01",
        "2027-1-2",
        " 2027-01-02",
        "2027-02-30",
        "2027-01-02T00:00Z",
        "\0",
    ] {
        let (code, message) =
            office.recipient().error(postpone, json!({ "id": memo.id, "day": day })).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("is not a date; write it as 2026-03-02"), "{message}");
    }
    let answer =
        office.recipient().data(postpone, json!({ "id": memo.id, "day": "9999-12-31" })).await;
    assert_eq!(answer["postponeMemo"]["memo"]["reviewDate"], "9999-12-31");

    for name in ["createdFrom", "createdBefore"] {
        let list = format!(
            "query ($at: DateTime) {{ memos(box: SENT, filter: {{ {name}: $at }}) {{ totalCount }} \
             }}"
        );
        for moment in ["-262143-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"]
        {
            let (code, message) = office.author().error(&list, json!({ "at": moment })).await;
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(
                message.starts_with(name) && message.contains("the years 1 to 9999"),
                "{message}"
            );
        }
        for (moment, found) in [("0001-01-01T00:00:00Z", 0), ("9999-12-31T23:59:59Z", 1)] {
            let count =
                office.author().data(&list, json!({ "at": moment })).await["memos"]["totalCount"]
                    .clone();
            assert_eq!(
                count,
                if name == "createdFrom" { 1 - found } else { found },
                "{name} {moment}"
            );
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_memos_are_deleted_each_by_itself_in_order() {
    let office = Office::open().await;
    let author = office.author();
    let delete = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) {
        results { deletedMemoId replayed userErrors { code } } userErrors { code field message } \
        clientMutationId } }";
    let send = async |memos: Vec<Value>| {
        let input = json!({ "memos": memos, "clientMutationId": "seven" });
        author.data(delete, json!({ "input": input })).await["deleteMemos"].take()
    };
    let (one, held, two) = (
        office.memo().create().await,
        office.memo().on_hold().create().await,
        office.memo().create().await,
    );
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
    let refused = author.data(delete, mixed).await["deleteMemos"].take();
    assert_eq!(refused["userErrors"][0]["field"], json!(["input", "memos", "1", "memoId"]));
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
