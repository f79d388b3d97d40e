//! Idempotency keys: a repeated request creates nothing again.

mod coverage;
mod creation;
mod expiry;
mod header;
mod lost_answers;
mod uploads;

use creation::{CREATIONS, named, replay_of};
use entity::UserRole;
use memoranda_tests::{Office, codes, difference};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_creates_nothing_again_and_gets_the_same_payload() {
    let office = Office::open().await;
    let (person, other) = (office.admin(), &office.hire("second", UserRole::Admin).await);
    for creation in CREATIONS {
        let key = creation.mutation;
        let mut input = creation.input_with(&office, person, key).await;
        input["clientMutationId"] = json!("first");
        let payload = creation.create(&office, person, &input).await;
        for _ in 0..2 {
            let repeated = creation.create_nothing(&office, person, &input).await;
            assert_eq!(repeated, replay_of(&payload), "{creation:?}");
        }
        // The text for the payload is not part of what the request asks for.
        input["clientMutationId"] = json!("second");
        let repeated = creation.create_nothing(&office, person, &input).await;
        assert_eq!(repeated[creation.field], payload[creation.field], "{creation:?}");
        assert_eq!(repeated["clientMutationId"], "second");

        let another = creation.input_with(&office, person, key).await;
        let refused = creation.create_nothing(&office, person, &another).await;
        assert_eq!(codes(&refused), ["IDEMPOTENCY_MISMATCH"], "{creation:?}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "idempotencyKey"]));
        assert_eq!((&refused[creation.field], &refused["replayed"]), (&Value::Null, &json!(false)));

        let of_other = creation.input_with(&office, other, key).await;
        let others = creation.create(&office, other, &of_other).await;
        assert_ne!(others[creation.field]["id"], payload[creation.field]["id"]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_equal_requests_at_once_create_one_thing_and_get_one_payload() {
    let office = Office::open().await;
    let person = office.admin();
    for creation in CREATIONS {
        let once = creation.input_with(&office, person, "once").await;
        let before = office.row_counts().await;
        creation.create(&office, person, &once).await;
        let made_once = difference(&before, &office.row_counts().await);
        office.sql("DELETE FROM idempotency_keys").await;

        let input = creation.input_with(&office, person, creation.mutation).await;
        let before = office.row_counts().await;
        let (_, created) = creation.send_ten_times(person, &input).await;
        assert_eq!(created, 1, "{creation:?}");
        let made = difference(&before, &office.row_counts().await);
        assert_eq!(made, made_once, "{creation:?}: with its events and notifications");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_names_one_request_of_all_mutations() {
    let office = Office::open().await;
    let person = office.admin();
    let [tag, resolution] = [named("createTag"), named("createResolution")];
    let input = tag.input_with(&office, person, "one").await;
    tag.create(&office, person, &input).await;
    let refused = resolution.create_nothing(&office, person, &input).await;
    assert_eq!(codes(&refused), ["IDEMPOTENCY_MISMATCH"], "the same input, but another mutation");
    let message = refused["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("use a new key"), "{message}");

    // Left out, null and the default are the same input.
    let memo = named("createMemo");
    let input = memo.input_with(&office, person, "two").await;
    let payload = memo.create(&office, person, &input).await;
    let mut same = input.clone();
    (same["draft"], same["description"]) = (json!(false), Value::Null);
    let repeated = memo.create_nothing(&office, person, &same).await;
    assert_eq!(repeated, replay_of(&payload));
    same["draft"] = json!(true);
    let refused = memo.create_nothing(&office, person, &same).await;
    assert_eq!(codes(&refused), ["IDEMPOTENCY_MISMATCH"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_leaves_its_key_free() {
    let office = Office::open().await;
    let person = office.admin();
    let tag = named("createTag");
    let first = tag.input(&office, person).await;
    tag.create(&office, person, &first).await;
    let mut input = first.clone();
    input["idempotencyKey"] = json!("corrected");
    let refused = tag.create_nothing(&office, person, &input).await;
    assert_eq!(codes(&refused), ["NAME_TAKEN"]);
    assert_eq!(refused["replayed"], false);
    let corrected = tag.input_with(&office, person, "corrected").await;
    let payload = tag.create(&office, person, &corrected).await;
    assert_eq!(tag.create_nothing(&office, person, &corrected).await, replay_of(&payload));

    for (key, expected) in [
        (String::new(), "must not be empty"),
        ("ü".repeat(129), "must have at most 128 characters"),
        ("a\nb".to_owned(), "must not contain control characters"),
        ("a\0b".to_owned(), "must not contain control characters"),
    ] {
        let input = tag.input_with(&office, person, &key).await;
        let refused = tag.create_nothing(&office, person, &input).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"], "{key:?}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "idempotencyKey"]));
        let message = refused["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message}");
    }
    let input = tag.input_with(&office, person, &"ü".repeat(128)).await;
    let payload = tag.create(&office, person, &input).await;
    assert_eq!(tag.create_nothing(&office, person, &input).await, replay_of(&payload));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_shows_what_exists_now_and_says_if_that_is_gone() {
    let office = Office::open().await;
    let person = office.admin();
    let [memo, comment, task] = ["createMemo", "addComment", "createTaskFromMemo"].map(named);
    let input = memo.input_with(&office, person, "memo").await;
    let payload = memo.create(&office, person, &input).await;
    let id = payload["memo"]["id"].as_str().unwrap();
    let rename = "mutation ($id: ID!) { updateMemo(input: { memoId: $id, name: \"Changed\" }) { \
        userErrors { code } } }";
    person.data(rename, json!({ "id": id })).await;
    let name =
        "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { memo { name } } }";
    let shown = person.data(name, json!({ "input": input })).await;
    assert_eq!(shown["createMemo"]["memo"]["name"], "Changed");

    assert!(person.delete(id).await["deletedMemoId"].is_string());
    let gone = memo.create_nothing(&office, person, &input).await;
    assert_eq!(codes(&gone), ["IDEMPOTENCY_GONE"]);
    assert_eq!(gone["userErrors"][0]["field"], json!(["input", "idempotencyKey"]));
    assert_eq!((&gone["memo"], &gone["replayed"]), (&Value::Null, &json!(true)));

    // A comment belongs to its memo, a task does not.
    let input = comment.input_with(&office, person, "comment").await;
    comment.create(&office, person, &input).await;
    person.delete_confirmed(input["memoId"].as_str().unwrap()).await;
    let gone = comment.create_nothing(&office, person, &input).await;
    assert_eq!(codes(&gone), ["IDEMPOTENCY_GONE"]);
    let input = task.input_with(&office, person, "task").await;
    let payload = task.create(&office, person, &input).await;
    person.delete_confirmed(input["memoId"].as_str().unwrap()).await;
    assert_eq!(task.create_nothing(&office, person, &input).await, replay_of(&payload));
    let memo = "mutation ($input: CreateTaskFromMemoInput!) { createTaskFromMemo(input: $input) { \
        memo { id } userErrors { code } } }";
    let shown = person.data(memo, json!({ "input": input })).await["createTaskFromMemo"].take();
    assert_eq!(shown, json!({ "memo": null, "userErrors": [] }));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_shows_nothing_that_the_person_has_lost_sight_of() {
    let office = Office::open().await;
    let subscriber = office.subscriber();
    let memo = office.memo().with_subscriber(subscriber.id).create().await;
    let comment = named("addComment");
    let input = json!({ "memoId": memo.id, "body": "Six?", "idempotencyKey": "comment" });
    let payload = comment.create(&office, subscriber, &input).await;
    assert_eq!(comment.create_nothing(&office, subscriber, &input).await, replay_of(&payload));
    office.sql("DELETE FROM memo_subscribers").await;
    let gone = comment.create_nothing(&office, subscriber, &input).await;
    assert_eq!(codes(&gone), ["IDEMPOTENCY_GONE"]);
    assert_eq!((&gone["comment"], &gone["replayed"]), (&Value::Null, &json!(true)));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_lost_access_or_a_role_gets_no_repetition() {
    const FOR_ROLES: [&str; 5] =
        ["createDeal", "createTag", "createResolution", "createUser", "placeMemoHold"];
    let office = Office::open().await;
    let person = office.hire("passing", UserRole::Admin).await;
    let mut made = Vec::new();
    for creation in CREATIONS {
        let input = creation.input_with(&office, &person, creation.mutation).await;
        made.push((creation, input.clone(), creation.create(&office, &person, &input).await));
    }
    let before = office.row_counts().await;
    // As another server would, so that this one still remembers who has signed in.
    let set = async |change: &str| {
        office.sql(&format!("UPDATE users SET {change} WHERE username = 'passing'")).await;
    };
    for (creation, input, _) in &made {
        person.data("{ memos { nodes { id } } }", json!({})).await;
        set("active = FALSE").await;
        let (code, _) = person.error(&creation.document(), json!({ "input": input })).await;
        assert_eq!(code, "UNAUTHENTICATED", "{creation:?}");
        set("active = TRUE").await;
    }
    for (creation, input, payload) in &made {
        person.data("{ memos { nodes { id } } }", json!({})).await;
        set("role = 'MEMBER'").await;
        if FOR_ROLES.contains(&creation.mutation) {
            let (code, _) = person.error(&creation.document(), json!({ "input": input })).await;
            assert_eq!(code, "FORBIDDEN", "{creation:?}");
        } else {
            assert_eq!(creation.send(&person, input).await, replay_of(payload), "{creation:?}");
        }
        set("role = 'ADMIN'").await;
    }
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_do_not_keep_a_person_from_being_deleted() {
    let office = Office::open().await;
    let passing = office.hire("passing", UserRole::Chief).await;
    let deal = named("createDeal");
    let input = deal.input_with(&office, &passing, "key").await;
    deal.create(&office, &passing, &input).await;
    assert_eq!(office.row_counts().await["idempotency_keys"], 1);
    let delete = "mutation ($id: ID!) { deleteUser(input: { userId: $id }) { deletedUserId \
        userErrors { code } } }";
    let deleted = office.admin().data(delete, json!({ "id": passing.user_id() })).await;
    assert_eq!(codes(&deleted["deleteUser"]), [""; 0]);
    assert_eq!(office.row_counts().await["idempotency_keys"], 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_costs_one_statement() {
    let office = Office::open().await;
    let person = office.admin();
    let deal = named("createDeal");
    let mut statements = Vec::new();
    let with_key = deal.input_with(&office, person, "key").await;
    for input in [deal.input(&office, person).await, with_key.clone(), with_key] {
        let before = office.statements();
        deal.send(person, &input).await;
        statements.push(office.statements() - before);
    }
    let [without, with, repeated] = statements.try_into().unwrap();
    assert_eq!((with, repeated), (without + 1, without + 2), "claim; claim, key and thing");
    office.close().await;
}
