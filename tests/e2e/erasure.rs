//! Erasing a deleted memo before its time: as previewed, for ever, and on record.

use crate::purge::has_bytes;
use chrono::TimeDelta;
use entity::{MemoStage, comment, memo_deletion, memo_id};
use memoranda_tests::{
    Actor, Office, Options, RowCounts, TestMemo, codes, difference, dump_rows, moment,
};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Statement};
use serde_json::{Value, json};
use service::{
    memo_deletion::{
        Purged,
        erasure::{self, Erasure, Outcome},
    },
    text::MAX_ERASURE_REASON,
};
use std::sync::atomic::{AtomicU64, Ordering};

/// A memo with all kinds of belongings that the recipient deleted a while ago, and its record.
async fn full_record(office: &Office) -> (TestMemo, String) {
    let (memo, _) = office.full_memo().await;
    office.clock.advance(TimeDelta::hours(2));
    let token = office.recipient().preview(&memo.id).await["confirmationToken"].take();
    let input =
        json!({ "memoId": memo.id, "confirmationToken": token, "reason": "A secret reason" });
    let payload = office.recipient().delete_with(input).await;
    (memo, payload["receipt"]["id"].as_str().unwrap().to_owned())
}

/// A memo that its author deleted, and its record.
async fn record_of_author(office: &Office) -> (TestMemo, String) {
    let memo = office.memo().named("A secret name").create().await;
    let payload = office.author().delete(&memo.id).await;
    (memo, payload["receipt"]["id"].as_str().unwrap().to_owned())
}

/// What must be found nowhere after the erasure: the memo's texts, its files, its reason.
const SECRETS: [&str; 8] = [
    "Renovate the showroom",
    "When can we start?",
    "On Monday.",
    "Mind the exhibition.",
    "sketch.txt",
    "notes.txt",
    "A secret reason",
    "'renovate'",
];

