//! Erasing a person: as previewed, for ever, and on record.

use crate::accounts::{PASSWORD, give_password, is_signed_in, refresh, sign_in, with_session};
use chrono::TimeDelta;
use entity::{NotificationKind, UserRole, identity, mail_opt_out, memo_subscriber, session};
use memoranda_tests::{
    Actor, Heard, Office, Options, TestMemo, codes, difference, is_postgres, moment,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use service::{
    accounts::{self, LinkError},
    person_erasure,
    text::MAX_ERASURE_REASON,
};
use std::{collections::BTreeMap, fs, path::Path, process::Command};

const PREVIEW: &str = "query ($id: ID!) { personErasurePreview(userId: $id) {
    verdict confirmationToken blockers { code count message } user { id username }
    removed { kind count } kept { kind count reason } } }";

const ERASE: &str = "mutation ($input: ErasePersonInput!) { erasePerson(input: $input) {
    erasure { id erasedAt reason erasedBy { username } removed { kind count } kept { kind count }
        user { id username fullName email role active erasedAt } }
    preview { verdict confirmationToken blockers { code } }
    pending replayed userErrors { code field message } clientMutationId } }";

/// The part of every name and address of the person, in lower case.
const NAME: &str = "lovelace";

pub async fn preview(admin: &Actor, person: &Actor) -> Value {
    let variables = json!({ "id": person.user_id() });
    admin.data(PREVIEW, variables).await["personErasurePreview"].take()
}

pub async fn erase_with(admin: &Actor, input: Value) -> Value {
    admin.data(ERASE, json!({ "input": input })).await["erasePerson"].take()
}

/// Previews, then erases as the preview showed.
pub async fn erase(admin: &Actor, person: &Actor) -> Value {
    let token = preview(admin, person).await["confirmationToken"].take();
    let input = json!({ "userId": person.user_id(), "confirmationToken": token,
        "reason": "Request of the person" });
    erase_with(admin, input).await
}

async fn erased(admin: &Actor, person: &Actor) -> Value {
    let payload = erase(admin, person).await;
    assert_eq!(codes(&payload), [""; 0], "{payload:#}");
    payload
}

/// Counts by kind.
fn counts(list: &Value) -> BTreeMap<String, i64> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| (item["kind"].as_str().unwrap().to_owned(), item["count"].as_i64().unwrap()))
        .collect()
}

/// Every row of every table, in lower case.
async fn rows(office: &Office) -> String {
    let rows = memoranda_tests::dump_rows(&office.services.database, &[]).await;
    rows.into_values().flatten().collect::<Vec<_>>().join("\n").to_lowercase()
}

/// Adds all files below a folder.
fn read_folder(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// Where the name is: in which tables, and in which files. These are the files of the store, the
/// database file and its log, or a dump.
pub async fn found_in(office: &Office, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in memoranda_tests::dump_rows(&office.services.database, &[]).await {
        if rows.iter().any(|row| row.to_lowercase().contains(name)) {
            found.push(table);
        }
    }
    let mut files = Vec::new();
    read_folder(&office.database().folder, &mut files);
    if is_postgres() {
        let dump = Command::new("pg_dump").arg(&office.database().url).output().unwrap();
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        files.push(("dump".to_owned(), dump.stdout));
    }
    let holds = |bytes: &[u8]| {
        bytes.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name.as_bytes()))
    };
    found.extend(files.into_iter().filter(|(_, bytes)| holds(bytes)).map(|(file, _)| file));
    found
}

/// What a person leaves behind.
struct Traces {
    person: Actor,
    /// A sent memo of the person.
    memo: TestMemo,
    /// The record of a memo of the person, which they deleted for a reason.
    record: String,
    refresh_token: Value,
    access: Actor,
}

