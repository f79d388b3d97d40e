//! People: who manages them, who must stay, who can be deleted.

use entity::UserRole;
use memoranda_tests::{Actor, Office, codes, difference};
use serde_json::{Value, json};

const FIELDS: &str = "id username fullName email role active";

pub fn document(verb: &str) -> String {
    let name = format!("{}{}", verb[..1].to_uppercase(), &verb[1..]);
    let answer = if verb == "deleteUser" {
        "user: deletedUserId".to_owned()
    } else {
        format!("user {{ {FIELDS} }}")
    };
    format!(
        "mutation ($input: {name}Input!) {{ payload: {verb}(input: $input) {{
            {answer} userErrors {{ code field message }} clientMutationId }} }}"
    )
}

pub async fn run(person: &Actor, verb: &str, input: Value) -> Value {
    person.data(&document(verb), json!({ "input": input })).await["payload"].take()
}

pub async fn run_for(person: &Actor, verb: &str, other: &Actor) -> Value {
    run(person, verb, json!({ "userId": other.user_id() })).await
}

/// The person as an administrator sees them.
async fn read(office: &Office, person: &Actor) -> Value {
    let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on User {{ {FIELDS} }} }} }}");
    office.admin().data(&query, json!({ "id": person.user_id() })).await["node"].take()
}

