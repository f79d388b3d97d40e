//! One test for each rule of the design, with the rule's name. It also asserts what did not change.
//! Rule 10 and the crowd of rule 12 are in `races`, rule 13 is in `confirmation`, and the keys of
//! rule 9 are in `migrations`.

use api::graphql::Kind;
use chrono::TimeDelta;
use entity::{MemoStage, memo};
use memoranda_tests::{Office, TestMemo, codes, difference, moment, uuid_of};
use sea_orm::{EntityTrait, ModelTrait};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_only_author_and_recipient_delete() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let before = office.row_counts().await;
    for person in [office.subscriber(), office.chief()] {
        let payload = person.delete(&memo.id).await;
        assert_eq!(codes(&payload), ["NOT_A_PARTICIPANT"], "{}", person.name);
        assert_eq!(payload["deletedMemoId"], json!(null));
    }
    for person in [office.admin(), office.stranger()] {
        assert_eq!(codes(&person.delete(&memo.id).await), ["NOT_FOUND"], "{}", person.name);
    }
    let after = office.row_counts().await;
    assert_eq!(difference(&before, &after), [("refused_deletions".to_owned(), 2)].into());

    assert_eq!(office.author().delete(&memo.id).await["deletedMemoId"], json!(memo.id));
    let second = office.memo().create().await;
    assert_eq!(
        office.recipient().delete_confirmed(&second.id).await["deletedMemoId"],
        json!(second.id)
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_2_the_recipients_act_ends_the_authors_right_and_the_refusal_says_which_and_when() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let postponed_at = office.services.now();
    let postpone = "mutation ($id: ID!) { postponeMemo(input: { memoId: $id, until: \"2026-04-01\" \
        }) { memo { stage } userErrors { code } } }";
    let postponed = office.recipient().data(postpone, json!({ "id": memo.id })).await;
    assert_eq!(postponed["postponeMemo"]["memo"]["stage"], "POSTPONED");
    office.clock.advance(TimeDelta::hours(5));
    assert_eq!(office.recipient().review(&memo.id).await["memo"]["stage"], "REVIEWED");

    let payload = office.author().delete(&memo.id).await;
    assert_eq!(codes(&payload), ["RECIPIENT_HAS_ACTED"]);
    let message = payload["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("postponed this memo on 2 March 2026 at 09:00 UTC"), "{message}");
    let preview = office.author().preview(&memo.id).await;
    assert_eq!(preview["verdict"], "DENIED");
    assert_eq!(preview["confirmationToken"], json!(null));
    // The event that ended the right is the first act, not the latest.
    assert_eq!(preview["blockers"][0]["stage"], "POSTPONED");
    assert_eq!(preview["blockers"][0]["since"], json!(moment(postponed_at)));
    assert_eq!(office.recipient().type_of(&memo.id).await, "Memo");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_deletion_by_the_recipient_needs_a_confirmed_preview_and_the_author_is_told() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let payload = office.recipient().delete(&memo.id).await;
    assert_eq!(codes(&payload), ["CONFIRMATION_REQUIRED"]);
    assert_eq!(payload["preview"]["verdict"], "DISCOURAGED");
    assert_eq!(payload["preview"]["warnings"][0]["code"], "RECIPIENT_DELETION");
    assert_eq!(
        difference(&before, &office.row_counts().await),
        [("refused_deletions".to_owned(), 1)].into()
    );

    let token = &payload["preview"]["confirmationToken"];
    let payload = office
        .recipient()
        .delete_with(json!({ "memoId": memo.id, "confirmationToken": token }))
        .await;
    assert_eq!(payload["receipt"]["deletedInRoles"], json!(["RECIPIENT"]));
    let query =
        "{ notifications { nodes { kind memoId actor { username } deletion { id memoName } } } }";
    let news = office.author().data(query, json!({})).await;
    let expected = json!([{
        "kind": "MEMO_DELETED_BY_RECIPIENT", "memoId": memo.id,
            "actor": { "username": "recipient" },
        "deletion": { "id": payload["receipt"]["id"], "memoName": "Order new chairs" },
    }]);
    assert_eq!(news["notifications"]["nodes"], expected);
    assert_eq!(
        office.recipient().data(query, json!({})).await["notifications"]["nodes"],
        json!([])
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_a_draft_exists_for_its_author_alone() {
    let office = Office::open().await;
    let memo = office.memo().draft().with_subscriber(office.subscriber().id).create().await;
    let before = office.row_counts().await;
    for person in ["recipient", "subscriber", "stranger", "chief", "admin"] {
        let person = office.person(person);
        assert_eq!(person.preview(&memo.id).await, json!(null), "{}", person.name);
        assert_eq!(codes(&person.delete(&memo.id).await), ["NOT_FOUND"], "{}", person.name);
        assert_eq!(person.type_of(&memo.id).await, json!(null), "{}", person.name);
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let payload = office.author().delete(&memo.id).await;
    assert_eq!(payload["receipt"]["draft"], true, "{payload:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_who_is_author_and_recipient_has_the_recipients_right_without_discouragement() {
    let office = Office::open().await;
    let author = office.author();
    let memo = office.memo().to(author.id).in_stage(MemoStage::Reviewed).create().await;
    let preview = author.preview(&memo.id).await;
    assert_eq!(
        (&preview["verdict"], &preview["viewerRoles"]),
        (&json!("ALLOWED"), &json!(["AUTHOR", "RECIPIENT"]))
    );
    let payload = author.delete(&memo.id).await;
    assert_eq!(payload["receipt"]["deletedInRoles"], json!(["AUTHOR", "RECIPIENT"]));
    assert_eq!(office.row_counts().await["notifications"], 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_6_a_memo_on_hold_is_deleted_by_nobody_and_the_refusal_says_no_more() {
    let office = Office::open().await;
    let memo = office.memo().on_hold().create().await;
    for person in [office.author(), office.recipient()] {
        let payload = person.delete_confirmed(&memo.id).await;
        assert_eq!(codes(&payload), ["ON_HOLD"], "{}", person.name);
        assert!(
            !payload.to_string().contains("Litigation"),
            "the hold's reason leaked: {payload:#}"
        );
    }
    // The database itself forbids it, even if the program is wrong.
    let row = memo::Entity::find_by_id(memo.uuid)
        .one(office.services.database.connection())
        .await
        .unwrap()
        .unwrap();
    assert!(row.delete(office.services.database.connection()).await.is_err());
    assert_eq!(office.author().type_of(&memo.id).await, "Memo");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_what_a_person_may_not_see_does_not_exist() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let unknown = Kind::Memo.id(office.services.new_id()).0;
    let stranger = office.stranger();
    let mut answers: Vec<Value> = Vec::new();
    for id in [memo.id.as_str(), unknown.as_str(), "memo_malformed"] {
        assert_eq!(stranger.preview(id).await, json!(null));
        assert_eq!(stranger.type_of(id).await, json!(null));
        answers.push(stranger.delete(id).await);
    }
    assert_eq!(codes(&answers[0]), ["NOT_FOUND"]);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_8_what_has_no_life_without_the_memo_goes() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let payload = office.recipient().delete_confirmed(&memo.id).await;
    let counts: Vec<(&str, i64)> = payload["receipt"]["removed"]["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| (count["kind"].as_str().unwrap(), count["count"].as_i64().unwrap()))
        .collect();
    assert_eq!(
        counts,
        [
            ("MEMO", 1),
            ("SUBSCRIBER_LINK", 2),
            ("TAG_LINK", 2),
            ("TASK_LINK", 1),
            ("PROJECT_LINK", 1),
            ("DEAL_LINK", 1),
            ("RESOLUTION_LINK", 1),
            ("COMMENT", 3),
            ("REMINDER", 3),
            ("UNREAD_MARK", 2),
            ("ATTACHMENT", 5),
            ("FILE", 2),
        ]
    );
    let removed = &payload["receipt"]["removed"]["nodes"];
    for node in removed
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["kind"] == "FILE" || item["kind"] == "COMMENT")
    {
        assert_eq!(node["node"], json!(null), "{node:#} still exists");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_people_work_and_shared_records_stay_and_so_do_files_that_are_used_elsewhere() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let recipient = office.recipient();
    let payload = recipient.delete_confirmed(&memo.id).await;
    let kept = payload["receipt"]["kept"]["nodes"].as_array().unwrap();
    let of_kind = |kind: &str| kept.iter().filter(|item| item["kind"] == kind).count();
    let counts = ["USER", "TASK", "PROJECT", "DEAL", "TAG", "RESOLUTION", "FILE"].map(of_kind);
    assert_eq!(counts, [4, 1, 1, 1, 2, 1, 3]);
    let reasons: Vec<(&str, &str)> = kept
        .iter()
        .filter(|item| item["kind"] == "FILE")
        .map(|item| (item["label"].as_str().unwrap(), item["reason"].as_str().unwrap()))
        .collect();
    for expected in [
        ("plan.txt", "TRANSFERRED_TO_TASK"),
        ("budget.txt", "TRANSFERRED_TO_PROJECT"),
        ("prices.txt", "ATTACHED_TO_ANOTHER_MEMO"),
    ] {
        assert!(reasons.contains(&expected), "{reasons:?}");
    }
    for item in kept {
        assert!(item["node"]["id"].is_string(), "{item:#} is gone");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_11_all_or_nothing_after_a_failure_at_any_statement() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let recipient = office.recipient();
    let preview = recipient.preview(&memo.id).await;
    let input = json!({ "memoId": memo.id, "confirmationToken": preview["confirmationToken"] });
    let delete =
        "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) { deletedMemoId } }";
    let before = office.row_counts().await;

    let mut failures = 0;
    loop {
        let left = Arc::new(AtomicU64::new(failures));
        office.observe(Some(Box::new(move |_| {
            assert!(left.fetch_sub(1, Ordering::SeqCst) != 0, "the crash that this test plays");
        })));
        let answer = recipient.send(delete, json!({ "input": input })).await;
        office.observe(None);
        if answer["data"]["deleteMemo"]["deletedMemoId"] == json!(memo.id) {
            break;
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer:#}");
        assert!(!answer.to_string().contains("this test plays"), "the fault leaked: {answer:#}");
        let changes = difference(&before, &office.row_counts().await);
        if changes.contains_key("memos") {
            // PostgreSQL's single statement commits itself: the fault hit the next one.
            assert!(memoranda_tests::is_postgres(), "after statement {failures}: {changes:?}");
            let whole =
                ["deleted_memos", "memo_deletions", "memo_events", "memos", "notifications"];
            assert_eq!(changes.into_keys().collect::<Vec<_>>(), whole);
            let again = recipient.delete_with(input.clone()).await;
            assert_eq!(
                (&again["deletedMemoId"], &again["replayed"]),
                (&json!(memo.id), &json!(true))
            );
            failures += 1;
            break;
        }
        assert_eq!(changes, [].into(), "after statement {failures}");
        for file in
            entity::file::Entity::find().all(office.services.database.connection()).await.unwrap()
        {
            let blob = entity::blob::Entity::find_by_id(&file.blob_sha256);
            let blob = blob.one(office.services.database.connection()).await.unwrap().unwrap();
            office.backend.file_store.get(&blob.location).await.expect("the bytes are there");
        }
        failures += 1;
    }
    // Reading and writing: with fewer statements, nothing would have been tested.
    let least = if memoranda_tests::is_postgres() { 2 } else { 7 };
    assert!(failures >= least, "only {failures} statements failed");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_deleting_again_answers_the_same_receipt() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let first = office.recipient().delete_confirmed(&memo.id).await;
    let before = office.row_counts().await;
    let second = office.recipient().delete(&memo.id).await;
    assert_eq!((&first["replayed"], &second["replayed"]), (&json!(false), &json!(true)));
    assert_eq!(first["receipt"], second["receipt"]);
    assert_eq!(second["deletedMemoId"], json!(memo.id));
    assert_eq!(
        codes(&office.author().delete(&memo.id).await),
        ["NOT_FOUND"],
        "it is the recipient's deletion"
    );
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_14_every_deletion_and_every_refusal_leaves_a_record() {
    let office = Office::open().await;
    let memo: TestMemo = office.memo().in_stage(MemoStage::Reviewed).on_hold().create().await;
    office.author().delete(&memo.id).await;
    office.chief().delete(&memo.id).await;
    let refusals =
        "{ refusedMemoDeletions { nodes { memoId user { username } codes refusedAt } } }";
    let log = office.admin().data(refusals, json!({})).await;
    let expected = json!([
        { "memoId": memo.id, "user": { "username": "chief" }, "codes": ["NOT_A_PARTICIPANT",
            "ON_HOLD"],
          "refusedAt": moment(office.services.now()) },
        { "memoId": memo.id, "user": { "username": "author" }, "codes": ["RECIPIENT_HAS_ACTED",
            "ON_HOLD"],
          "refusedAt": moment(office.services.now()) },
    ]);
    let mut nodes = log["refusedMemoDeletions"]["nodes"].as_array().unwrap().clone();
    nodes.sort_by_key(|node| node["user"]["username"] == "author");
    assert_eq!(json!(nodes), expected);

    let second = office.memo().create().await;
    let payload = office
        .author()
        .delete_with(json!({ "memoId": second.id, "reason": "Sent to the wrong person." }))
        .await;
    let records = "{ memoDeletions { nodes { id memoId memoName reason deletedBy { username } \
        deletedInRoles } } }";
    let seen_by_author = office.author().data(records, json!({})).await;
    let expected = json!([{
        "id": payload["receipt"]["id"], "memoId": second.id, "memoName": "Order new chairs",
        "reason": "Sent to the wrong person.", "deletedBy": { "username": "author" },
            "deletedInRoles": ["AUTHOR"],
    }]);
    assert_eq!(seen_by_author["memoDeletions"]["nodes"], expected);
    assert_eq!(
        office.recipient().data(records, json!({})).await,
        seen_by_author,
        "it was sent to the recipient"
    );
    let seen_by_admin = office.admin().data(records, json!({})).await;
    assert_eq!(
        seen_by_admin["memoDeletions"]["nodes"][0]["memoName"],
        json!(null),
        "the log is no way to read memos"
    );
    assert_eq!(seen_by_admin["memoDeletions"]["nodes"][0]["memoId"], json!(second.id));
    assert_eq!(
        office.stranger().data(records, json!({})).await["memoDeletions"]["nodes"],
        json!([])
    );
    assert_eq!(uuid_of(Kind::Memo, &second.id), second.uuid);
    assert_eq!(office.author().type_of(&second.id).await, "DeletedMemo");
    assert_eq!(office.stranger().type_of(&second.id).await, json!(null));
    office.close().await;
}