/// An administrator who has worked with everything.
async fn work(office: &Office) -> Traces {
    let person = office.hire(NAME, UserRole::Admin).await;
    give_password(office, &person).await;
    let signed_in = sign_in(office, NAME, PASSWORD).await;
    let now = office.services.now();
    office
        .insert(identity::Model {
            issuer: "https://idp.example.org".to_owned(),
            subject: "lovelace-at-idp".to_owned(),
            user_id: person.id,
            created_at: now,
            role_as_of: None,
        })
        .await;
    let kind = NotificationKind::ReminderDue;
    office.insert(mail_opt_out::Model { user_id: person.id, kind }).await;

    let memo = office.memo().named("Looms").from(person.id).create().await;
    office.comment(&memo, person.id, "They weave algebraical patterns.").await;
    office.remind(&memo, person.id, 9).await;
    office.attach(&memo, "loom.txt", "cards").await;
    office.upload(&person, "lovelace.txt", "by lovelace").await;
    let draft = office.memo().named("Lovelace drafts").from(person.id).draft().create().await;
    office.attach(&draft, "lovelace-draft.txt", "drafted by lovelace").await;
    office.remind(&draft, person.id, 3).await;
    let second = office.memo().named("Lovelace deletes").from(person.id).draft().create().await;
    let deleted = person.delete(&second.id).await;
    assert_eq!(codes(&deleted), [""; 0]);
    // Others work with the person.
    let shared = office.memo().named("Engine").with_subscriber(person.id).create().await;
    office.mark_unread(&shared, person.id).await;
    office.remind(&shared, person.id, 5).await;
    office.recipient().delete_confirmed(&shared.id).await;
    let read = office.memo().to(person.id).create().await;
    person.review(&read.id).await;
    let send = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { memo { id } } }";
    let input = json!({ "name": "Cogs", "recipientId": person.user_id(), "draft": false });
    let sent = office.author().data(send, json!({ "input": input })).await;
    person.review(sent["createMemo"]["memo"]["id"].as_str().unwrap()).await;
    let gone = office.memo().named("Gone").from(person.id).create().await;
    let input = json!({ "memoId": gone.id, "reason": "Lovelace says so" });
    let payload = person.delete_with(input).await;
    let record = payload["receipt"]["id"].as_str().unwrap().to_owned();
    let held = office.memo().create().await;
    let place = "mutation ($id: ID!) { placeMemoHold(input: { memoId: $id, reason: \"Lovelace's \
        order\" }) { hold { id } userErrors { code } } }";
    let hold = person.data(place, json!({ "id": held.id })).await["placeMemoHold"].take();
    let release = "mutation ($id: ID!) { releaseMemoHold(input: { holdId: $id }) { userErrors { \
        code } } }";
    person.data(release, json!({ "id": hold["hold"]["id"] })).await;
    office.index_words().await;
    // Bytes that were stored within the last hour are the purge's.
    office.clock.advance(TimeDelta::hours(2));
    let access = with_session(office, &person, &sign_in(office, NAME, PASSWORD).await);
    Traces { person, memo, record, refresh_token: signed_in["refreshToken"].clone(), access }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_erasure_no_table_no_file_and_no_index_holds_name_or_address() {
    let office = Office::open_with(Options { sends_mail: true, ..Options::default() }).await;
    let Traces { person, memo, record, .. } = work(&office).await;
    let admin = office.admin();
    let before = found_in(&office, NAME).await;
    for table in
        ["users", "identities", "memo_deletions", "memos", "memo_holds", "files", "deleted_memos"]
    {
        assert!(before.iter().any(|place| place == table), "{table}: {before:#?}");
    }
    assert!(before.iter().any(|place| place.contains("/files/")), "{before:#?}");
    let shown = preview(admin, &person).await;
    assert_eq!((&shown["verdict"], &shown["blockers"]), (&json!("ALLOWED"), &json!([])));
    insta::assert_json_snapshot!(counts(&shown["removed"]), @r#"
    {
      "IDENTITY": 1,
      "MAIL": 1,
      "MAIL_PREFERENCE": 1,
      "NOTIFICATION": 1,
      "PASSWORD": 1,
      "REASON": 2,
      "REMINDER": 2,
      "SESSION": 2,
      "UNREAD_MARK": 2,
      "UNUSED_FILE": 1
    }
    "#);
    insta::assert_json_snapshot!(counts(&shown["kept"]), @r#"
    {
      "COMMENT": 1,
      "DELETION": 1,
      "HOLD": 1,
      "MEMO": 4,
      "SUBSCRIPTION": 1
    }
    "#);

    let log = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { deletedAt verdict
        removed { totalCount counts { kind count } } kept { totalCount } } } }";
    let log = async || office.recipient().data(log, json!({ "id": record })).await;
    let logged = log().await;
    let rows_before = office.row_counts().await;
    let payload = erased(admin, &person).await;
    assert_eq!((&payload["pending"], &payload["replayed"]), (&json!(false), &json!(false)));
    assert_eq!(found_in(&office, NAME).await, [""; 0]);
    for word in ["algebraical", "loom.txt"] {
        assert!(rows(&office).await.contains(word), "{word} stays, because others need it");
    }
    // Exactly what the preview listed is gone, and what is a draft's.
    let mut gone = BTreeMap::new();
    let removed = counts(&shown["removed"]);
    for (kind, table) in [
        ("PASSWORD", "credentials"),
        ("SESSION", "sessions"),
        ("IDENTITY", "identities"),
        ("MAIL_PREFERENCE", "mail_opt_outs"),
        ("MAIL", "mails"),
        ("NOTIFICATION", "notifications"),
        ("UNREAD_MARK", "unread_marks"),
    ] {
        gone.insert(table.to_owned(), -removed[kind]);
    }
    let more = [
        ("reminders", -removed["REMINDER"] - 1),
        ("files", -removed["UNUSED_FILE"] - 1),
        ("memos", -1),
        ("deleted_memos", -1),
        ("memo_ids", -2),
        ("memo_files", -1),
        ("blobs", -2),
        ("memo_deletion_missing", 2),
        ("erased_identities", 2),
        ("person_erasures", 1),
    ];
    gone.extend(more.map(|(table, rows)| (table.to_owned(), rows)));
    assert_eq!(difference(&rows_before, &office.row_counts().await), gone);

    // The log of deletions still counts right.
    assert_eq!(log().await, logged);
    let shown = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { memoName reason \
        deletedBy { fullName active } } } memo(id: $memo) { author { fullName } comments { nodes \
        { author { fullName } body } } } }"
        .replace("($id: ID!)", "($id: ID!, $memo: ID!)");
    let shown = office.recipient().data(&shown, json!({ "id": record, "memo": memo.id })).await;
    let pseudonym = payload["erasure"]["user"]["fullName"].as_str().unwrap();
    assert!(pseudonym.starts_with("Erased person "), "{pseudonym}");
    assert_eq!(
        shown,
        json!({
            "node": { "memoName": "Gone", "reason": null,
                "deletedBy": { "fullName": pseudonym, "active": false } },
            "memo": { "author": { "fullName": pseudonym }, "comments": { "nodes": [
                { "author": { "fullName": pseudonym }, "body": "They weave algebraical patterns." }
            ] } },
        })
    );
    assert_eq!(office.purger.deletions().await.unwrap(), Default::default(), "nothing is left");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_says_who_erased_whom_when_why_and_what_went() {
    let office = Office::open().await;
    let Traces { person, .. } = work(&office).await;
    let (admin, auditor) = (office.admin(), office.hire("auditor", UserRole::Admin).await);
    let shown = preview(admin, &person).await;
    let input = json!({ "userId": person.user_id(), "confirmationToken":
        shown["confirmationToken"], "reason": "  Request ", "clientMutationId": "7" });
    let payload = erase_with(admin, input.clone()).await;
    let erasure = &payload["erasure"];
    assert_eq!(payload["clientMutationId"], "7");
    assert_eq!(erasure["reason"], "Request");
    assert_eq!(erasure["erasedBy"]["username"], "admin");
    assert_eq!(erasure["erasedAt"], json!(moment(office.services.now())));
    assert_eq!(counts(&erasure["removed"]), counts(&shown["removed"]));
    assert_eq!(counts(&erasure["kept"]), counts(&shown["kept"]));
    let user = &erasure["user"];
    let simple = person.id.simple();
    assert_eq!(user["id"], json!(person.user_id()));
    assert_eq!(user["username"], json!(format!("erased-{simple}")));
    assert_eq!(user["email"], json!(format!("erased-{simple}@erased.invalid")));
    assert_eq!((&user["role"], &user["active"]), (&json!("MEMBER"), &json!(false)));
    assert_eq!(user["erasedAt"], erasure["erasedAt"]);

    // Repeating it returns the same record. Another administrator comes too late.
    let rows = office.row_counts().await;
    let again = erase_with(admin, input.clone()).await;
    assert_eq!((&again["erasure"], &again["replayed"]), (erasure, &json!(true)));
    let late = erase_with(&auditor, input).await;
    assert_eq!(codes(&late), ["ALREADY_ERASED"]);
    assert_eq!(late["preview"]["blockers"], json!([{ "code": "ALREADY_ERASED" }]));
    assert_eq!(late["preview"]["confirmationToken"], Value::Null);
    assert_eq!(office.row_counts().await, rows);
    let list = "{ personErasures { nodes { id user { username } } } }";
    let list = auditor.data(list, json!({})).await["personErasures"]["nodes"].take();
    assert_eq!(list, json!([{ "id": erasure["id"], "user": { "username": user["username"] } }]));

    // When the administrator is erased too, their reason goes with them.
    let other = office.hire("other", UserRole::Admin).await;
    office.clock.advance(TimeDelta::seconds(1));
    erased(&other, admin).await;
    let list = "{ personErasures(last: 1) { nodes { reason erasedBy { fullName } } } }";
    let list = other.data(list, json!({})).await["personErasures"]["nodes"].take();
    assert_eq!(list[0]["reason"], Value::Null);
    assert!(list[0]["erasedBy"]["fullName"].as_str().unwrap().starts_with("Erased person"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_unless_a_current_preview_is_confirmed_and_a_reason_given() {
    let office = Office::open().await;
    let Traces { person, .. } = work(&office).await;
    let admin = office.admin();
    let before = office.row_counts().await;
    let token = preview(admin, &person).await["confirmationToken"].take();
    let with = |token: &Value, reason: Value| {
        let (id, mut input) = (person.user_id(), json!({ "confirmationToken": token }));
        input["userId"] = json!(id);
        input["reason"] = reason;
        input
    };
    let auditor = office.hire("auditor", UserRole::Admin).await;
    let others = preview(&auditor, &person).await["confirmationToken"].take();
    for (input, expected, field) in [
        (with(&token, json!(null)), "REASON_REQUIRED", "reason"),
        (with(&token, json!("  ")), "REASON_REQUIRED", "reason"),
        (with(&json!(null), json!("Why")), "CONFIRMATION_REQUIRED", "confirmationToken"),
        (with(&json!("forged"), json!("Why")), "CONFIRMATION_STALE", "confirmationToken"),
        (with(&others, json!("Why")), "CONFIRMATION_STALE", "confirmationToken"),
        (with(&token, json!("x".repeat(MAX_ERASURE_REASON + 1))), "INVALID_INPUT", "reason"),
    ] {
        let payload = erase_with(admin, input).await;
        assert_eq!(codes(&payload), [expected], "{payload:#}");
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]));
        assert_eq!(payload["erasure"], Value::Null);
        assert_eq!(payload["preview"].is_null(), expected == "INVALID_INPUT");
    }
    // Each thing that the preview counts or names is bound.
    let renamed = "UPDATE users SET full_name = 'Ada' WHERE username = 'lovelace'";
    let memo = office.memo().with_subscriber(person.id).create().await;
    office.sql(renamed).await;
    let stale = erase_with(admin, with(&token, json!("Why"))).await;
    assert_eq!(codes(&stale), ["CONFIRMATION_STALE"]);
    let fresh = &stale["preview"]["confirmationToken"];
    office.comment(&memo, person.id, "One more").await;
    let stale = erase_with(admin, with(fresh, json!("Why"))).await;
    assert_eq!(codes(&stale), ["CONFIRMATION_STALE"]);
    let mut after = office.row_counts().await;
    for (table, rows) in
        [("users", 1), ("memos", 1), ("memo_ids", 1), ("memo_subscribers", 1), ("comments", 1)]
    {
        *after.get_mut(table).unwrap() -= rows;
    }
    assert_eq!(after, before);
    let fresh = &stale["preview"]["confirmationToken"];
    assert_eq!(codes(&erase_with(admin, with(fresh, json!("Why"))).await), [""; 0]);
    let nobody = json!({ "userId": api::graphql::Kind::User.id(uuid::Uuid::max()).0 });
    assert_eq!(codes(&erase_with(admin, nobody).await), ["NOT_FOUND"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_does_not_come_back() {
    let office = Office::open().await;
    let Traces { person, access, refresh_token, .. } = work(&office).await;
    let mut socket = person.connect().await;
    socket.subscribe("events", "subscription { memoEvents { id } }", json!({})).await;
    assert!(is_signed_in(&access).await);
    erased(office.admin(), &person).await;
    let code = loop {
        if let Heard::Closed(code) = socket.next().await {
            break code;
        }
    };
    assert_eq!(code, 4403, "open connections end");
    assert!(!is_signed_in(&access).await && !is_signed_in(&person).await);
    assert_eq!(codes(&refresh(&office, &refresh_token).await), ["SESSION_ENDED"]);
    let pseudonym = format!("erased-{}", person.id.simple());
    for name in [NAME, "lovelace@example.org", &pseudonym] {
        assert_eq!(codes(&sign_in(&office, name, PASSWORD).await), ["INVALID_CREDENTIALS"]);
    }
    for (mutation, input) in [
        ("reactivateUser", json!({})),
        ("updateUser", json!({ "fullName": "Ada Lovelace" })),
        ("setPassword", json!({ "newPassword": PASSWORD })),
    ] {
        let mut input = input;
        input["userId"] = json!(person.user_id());
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let document = format!(
            "mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let payload = office.admin().data(&document, json!({ "input": input })).await;
        assert_eq!(codes(&payload[mutation]), ["ERASED"], "{mutation}");
    }
    let row = entity::user::Entity::find_by_id(person.id);
    let row = row.one(office.services.database.connection()).await.unwrap().unwrap();
    let linked =
        accounts::link(&office.services, &row, "https://idp.example.org", "lovelace-at-idp").await;
    assert!(matches!(linked, Err(LinkError::Erased)), "{linked:?}");
    // The database does not allow it either.
    let active = format!("UPDATE users SET active = TRUE WHERE username = '{pseudonym}'");
    let connection = office.services.database.connection();
    assert!(connection.execute_unprepared(&active).await.is_err());
    // An administrator can add somebody with the same names.
    office.hire(NAME, UserRole::Member).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_go_uncounted_and_other_peoples_drafts_tell_nothing() {
    let office = Office::open().await;
    let person = office.hire(NAME, UserRole::Member).await;
    let shown = preview(office.admin(), &person).await;
    let draft = office.memo().from(person.id).draft().create().await;
    office.attach(&draft, "plan.txt", "a plan").await;
    office.remind(&draft, person.id, 3).await;
    let theirs = office.memo().to(person.id).draft().create().await;
    office
        .insert(memo_subscriber::Model {
            memo_id: theirs.uuid,
            user_id: person.id,
            created_at: office.services.now(),
        })
        .await;
    let deleted = office.memo().from(person.id).draft().create().await;
    person.delete_with(json!({ "memoId": deleted.id, "reason": "Not good enough" })).await;
    assert_eq!(preview(office.admin(), &person).await, shown, "a draft is its author's alone");
    erased(office.admin(), &person).await;
    assert_eq!(office.author().type_of(&theirs.id).await, "Memo");
    for memo in [draft.uuid, deleted.uuid] {
        let left = entity::memo_id::Entity::find_by_id(memo);
        let left = left.one(office.services.database.connection()).await.unwrap();
        assert_eq!(left, None);
    }
    assert!(!rows(&office).await.contains("not good enough"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_memo_is_restored_without_the_private_rows_of_an_erased_person() {
    let office = Office::open().await;
    let person = office.hire(NAME, UserRole::Member).await;
    let memo = office.memo().with_subscriber(person.id).create().await;
    office.remind(&memo, person.id, 5).await;
    office.mark_unread(&memo, person.id).await;
    let payload = office.recipient().delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    let lists = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { removed(first: 100) { \
        totalCount nodes { kind label } } } } }";
    let before = office.recipient().data(lists, json!({ "id": record })).await;
    erased(office.admin(), &person).await;
    let after = office.recipient().data(lists, json!({ "id": record })).await;
    let of = |shown: &Value| {
        let items = shown["node"]["removed"]["nodes"].as_array().unwrap();
        let mut kinds: Vec<String> = items.iter().map(|item| item["kind"].to_string()).collect();
        kinds.sort();
        assert_eq!(json!(kinds.len()), shown["node"]["removed"]["totalCount"]);
        kinds
    };
    assert_eq!(of(&before), of(&after));
    assert!(before.to_string().contains("The lovelace"));
    assert!(!after.to_string().to_lowercase().contains(NAME), "{after:#}");
    let restored = office.recipient().restore(record).await;
    let missing = json!([
        { "kind": "REMINDER", "label": null },
        { "kind": "UNREAD_MARK", "label": null },
    ]);
    assert_eq!(restored["missing"], missing);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_requests_under_way_go_with_the_next_purge() {
    let office = Office::open().await;
    let person = office.hire(NAME, UserRole::Member).await;
    let memo = office.memo().with_subscriber(person.id).create().await;
    let other = office.memo().with_subscriber(office.stranger().id).create().await;
    erased(office.admin(), &person).await;
    let before = office.row_counts().await;
    let now = office.services.now();
    office
        .insert(session::Model {
            id: office.services.new_id(),
            user_id: person.id,
            seed: "seed".to_owned(),
            generation: 1,
            refreshed_at: now,
            created_at: now,
            expires_at: now + TimeDelta::days(1),
            revoked_at: None,
            user_agent: Some("Lovelace's browser".to_owned()),
        })
        .await;
    office.remind(&memo, person.id, 2).await;
    office.mark_unread(&memo, person.id).await;
    office.remind(&other, office.stranger().id, 2).await;
    person_erasure::purge(&office.services).await.unwrap();
    let left = difference(&before, &office.row_counts().await);
    assert_eq!(left, [("reminders".to_owned(), 1)].into(), "the stranger's");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_erase_at_the_same_time_erase_once() {
    let office = Office::open().await;
    let person = office.hire(NAME, UserRole::Member).await;
    let auditor = office.hire("auditor", UserRole::Admin).await;
    let (first, second) = tokio::join!(erase(office.admin(), &person), erase(&auditor, &person));
    let mut outcomes = [codes(&first), codes(&second)].map(|codes| codes.join(" "));
    outcomes.sort();
    assert_eq!(outcomes[0], "");
    assert!(
        ["ALREADY_ERASED", "CONFIRMATION_STALE"].contains(&outcomes[1].as_str()),
        "{outcomes:?}"
    );
    let records = entity::person_erasure::Entity::find()
        .filter(entity::person_erasure::Column::PersonId.eq(person.id))
        .count(office.services.database.connection())
        .await;
    assert_eq!(records.unwrap(), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_for_people_does_not_find_the_name_any_more() {
    let office = Office::open().await;
    let person = office.hire(NAME, UserRole::Member).await;
    let document = "query ($search: String) { users(filter: { text: $search, states: \
        [ACTIVE, INACTIVE] }) { nodes { id } } }";
    let found = async |search: &str| {
        let found = office.author().data(document, json!({ "search": search })).await;
        found["users"]["nodes"].as_array().unwrap().len()
    };
    assert_eq!(found("love").await, 1);
    erased(office.admin(), &person).await;
    assert_eq!((found("love").await, found("Erased").await), (0, 1));
    office.close().await;
}