fn ada() -> Value {
    json!({ "username": "ada", "fullName": "Ada Lovelace", "email": "ada@example.org",
        "role": "MEMBER" })
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_add_people_who_can_sign_in_from_then_on() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    for person in [office.chief(), office.author()] {
        let (code, _) = person.error(&document("createUser"), json!({ "input": ada() })).await;
        assert_eq!(code, "FORBIDDEN", "{}", person.name);
    }
    assert_eq!(office.row_counts().await, before);
    let mut input = ada();
    input["fullName"] = json!(" Ada Lovelace ");
    input["clientMutationId"] = json!("1");
    let created = run(office.admin(), "createUser", input).await;
    assert_eq!(codes(&created), [""; 0]);
    assert_eq!(created["clientMutationId"], "1");
    let mut expected = ada();
    expected["id"] = created["user"]["id"].clone();
    expected["active"] = json!(true);
    assert_eq!(created["user"], expected);
    assert_eq!(difference(&before, &office.row_counts().await), [("users".to_owned(), 1)].into());

    let id =
        memoranda_tests::uuid_of(api::graphql::Kind::User, created["user"]["id"].as_str().unwrap());
    let token = office.keys.issue(id, office.services.now(), chrono::TimeDelta::days(1)).unwrap();
    let ada = office.actor_with_token(id, "ada", Some(token));
    assert_eq!(
        ada.data("{ viewer { username email } }", json!({})).await["viewer"]["username"],
        "ada"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_addresses_must_be_valid_and_unique() {
    let office = Office::open().await;
    let stranger = office.stranger();
    let before = (office.row_counts().await, read(&office, stranger).await);
    for (field, value, code) in [
        ("username", json!(""), "INVALID_INPUT"),
        ("username", json!("ada lovelace"), "INVALID_INPUT"),
        ("username", json!("a".repeat(65)), "INVALID_INPUT"),
        ("username", json!(".."), "INVALID_INPUT"),
        ("username", json!("-"), "INVALID_INPUT"),
        ("username", json!("-rf"), "INVALID_INPUT"),
        ("username", json!(".ssh"), "INVALID_INPUT"),
        ("username", json!("author"), "USERNAME_TAKEN"),
        ("username", json!("Author"), "USERNAME_TAKEN"),
        ("fullName", json!("  "), "INVALID_INPUT"),
        ("fullName", json!("a\0b"), "INVALID_INPUT"),
        ("fullName", json!("ä".repeat(251)), "INVALID_INPUT"),
        ("email", json!("ada"), "INVALID_INPUT"),
        ("email", json!("a da@example.org"), "INVALID_INPUT"),
        ("email", json!("a@x,b@x"), "INVALID_INPUT"),
        ("email", json!("a@x.org,b@x.org"), "INVALID_INPUT"),
        ("email", json!("a@b@example.org"), "INVALID_INPUT"),
        ("email", json!("Ada <ada@example.org>"), "INVALID_INPUT"),
        ("email", json!("\"a@x.org,b\"@x.org"), "INVALID_INPUT"),
        ("email", json!("ada@example..org"), "INVALID_INPUT"),
        ("email", json!("ada@localhost"), "INVALID_INPUT"),
        ("email", json!("author@example.org"), "EMAIL_TAKEN"),
        ("email", json!("Author@Example.ORG"), "EMAIL_TAKEN"),
    ] {
        let mut new = ada();
        new[field] = value.clone();
        let change = json!({ "userId": stranger.user_id(), field: value, "role": "CHIEF" });
        for refused in [
            run(office.admin(), "createUser", new).await,
            run(office.admin(), "updateUser", change).await,
        ] {
            assert_eq!(codes(&refused), [code], "{field} {value}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
            assert_eq!(refused["user"], Value::Null);
        }
    }
    assert_eq!((office.row_counts().await, read(&office, stranger).await), before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_changes_what_it_names_and_nothing_can_be_null() {
    let office = Office::open().await;
    let (admin, stranger) = (office.admin(), office.stranger());
    let mut expected = read(&office, stranger).await;
    for (field, value) in [
        ("username", json!("STRANGER")),
        ("username", json!("stefan.novak")),
        ("fullName", json!("Stefan Novak")),
        ("email", json!("Stranger@example.org")),
        ("email", json!("stefan@example.org")),
        ("role", json!("CHIEF")),
        ("role", json!("ADMIN")),
        ("role", json!("MEMBER")),
    ] {
        expected[field] = value.clone();
        let changed =
            run(admin, "updateUser", json!({ "userId": stranger.user_id(), field: value })).await;
        assert_eq!(changed["user"], expected, "{changed:#}");
        let null = json!({ "userId": stranger.user_id(), field: null });
        let refused = run(admin, "updateUser", null).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
    }
    assert_eq!(run_for(admin, "updateUser", stranger).await["user"], expected, "nothing is named");
    assert_eq!(read(&office, stranger).await, expected);
    let query = "{ viewer { fullName role } }";
    let viewer = json!({ "fullName": "Stefan Novak", "role": "MEMBER" });
    assert_eq!(stranger.data(query, json!({})).await["viewer"], viewer);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_role_holds_from_the_next_request_on() {
    let office = Office::open().await;
    let create = "mutation { createTag(input: { name: \"\" }) { userErrors { code } } }";
    assert_eq!(office.stranger().error(create, json!({})).await.0, "FORBIDDEN");
    run(
        office.admin(),
        "updateUser",
        json!({ "userId": office.stranger().user_id(), "role": "CHIEF" }),
    )
    .await;
    office.stranger().data(create, json!({})).await;
    run(
        office.admin(),
        "updateUser",
        json!({ "userId": office.stranger().user_id(), "role": "MEMBER" }),
    )
    .await;
    assert_eq!(office.stranger().error(create, json!({})).await.0, "FORBIDDEN");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deactivation_ends_the_right_to_sign_in_and_leaves_the_memos() {
    let office = Office::open().await;
    let (admin, author) = (office.admin(), office.author());
    let memo = office.memo().create().await;
    let mut expected = read(&office, author).await;
    let before = office.row_counts().await;
    expected["active"] = json!(false);
    for _ in 0..2 {
        assert_eq!(run_for(admin, "deactivateUser", author).await["user"], expected);
        assert_eq!(author.error("{ viewer { id } }", json!({})).await.0, "UNAUTHENTICATED");
    }
    let query = "query ($id: ID!) { memo(id: $id) { author { fullName active } } }";
    let seen = office.recipient().data(query, json!({ "id": memo.id })).await;
    assert_eq!(seen["memo"]["author"], json!({ "fullName": "The author", "active": false }));
    assert_eq!(office.row_counts().await, before);

    let create =
        "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { userErrors { code } } }";
    let input = json!({ "name": "Hello", "recipientId": author.user_id(), "draft": false });
    let refused = office.recipient().data(create, json!({ "input": input })).await;
    assert_eq!(codes(&refused["createMemo"]), ["INACTIVE_PERSON"]);

    expected["active"] = json!(true);
    for _ in 0..2 {
        assert_eq!(run_for(admin, "reactivateUser", author).await["user"], expected);
        assert_eq!(author.type_of(&memo.id).await, "Memo");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_does_not_deactivate_demote_or_delete_themselves() {
    let office = Office::open().await;
    office.hire("second", UserRole::Admin).await;
    let admin = office.admin();
    let before = (office.row_counts().await, read(&office, admin).await);
    for refused in [
        run_for(admin, "deactivateUser", admin).await,
        run_for(admin, "deleteUser", admin).await,
        run(
            admin,
            "updateUser",
            json!({ "userId": admin.user_id(), "role": "CHIEF", "fullName": "New" }),
        )
        .await,
    ] {
        assert_eq!(codes(&refused), ["ONESELF"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "userId"]));
        assert_eq!(refused["user"], Value::Null);
    }
    assert_eq!((office.row_counts().await, read(&office, admin).await), before);
    let renamed = run(
        admin,
        "updateUser",
        json!({ "userId": admin.user_id(), "role": "ADMIN", "fullName": "New" }),
    )
    .await;
    assert_eq!(renamed["user"]["fullName"], "New");
    assert_eq!(codes(&run_for(admin, "reactivateUser", admin).await), [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_active_administrator_stays_whoever_asks() {
    use service::{
        accounts::{self, DeactivatePersonError},
        people::{
            self, DeletePersonError, PersonChanges, UpdatePersonError,
            policy::RevokeDenial::LastAdmin,
        },
    };
    let office = Office::open().await;
    let (services, admin) = (&office.services, office.admin().id);
    let second = office.hire("second", UserRole::Admin).await;
    run_for(office.admin(), "deactivateUser", &second).await;
    // A request that was accepted before its sender was deactivated.
    let viewer = service::Viewer { id: second.id, role: UserRole::Admin };
    let before = read(&office, office.admin()).await;
    let demoted = PersonChanges { role: Some(UserRole::Member), ..PersonChanges::default() };
    let updated = people::update(services, viewer, admin, &demoted).await.unwrap_err();
    assert!(matches!(updated, UpdatePersonError::Denied(LastAdmin)), "{updated:?}");
    let deactivated = accounts::deactivate(services, viewer, admin).await.unwrap_err();
    assert!(matches!(deactivated, DeactivatePersonError::Denied(LastAdmin)), "{deactivated:?}");
    let deleted = people::delete(services, viewer, admin).await.unwrap_err();
    assert!(matches!(deleted, DeletePersonError::Denied(LastAdmin)), "{deleted:?}");
    assert_eq!(read(&office, office.admin()).await, before);
    // An inactive administrator does not count as one who runs the system, and may be deleted.
    assert_eq!(codes(&run_for(office.admin(), "deleteUser", &second).await), [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_nothing_behind_is_deleted_and_whoever_has_stays() {
    let office = Office::open().await;
    let admin = office.admin();
    let unused = office.hire("unused", UserRole::Admin).await;
    office
        .insert(entity::mail_opt_out::Model {
            user_id: unused.id,
            kind: entity::NotificationKind::MemoSent,
        })
        .await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.comment(&memo, office.stranger().id, "Hello").await;
    let holder = office.hire("holder", UserRole::Member).await;
    office.mark_unread(&memo, holder.id).await;
    office.author().delete_confirmed(&office.memo().to(office.chief().id).create().await.id).await;
    let before = office.row_counts().await;
    let statements = office.statements();
    for person in
        ["author", "recipient", "subscriber", "stranger", "chief"].map(|name| office.person(name))
    {
        let refused = run_for(admin, "deleteUser", person).await;
        assert_eq!(codes(&refused), ["HAS_HISTORY"], "{}", person.name);
        let message = refused["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("deactivateUser"), "{message}");
    }
    assert!(office.statements() - statements <= 5 * 17, "a refusal is not tried again");
    assert_eq!(codes(&run_for(admin, "deleteUser", &holder).await), ["HAS_HISTORY"]);
    assert_eq!(office.row_counts().await, before);

    assert_eq!(run_for(admin, "deleteUser", &unused).await["user"], unused.user_id());
    let expected = [("mail_opt_outs".to_owned(), -1), ("users".to_owned(), -1)];
    assert_eq!(difference(&before, &office.row_counts().await), expected.into());
    assert_eq!(unused.error("{ viewer { id } }", json!({})).await.0, "UNAUTHENTICATED");
    office.close().await;
}

/// Nobody else may learn that a draft is addressed to a person.
#[tokio::test(flavor = "multi_thread")]
async fn drafts_of_others_do_not_keep_a_person_and_lose_them() {
    let office = Office::open().await;
    let admin = office.admin();
    let person = office.hire("leaver", UserRole::Member).await;
    let to_them = office.memo().draft().to(person.id).create().await;
    let read_by_them = office.memo().draft().with_subscriber(person.id).create().await;
    let before = office.row_counts().await;
    assert_eq!(codes(&run_for(admin, "deleteUser", &person).await), [""; 0]);
    let expected = [
        ("memo_events".to_owned(), 2),
        ("memo_subscribers".to_owned(), -1),
        ("users".to_owned(), -1),
    ];
    assert_eq!(difference(&before, &office.row_counts().await), expected.into());
    let query = "query ($id: ID!) { memo(id: $id) { version recipient { username } subscribers { \
        username } } }";
    let draft = office.author().data(query, json!({ "id": to_them.id })).await["memo"].take();
    assert_eq!(
        draft,
        json!({ "version": 2, "recipient": { "username": "author" }, "subscribers": [] })
    );
    let draft = office.author().data(query, json!({ "id": read_by_them.id })).await["memo"].take();
    assert_eq!(draft["subscribers"], json!([]));
    assert_eq!(draft["recipient"]["username"], "recipient");

    // Nor do drafts that were written through the API, or deleted.
    let third = office.hire("third", UserRole::Member).await;
    let create =
        "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { memo { id } } }";
    let input = json!({ "name": "To them", "recipientId": third.user_id(), "draft": true });
    let created = office.author().data(create, json!({ "input": input })).await;
    let written = created["createMemo"]["memo"]["id"].as_str().unwrap().to_owned();
    let deleted = office.memo().draft().to(third.id).create().await;
    let record = office.author().delete(&deleted.id).await["receipt"]["id"].take();
    assert_eq!(codes(&run_for(admin, "deleteUser", &third).await), [""; 0]);
    office.author().restore(record.as_str().unwrap()).await;
    for id in [&written, &deleted.id] {
        let draft = office.author().data(query, json!({ "id": id })).await["memo"].take();
        assert_eq!(draft["recipient"]["username"], "author");
    }

    // One's own draft is no secret, and explains why the person stays.
    let other = office.hire("other", UserRole::Member).await;
    office.memo().draft().from(admin.id).to(other.id).create().await;
    assert_eq!(codes(&run_for(admin, "deleteUser", &other).await), ["HAS_HISTORY"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_exist_is_not_found() {
    let office = Office::open().await;
    let admin = office.admin();
    for verb in ["updateUser", "deactivateUser", "reactivateUser", "deleteUser"] {
        assert_eq!(
            codes(&run(admin, verb, json!({ "userId": "user_x" })).await),
            ["NOT_FOUND"],
            "{verb}"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_names_a_subscriber_who_was_deleted_meanwhile() {
    let office = Office::open().await;
    let reader = office.hire("reader", UserRole::Member).await;
    let memo = office.memo().with_subscriber(reader.id).create().await;
    assert_eq!(codes(&run_for(office.admin(), "deleteUser", &reader).await), ["HAS_HISTORY"]);
    let record = office.author().delete_confirmed(&memo.id).await["receipt"]["id"].clone();
    assert_eq!(run_for(office.admin(), "deleteUser", &reader).await["user"], reader.user_id());
    let restored = office.author().restore(record.as_str().unwrap()).await;
    assert_eq!(restored["missing"], json!([{ "kind": "SUBSCRIBER_LINK", "label": "The reader" }]));
    office.close().await;
}