/// Every row of every table in one text, and the words of the search index.
async fn everything(office: &Office) -> String {
    let rows: Vec<String> =
        dump_rows(&office.services.database, &[]).await.into_values().flatten().collect();
    let words = if memoranda_tests::is_postgres() {
        "SELECT CAST(words AS text) AS t FROM memo_search"
    } else {
        "SELECT quote(memo_id) AS t FROM memo_search"
    };
    let database = &office.services.database;
    let words = Statement::from_string(database.backend(), format!("/* tests */ {words}"));
    let words = database.connection().query_all_raw(words).await.unwrap();
    let words = words.iter().map(|row| row.try_get::<String>("", "t").unwrap());
    rows.into_iter().chain(words).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_erasure_no_table_and_no_store_holds_what_the_memo_said() {
    let office = Office::open_with(Options { sends_mail: true, ..Options::default() }).await;
    let (memo, record) = full_record(&office).await;
    office.index_words().await;
    let before = everything(&office).await;
    for secret in &SECRETS[..7] {
        assert!(before.contains(secret), "{secret}");
    }
    let sketch = sha256_of(&office, "sketch.txt").await;
    let plan = sha256_of(&office, "plan.txt").await;
    assert!(has_bytes(&office, &sketch).await);
    let erased = office.admin().erase(&record, "Request of a customer").await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    assert_eq!(erased["pending"], false);
    let after = everything(&office).await;
    for secret in SECRETS {
        assert!(!after.contains(secret), "{secret}");
    }
    let hex = if memoranda_tests::is_postgres() {
        memo.uuid.to_string()
    } else {
        memo.uuid.simple().to_string().to_uppercase()
    };
    let (records, others): (Vec<&str>, Vec<&str>) = after
        .lines()
        .filter(|row| row.contains(&hex))
        .partition(|row| row.contains("Request of a customer"));
    assert_eq!(records.len(), 1, "the record knows the memo's id");
    // Events, notifications and work know the id too, but nothing else of the memo does.
    assert!(others.iter().all(|row| !row.contains("showroom")), "{others:#?}");
    assert!(!has_bytes(&office, &sketch).await);
    assert!(has_bytes(&office, &plan).await, "the task keeps it");
    // Mails that waited with the memo's name no longer name it.
    office.deliver_mail().await;
    let mails = office.mails().join("\n");
    assert!(mails.contains("erased a deleted memo that you could have restored"), "{mails}");
    assert!(mails.contains("deleted a memo of yours"), "{mails}");
    assert!(!mails.contains("Renovate"), "{mails}");
    assert_eq!(office.purger.deletions().await.unwrap(), Purged::default(), "nothing is left");
    office.close().await;
}

async fn sha256_of(office: &Office, name: &str) -> String {
    let files = entity::file::Entity::find().all(office.services.database.connection()).await;
    let files = files.unwrap();
    files.into_iter().find(|file| file.name == name).unwrap().blob_sha256
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_counts_alone_and_the_record_says_who_erased_it_and_why() {
    let office = Office::open().await;
    let (_, record) = full_record(&office).await;
    let (admin, recipient) = (office.admin(), office.recipient());
    let bare = admin.erasure_preview(&record).await;
    let full = recipient.erasure_preview(&record).await;
    for list in ["removed", "kept"] {
        assert_eq!(bare[list]["counts"], full[list]["counts"], "{list}");
        let items = bare[list]["nodes"].as_array().unwrap();
        assert_eq!(items.len() as u64, bare[list]["totalCount"].as_u64().unwrap());
        assert!(
            items.iter().all(|item| item["label"].is_null() && item["node"].is_null()),
            "{bare:#}"
        );
        let kinds = |of: &Value| -> Vec<String> {
            let items = of[list]["nodes"].as_array().unwrap().iter();
            items.map(|item| format!("{} {}", item["kind"], item["reason"])).collect()
        };
        let (mut bare, mut full) = (kinds(&bare), kinds(&full));
        bare.sort();
        full.sort();
        assert_eq!(bare, full, "{list}");
    }
    assert_eq!(bare["bytesFreed"], full["bytesFreed"]);
    assert_eq!(bare["bytesFreed"], json!(19 + 16), "sketch and notes");
    assert_eq!(bare["deletion"]["memoName"], json!(null));
    assert!(full["removed"].to_string().contains("When can we start?"));
    assert_eq!(full["blockers"][0]["code"], "NOT_ALLOWED");

    let input = json!({ "deletionId": record, "confirmationToken": bare["confirmationToken"],
        "reason": "  Request of a customer ", "clientMutationId": "7" });
    let erased = admin.erase_with(input).await;
    insta::assert_json_snapshot!(erased, {
        ".deletion.id" => "[id]",
        ".deletion.memoId" => "[id]",
        ".deletion.removed.nodes" => "[kinds]",
    }, @r#"
    {
      "clientMutationId": "7",
      "deletion": {
        "erasedBy": {
          "username": "admin"
        },
        "erasureReason": "Request of a customer",
        "id": "[id]",
        "memoId": "[id]",
        "memoName": null,
        "purgedAt": "2026-03-02T11:00:00.000Z",
        "reason": null,
        "removed": {
          "nodes": "[kinds]",
          "totalCount": 24
        },
        "viewerCanRestore": false
      },
      "pending": false,
      "preview": null,
      "replayed": false,
      "userErrors": []
    }
    "#);
    let seen = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { memoName reason purgedAt \
        erasedBy { username } erasureReason removed { totalCount nodes { label node { id } } } } } \
        memoDeletions(filter: { states: [RESTORABLE] }) { nodes { id } } }";
    for person in [office.author(), recipient, admin] {
        let seen = person.data(seen, json!({ "id": record })).await;
        let shown = &seen["node"];
        assert_eq!((&shown["memoName"], &shown["reason"]), (&json!(null), &json!(null)));
        assert_eq!(shown["purgedAt"], json!(moment(office.services.now())));
        assert_eq!(shown["erasedBy"]["username"], "admin");
        assert_eq!(shown["erasureReason"], "Request of a customer");
        assert_eq!(shown["removed"]["totalCount"], full["removed"]["totalCount"]);
        assert_eq!(seen["memoDeletions"]["nodes"], json!([]));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_cannot_be_restored_and_erasing_it_again_changes_nothing() {
    let office = Office::open().await;
    let (memo, record) = record_of_author(&office).await;
    let (admin, other) = (office.admin(), office.hire("auditor", entity::UserRole::Admin).await);
    let erased = admin.erase(&record, "Request").await;
    let rows = office.row_counts().await;
    let refused = office.author().restore(&record).await;
    assert_eq!(codes(&refused), ["ERASED"]);
    let message = refused["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("erased") && message.contains("record"), "{message}");
    let again = admin.erase_with(json!({ "deletionId": record, "reason": "Once more" })).await;
    assert_eq!((codes(&again), &again["replayed"]), (vec![], &json!(true)));
    assert_eq!(again["deletion"], erased["deletion"]);
    assert_eq!(office.row_counts().await, rows);
    let late = other.erase(&record, "Request").await;
    assert_eq!(codes(&late), ["ALREADY_ERASED"]);
    assert_eq!(late["preview"]["blockers"], json!([{ "code": "ALREADY_ERASED" }]));
    assert_eq!(late["preview"]["removed"]["totalCount"], 0);
    // Who deleted it gets the same receipt, without the name.
    let receipt = office.author().delete(&memo.id).await;
    assert_eq!(
        (&receipt["replayed"], &receipt["receipt"]["memoName"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(office.author().type_of(&memo.id).await, "DeletedMemo");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_unless_a_current_preview_is_confirmed_and_a_reason_given() {
    let office = Office::open().await;
    let (_, record) = full_record(&office).await;
    let (_, other) = record_of_author(&office).await;
    let admin = office.admin();
    let before = office.row_counts().await;
    let token = admin.erasure_preview(&record).await["confirmationToken"].take();
    let with = |token: &Value, reason: Value| {
        let mut input = json!({ "deletionId": record, "confirmationToken": token });
        input["reason"] = reason;
        input
    };
    let long = "x".repeat(MAX_ERASURE_REASON + 1);
    for reason in [json!(long), json!("a\0b")] {
        let refused = admin.erase_with(with(&token, reason)).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "reason"]));
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let strange = [
        admin.erasure_preview(&other).await["confirmationToken"].take(),
        json!("garbage"),
        json!(""),
    ];
    for (input, code) in [
        (with(&token, json!(null)), "REASON_REQUIRED"),
        (with(&token, json!("  ")), "REASON_REQUIRED"),
        (with(&json!(null), json!("Request")), "CONFIRMATION_REQUIRED"),
        (with(&strange[0], json!("Request")), "CONFIRMATION_STALE"),
        (with(&strange[1], json!("Request")), "CONFIRMATION_STALE"),
        (with(&strange[2], json!("Request")), "CONFIRMATION_STALE"),
    ] {
        // Each attempt has its own time, which decides their order in the log.
        office.clock.advance(TimeDelta::seconds(1));
        let before = office.row_counts().await;
        let refused = admin.erase_with(input).await;
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["preview"]["confirmationToken"], token, "the fresh preview");
        let logged = [("refused_deletions".to_owned(), 1)].into();
        assert_eq!(difference(&before, &office.row_counts().await), logged, "{code}");
    }
    // The log says what was tried.
    let log = "{ refusedMemoDeletions(first: 1) { nodes { deletionId codes user { username } } } }";
    let log = admin.data(log, json!({})).await["refusedMemoDeletions"]["nodes"][0].take();
    let expected = json!({ "deletionId": record, "codes": ["CONFIRMATION_STALE"],
        "user": { "username": "admin" } });
    assert_eq!(log, expected);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_is_bound_to_what_the_preview_showed() {
    let office = Office::open_with(Options { erase_by_owner: true, ..Options::default() }).await;
    let (memo, record) = full_record(&office).await;
    let author = office.author();
    let mut token = author.erasure_preview(&record).await["confirmationToken"].take();
    let bare = office.admin().erasure_preview(&record).await["confirmationToken"].take();
    let changes = [
        // The file that the task kept goes now.
        ("DELETE FROM task_files", true),
        ("UPDATE users SET full_name = 'Somebody Else' WHERE username = 'subscriber'", false),
        ("UPDATE tags SET name = 'not so urgent' WHERE name = 'urgent'", false),
        ("UPDATE files SET name = 'renamed.txt' WHERE name = 'notes.txt'", false),
        ("DELETE FROM reminders", true),
    ];
    let mut bare = bare;
    for (change, counts) in changes {
        office.sql(change).await;
        let input = json!({ "deletionId": record, "confirmationToken": token });
        let stale = author.erase_with(input).await;
        assert_eq!(codes(&stale), ["CONFIRMATION_STALE"], "{change}");
        let fresh = author.erasure_preview(&record).await["confirmationToken"].take();
        assert_eq!(stale["preview"]["confirmationToken"], fresh);
        assert_ne!(token, fresh);
        token = fresh;
        // An administrator saw counts alone, and these are bound.
        let fresh = office.admin().erasure_preview(&record).await["confirmationToken"].take();
        assert_eq!(bare != fresh, counts, "{change}");
        bare = fresh;
    }
    let preview = author.erasure_preview(&record).await;
    let before = office.row_counts().await;
    let input = json!({ "deletionId": record, "confirmationToken": token });
    let erased = author.erase_with(input).await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    assert_eq!(erased["deletion"]["erasureReason"], json!(null), "an owner need not give one");
    let counts = preview["removed"]["counts"].as_array().unwrap();
    let count = |kind: &str| {
        let count = counts.iter().find(|count| count["kind"] == kind);
        count.map_or(0, |count| count["count"].as_i64().unwrap())
    };
    let gone = difference(&before, &office.row_counts().await);
    assert_eq!((gone["files"], gone["blobs"]), (-count("FILE"), -count("FILE")));
    assert_eq!(count("FILE"), 3, "the file of the task too");
    assert!(!gone.contains_key("reminders"), "they were gone before");
    let left = office.services.database.connection();
    let left = memo_id::Entity::find_by_id(memo.uuid).one(left).await.unwrap();
    assert!(left.is_none());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_forbids_it_until_it_is_released() {
    let office = Office::open_with(Options { erase_by_owner: true, ..Options::default() }).await;
    let (memo, record) = record_of_author(&office).await;
    let token = office.admin().erasure_preview(&record).await["confirmationToken"].take();
    let hold = office.hold(&memo, "Audit 2026").await.unwrap();
    let before = everything(&office).await;
    let input = json!({ "deletionId": record, "confirmationToken": token, "reason": "Request" });
    for person in [office.admin(), office.author()] {
        let refused = person.erase_with(input.clone()).await;
        assert_eq!(codes(&refused), ["ON_HOLD"], "{}", person.name);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "deletionId"]));
        assert!(!refused.to_string().contains("Audit"), "it says only that there is a hold");
        assert_eq!(refused["preview"]["verdict"], "DENIED");
    }
    let after = everything(&office).await;
    assert!(after.starts_with(&before[..100]) && after.contains("A secret name"));
    office.release(&hold).await;
    let erased = office.admin().erase_with(input).await;
    assert_eq!(codes(&erased), [""; 0], "the preview was from before the hold, and is as it was");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_erase_unless_owners_may() {
    for erase_by_owner in [false, true] {
        let office = Office::open_with(Options { erase_by_owner, ..Options::default() }).await;
        let (author, recipient) = (office.author(), office.recipient());
        let (_, by_author) = record_of_author(&office).await;
        let draft = office.memo().draft().create().await;
        let draft = author.delete(&draft.id).await["receipt"]["id"].clone();
        let reviewed = office.memo().in_stage(MemoStage::Reviewed).create().await;
        let by_recipient = recipient.delete_confirmed(&reviewed.id).await["receipt"]["id"].clone();
        let expected: Vec<&str> = if erase_by_owner { vec![] } else { vec!["NOT_ALLOWED"] };
        assert_eq!(codes(&recipient.erase(&by_author, "Mine").await), ["NOT_ALLOWED"]);
        for nobody in [office.subscriber(), office.stranger(), office.chief()] {
            let refused = nobody.erase(&by_author, "Curiosity").await;
            assert_eq!(codes(&refused), ["NOT_FOUND"], "{}", nobody.name);
        }
        let before = office.row_counts().await;
        let hidden = office.admin().erase(draft.as_str().unwrap(), "Request").await;
        assert_eq!(codes(&hidden), ["NOT_FOUND"], "a draft exists for its author alone");
        assert_eq!(codes(&author.erase(draft.as_str().unwrap(), "").await), expected);
        let changed = difference(&before, &office.row_counts().await);
        assert!(!changed.contains_key("refused_deletions"), "no log tells of a draft");
        assert!(!changed.contains_key("notifications"), "{changed:?}");
        for (person, record) in [(author, json!(by_author)), (recipient, by_recipient)] {
            let record = record.as_str().unwrap();
            let erased = person.erase(record, "").await;
            assert_eq!(codes(&erased), expected, "{}", person.name);
            if erase_by_owner {
                assert_eq!(erased["deletion"]["erasedBy"]["username"], json!(person.name));
            }
        }
        office.close().await;
    }
}

const NOTIFICATIONS: &str = "{ notifications(filter: { kinds: [MEMO_ERASED] }) { nodes { message \
    memo { id } actor { username } deletion { id erasureReason } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn those_who_could_have_restored_it_are_notified_and_nobody_else() {
    let office = Office::open_with(Options { erase_by_owner: true, ..Options::default() }).await;
    let notified = async |person: &Actor| {
        let list = person.data(NOTIFICATIONS, json!({})).await;
        list["notifications"]["nodes"].as_array().unwrap().clone()
    };
    let (_, record) = record_of_author(&office).await;
    office.admin().erase(&record, "Request").await;
    let told = notified(office.author()).await;
    let expected = json!([{
        "message": "The admin erased a deleted memo that you could have restored.",
        "memo": null, "actor": { "username": "admin" },
        "deletion": { "id": record, "erasureReason": "Request" },
    }]);
    assert_eq!(json!(told), expected);
    assert_eq!(notified(office.recipient()).await, [json!(null); 0], "it could not restore it");
    // The recipient deleted it: both could have restored it.
    let memo = office.memo().in_stage(MemoStage::Reviewed).create().await;
    let payload = office.recipient().delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    office.recipient().erase(record, "").await;
    assert_eq!(notified(office.author()).await.len(), 2);
    for person in [office.recipient(), office.admin(), office.subscriber(), office.chief()] {
        assert_eq!(notified(person).await.len(), 0, "{}", person.name);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_erasures_at_once_one_happens() {
    let office = Office::open().await;
    let (admin, other) = (office.admin(), office.hire("auditor", entity::UserRole::Admin).await);
    for _ in 0..5 {
        let (_, record) = record_of_author(&office).await;
        let before = office.row_counts().await;
        let input = async |person: &Actor| {
            let token = person.erasure_preview(&record).await["confirmationToken"].take();
            json!({ "deletionId": record, "confirmationToken": token, "reason": "Request" })
        };
        let (mine, theirs) = (input(admin).await, input(&other).await);
        let all = (0..8).map(|n| {
            let (person, input) = if n % 2 == 0 { (admin, &mine) } else { (&other, &theirs) };
            person.erase_with(input.clone())
        });
        let payloads = futures_util::future::join_all(all).await;
        let first = |payload: &&Value| codes(payload).is_empty() && payload["replayed"] == false;
        assert_eq!(payloads.iter().filter(first).count(), 1, "{payloads:#?}");
        let late = payloads.iter().filter(|payload| codes(payload) == ["ALREADY_ERASED"]).count();
        let again = payloads.iter().filter(|payload| payload["replayed"] == true).count();
        assert_eq!((late, again), (4, 3), "{payloads:#?}");
        let changes = difference(&before, &office.row_counts().await);
        assert_eq!((changes["notifications"], changes["deleted_memos"]), (1, -1));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_races_with_a_restore_or_a_hold_never_loses_a_memo_that_stays() {
    let office = Office::open().await;
    let (mut erased_first, mut restored_first, mut held_first) = (0, 0, 0);
    for round in 0..40 {
        let (memo, record) = record_of_author(&office).await;
        let token = office.admin().erasure_preview(&record).await["confirmationToken"].take();
        let input =
            json!({ "deletionId": record, "confirmationToken": token, "reason": "Request" });
        let erase = office.admin().erase_with(input);
        let restores = round % 4 < 2;
        let other = async {
            if restores {
                office.author().restore(&record).await["memo"].is_object()
            } else {
                office.hold(&memo, "Audit").await.is_ok()
            }
        };
        let (erased, other) = if round % 2 == 0 {
            tokio::join!(erase, other)
        } else {
            let (other, erased) = tokio::join!(other, erase);
            (erased, other)
        };
        match (codes(&erased).as_slice(), other, restores) {
            ([], false, _) => erased_first += 1,
            (["ALREADY_RESTORED"], true, true) => {
                assert_eq!(office.author().type_of(&memo.id).await, "Memo");
                restored_first += 1;
            }
            (["ON_HOLD"], true, false) => held_first += 1,
            wrong => panic!("round {round}: {wrong:?}"),
        }
    }
    assert!(erased_first > 0, "{erased_first} {restored_first} {held_first}");
    assert!(restored_first + held_first > 0, "{erased_first} {restored_first} {held_first}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_were_stored_within_the_last_hour_follow_with_the_purge() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let file = office.attach(&memo, "secret.txt", "secret bytes").await;
    let payload = office.author().delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    let erased = office.admin().erase(record, "Request").await;
    assert_eq!((codes(&erased), &erased["pending"]), (vec![], &json!(true)), "{erased:#}");
    assert!(has_bytes(&office, &file.blob_sha256).await, "somebody may be storing them again");
    office.clock.advance(TimeDelta::hours(2));
    assert_eq!(office.purger.deletions().await.unwrap(), Purged { records: 0, blobs: 1 });
    assert!(!has_bytes(&office, &file.blob_sha256).await);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_another_file_has_stay_and_are_not_counted() {
    let office = Office::open().await;
    let other = office.memo().create().await;
    let same = office.attach(&other, "the same.txt", "secret bytes").await;
    let memo = office.memo().create().await;
    office.attach(&memo, "secret.txt", "secret bytes").await;
    let payload = office.author().delete_confirmed(&memo.id).await;
    office.clock.advance(TimeDelta::hours(2));
    let record = payload["receipt"]["id"].as_str().unwrap();
    assert_eq!(office.admin().erasure_preview(record).await["bytesFreed"], 0);
    let erased = office.admin().erase(record, "Request").await;
    assert_eq!((codes(&erased), &erased["pending"]), (vec![], &json!(false)));
    assert!(has_bytes(&office, &same.blob_sha256).await);
    office.close().await;
}

/// Inserts that many comments.
async fn many_comments(office: &Office, memo: &TestMemo, number: usize) {
    let rows: Vec<comment::ActiveModel> = (0..number)
        .map(|n| {
            comment::Model {
                id: office.services.new_id(),
                memo_id: memo.uuid,
                author_id: office.subscriber().id,
                body: format!("Comment {n}"),
                created_at: office.services.now(),
                edited_at: None,
            }
            .into_active_model()
        })
        .collect();
    for chunk in rows.chunks(1_000) {
        let insert = comment::Entity::insert_many(chunk.to_vec());
        insert.exec_without_returning(office.services.database.connection()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_call_erases_11_000_comments_and_the_purge_the_rest() {
    let office = Office::open().await;
    for (comments, left) in [(3_000, 0), (11_400, 401)] {
        let memo = office.memo().named("A secret name").create().await;
        many_comments(&office, &memo, comments).await;
        let payload = office.author().delete_confirmed(&memo.id).await;
        let record = payload["receipt"]["id"].as_str().unwrap();
        let erased = office.admin().erase(record, "Request").await;
        assert_eq!(codes(&erased), [""; 0], "{erased:#}");
        assert_eq!(erased["pending"], json!(left > 0));
        let rows = office.row_counts().await;
        assert_eq!(rows["comments"], (left - 1).max(0), "{comments}");
        assert_eq!((rows["deleted_memos"], rows["memo_ids"]), (0, i64::from(left > 0)));
        // Nobody can read what is left, and the call can be repeated to go on.
        let query = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { memoName \
            removed(first: 100) { nodes { label node { id } } } } } }";
        let seen = office.author().data(query, json!({ "id": record })).await;
        assert!(!seen.to_string().contains("Comment"), "{seen:#}");
        let again = office.admin().erase_with(json!({ "deletionId": record })).await;
        assert_eq!((&again["replayed"], &again["pending"]), (&json!(true), &json!(false)));
        assert_eq!(office.row_counts().await["comments"], 0);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_costs_the_same_number_of_statements_whatever_the_memo_carries() {
    let office = Office::open().await;
    let mut costs = Vec::new();
    for comments in [5, 900] {
        let memo = office.memo().create().await;
        many_comments(&office, &memo, comments).await;
        let payload = office.author().delete_confirmed(&memo.id).await;
        let record = payload["receipt"]["id"].as_str().unwrap();
        let before = office.statements();
        let preview = office.admin().erasure_preview(record).await;
        let previewed = office.statements() - before;
        let input = json!({ "deletionId": record, "confirmationToken": preview["confirmationToken"],
            "reason": "Request" });
        let before = office.statements();
        assert_eq!(codes(&office.admin().erase_with(input).await), [""; 0]);
        costs.push((previewed, office.statements() - before));
    }
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[0].0, 3, "the person, the record, the memo with its belongings");
    office.close().await;
}

/// Erases in a task of its own, which ends at the first statement that begins with that text.
async fn crash_at(office: &Office, record: &str, step: &'static str, nth: u64) -> bool {
    let preview = office.admin().erasure_preview(record).await;
    let token = preview["confirmationToken"].as_str().map(str::to_owned);
    let seen = AtomicU64::new(0);
    office.observe(Some(Box::new(move |statement| {
        let here = statement.sql.starts_with(step) && seen.fetch_add(1, Ordering::SeqCst) == nth;
        assert!(!here, "the crash that this test plays");
    })));
    let erasure = Erasure {
        record_id: memoranda_tests::uuid_of(api::graphql::Kind::MemoDeletion, record),
        confirmation_token: token,
        reason: Some("Request".to_owned()),
    };
    let (backend, viewer) = (office.backend.clone(), office.viewer("admin"));
    let crashed = tokio::spawn(async move {
        let (services, store, settings) =
            (&backend.services, &backend.file_store, &backend.deletion);
        let outcome = erasure::erase(services, store, settings, viewer, &erasure).await;
        matches!(outcome, Ok(Outcome::Erased { .. }))
    })
    .await;
    office.observe(None);
    crashed.is_err_and(|error| error.is_panic())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_any_step_leaves_all_or_nothing_and_the_purge_mends_the_rest() {
    // The statement after which the process ends, and whether the erasure is done then.
    let steps = [
        ("SELECT \"memo_deletions\"", 0, false),
        ("DELETE FROM deleted_memos", 0, false),
        ("UPDATE mails", 0, false),
        ("UPDATE \"memo_deletions\"", 0, false),
        ("INSERT INTO \"notifications\"", 0, false),
        ("DELETE FROM comments", 0, false),
        ("DELETE FROM files", 0, false),
        ("DELETE FROM \"memo_ids\"", 0, false),
        ("DELETE FROM blobs", 0, false),
        ("INSERT INTO \"blob_removals\"", 0, false),
        ("DELETE FROM \"blob_removals\"", 0, true),
    ];
    for (step, nth, done) in steps {
        let office = Office::open().await;
        let (_, record) = full_record(&office).await;
        let sketch = sha256_of(&office, "sketch.txt").await;
        let before: RowCounts = office.row_counts().await;
        assert!(crash_at(&office, &record, step, nth).await, "{step}");
        let connection = office.services.database.connection();
        let row = memo_deletion::Entity::find().one(connection).await.unwrap().unwrap();
        assert_eq!(row.erased_by.is_some(), done, "{step}");
        if done {
            assert_eq!(office.row_counts().await["blob_removals"], 2, "{step}");
            office.purger.deletions().await.unwrap();
            let left = office.row_counts().await;
            assert_eq!((left["blob_removals"], left["memo_ids"]), (0, 1), "{step}");
        } else {
            assert_eq!(office.row_counts().await, before, "{step}");
            assert!(has_bytes(&office, &sketch).await, "{step}");
            let erased = office.admin().erase(&record, "Request").await;
            assert_eq!(codes(&erased), [""; 0], "{step}: {erased:#}");
        }
        assert!(!has_bytes(&office, &sketch).await, "{step}");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_two_portions_leaves_an_erased_record_and_the_purge_goes_on() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    many_comments(&office, &memo, 1_100).await;
    let payload = office.author().delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    assert!(crash_at(&office, record, "DELETE FROM comments", 1).await);
    let rows = office.row_counts().await;
    assert_eq!((rows["comments"], rows["deleted_memos"], rows["memo_ids"]), (100, 0, 1));
    assert_eq!(codes(&office.author().restore(record).await), ["ERASED"]);
    office.purger.deletions().await.unwrap();
    let rows = office.row_counts().await;
    assert_eq!((rows["comments"], rows["memo_ids"], rows["memo_deletions"]), (0, 0, 1));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_file_store_is_lost_everything_but_the_bytes_goes() {
    let office = Office::open().await;
    let (_, record) = full_record(&office).await;
    let sketch = sha256_of(&office, "sketch.txt").await;
    let marker = office.database().folder.join("files").join(service::blobs::MARKER);
    let aside = marker.with_extension("aside");
    std::fs::rename(&marker, &aside).unwrap();
    let erased = office.admin().erase(&record, "Request").await;
    assert_eq!((codes(&erased), &erased["pending"]), (vec![], &json!(true)), "{erased:#}");
    assert_eq!(office.row_counts().await["deleted_memos"], 0);
    assert!(has_bytes(&office, &sketch).await);
    std::fs::rename(&aside, &marker).unwrap();
    assert_eq!(office.purger.deletions().await.unwrap(), Purged { records: 0, blobs: 2 });
    assert!(!has_bytes(&office, &sketch).await);
    office.close().await;
}
