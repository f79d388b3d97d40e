//! Clients that show no preview delete a memo by its version. Every refusal carries the preview.

use entity::MemoStage;
use memoranda_tests::{Actor, Office, TestMemo, codes, difference, execute, is_postgres};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::runtime::Handle;

/// Everything that a preview says, for comparing two of them.
const PREVIEW: &str = "memo { id name version stage } viewerRoles verdict bytesFreed
    confirmationToken blockers { code message since stage } warnings { code message count }
    alternatives { code } removed { totalCount counts { kind count } nodes { kind label } }
    kept { totalCount counts { kind count } nodes { kind label reason } }";

/// Deletes with that input. Returns the payload.
async fn delete(person: &Actor, input: Value) -> Value {
    let document = format!(
        "mutation ($input: DeleteMemoInput!) {{ deleteMemo(input: $input) {{
            deletedMemoId receipt {{ id }} replayed userErrors {{ code field message }}
            preview {{ {PREVIEW} }} }} }}"
    );
    person.data(&document, json!({ "input": input })).await["deleteMemo"].take()
}

/// Deletes by that version. Returns the payload.
async fn delete_version(person: &Actor, memo: &TestMemo, version: i64) -> Value {
    delete(person, json!({ "memoId": memo.id, "expectedVersion": version })).await
}

/// The preview as the query shows it; null if the memo does not exist for the person.
async fn preview(person: &Actor, memo: &TestMemo) -> Value {
    let document =
        format!("query ($id: ID!) {{ memoDeletionPreview(memoId: $id) {{ {PREVIEW} }} }}");
    person.data(&document, json!({ "id": memo.id })).await["memoDeletionPreview"].take()
}

/// Gives the memo another name, and so another version.
async fn rename(person: &Actor, memo: &TestMemo, name: &str) -> Value {
    let document = "mutation ($input: UpdateMemoInput!) { updateMemo(input: $input) { \
        memo { version } userErrors { code } } }";
    let input = json!({ "memoId": memo.id, "name": name, "expectedVersion": 1 });
    person.data(document, json!({ "input": input })).await["updateMemo"].take()
}

/// The refused attempts in the administrators' log.
async fn refusals(office: &Office) -> Value {
    let document = "{ refusedMemoDeletions { nodes { memoId codes user { username } } } }";
    office.admin().data(document, json!({})).await["refusedMemoDeletions"]["nodes"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_without_warnings_is_deleted_by_its_version_once() {
    let office = Office::open().await;
    let author = office.author();
    let memo = office.memo().create().await;
    let first = delete_version(author, &memo, 1).await;
    assert_eq!((codes(&first), &first["deletedMemoId"]), (vec![], &json!(memo.id)));
    assert_eq!((&first["replayed"], &first["preview"]), (&json!(false), &Value::Null));
    let deleted = office.row_counts().await;
    // Who repeats a deletion may have lost its answer, or have seen nothing but the old version.
    for version in [1, 7] {
        let again = delete_version(author, &memo, version).await;
        assert_eq!((codes(&again), &again["replayed"]), (vec![], &json!(true)));
        assert_eq!(again["receipt"], first["receipt"]);
    }
    assert_eq!(office.row_counts().await, deleted);

    let restored = author.restore(first["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(codes(&restored), [""; 0]);
    let second = delete_version(author, &memo, 1).await;
    assert_eq!((codes(&second), &second["replayed"]), (vec![], &json!(false)));
    assert_ne!(second["receipt"], first["receipt"]);

    let draft = office.memo().draft().create().await;
    assert_eq!(delete_version(author, &draft, 1).await["deletedMemoId"], json!(draft.id));
    assert_eq!(refusals(&office).await, json!([]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_confirms_no_warning() {
    let office = Office::open().await;
    let with_file = office.memo().create().await;
    office.attach(&with_file, "plan.txt", "The plan").await;
    let discussed = office.memo().create().await;
    office.comment(&discussed, office.recipient().id, "Please keep this.").await;
    let cases = [
        (office.recipient(), office.memo().create().await, "RECIPIENT_DELETION"),
        (office.author(), with_file, "UNTRANSFERRED_FILES"),
        (office.author(), discussed, "HAS_DISCUSSION"),
    ];
    for (person, memo, warning) in cases {
        let before = office.row_counts().await;
        let refused = delete_version(person, &memo, 1).await;
        assert_eq!(codes(&refused), ["CONFIRMATION_REQUIRED"], "{warning}");
        let error = &refused["userErrors"][0];
        assert_eq!(error["field"], json!(["input", "confirmationToken"]));
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("instead of expectedVersion"), "{message}");
        assert_eq!(refused["preview"]["verdict"], "DISCOURAGED");
        assert_eq!(refused["preview"]["warnings"][0]["code"], warning);
        assert_eq!(refused["preview"], preview(person, &memo).await);
        let changes = difference(&before, &office.row_counts().await);
        assert_eq!(changes, [("refused_deletions".to_owned(), 1)].into(), "{warning}");

        let token = &refused["preview"]["confirmationToken"];
        let input = json!({ "memoId": memo.id, "confirmationToken": token });
        assert_eq!(delete(person, input).await["deletedMemoId"], json!(memo.id), "{warning}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_is_refused_and_the_preview_shows_the_memo_as_it_is_now() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let memo = office.memo().create().await;
    assert_eq!(rename(author, &memo, "Order new tables").await["memo"]["version"], 2);
    for (person, verdict) in [(author, "ALLOWED"), (recipient, "DISCOURAGED")] {
        for version in [1, 3, 0, -1, i64::from(i32::MAX)] {
            let before = office.row_counts().await;
            let stale = delete_version(person, &memo, version).await;
            assert_eq!(codes(&stale), ["VERSION_CONFLICT"], "{version}");
            let error = &stale["userErrors"][0];
            assert_eq!(error["field"], json!(["input", "expectedVersion"]));
            let message = error["message"].as_str().unwrap();
            assert!(message.contains("it is version 2 now, so nothing was deleted"), "{message}");
            let shown = &stale["preview"];
            assert_eq!(*shown, preview(person, &memo).await);
            assert_eq!(shown["verdict"], verdict);
            assert_eq!(
                (&shown["memo"]["version"], &shown["memo"]["name"]),
                (&json!(2), &json!("Order new tables"))
            );
            let changes = difference(&before, &office.row_counts().await);
            assert_eq!(changes, [("refused_deletions".to_owned(), 1)].into(), "{version}");
        }
    }
    let logged = refusals(&office).await;
    for username in ["author", "recipient"] {
        let entry = json!({ "memoId": memo.id, "codes": ["VERSION_CONFLICT"],
            "user": { "username": username } });
        assert_eq!(logged.as_array().unwrap().iter().filter(|one| **one == entry).count(), 5);
    }
    assert_eq!(delete_version(author, &memo, 2).await["deletedMemoId"], json!(memo.id));

    // A draft exists for its author alone, so the administrators' log has nothing of it.
    let draft = office.memo().draft().create().await;
    let before = office.row_counts().await;
    assert_eq!(codes(&delete_version(author, &draft, 2).await), ["VERSION_CONFLICT"]);
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_and_a_version_are_too_much() {
    let office = Office::open().await;
    let author = office.author();
    let memo = office.memo().create().await;
    let token = preview(author, &memo).await["confirmationToken"].take();
    let before = office.row_counts().await;
    for (token, version) in [(&token, 1), (&token, 2), (&json!("stale"), 1), (&json!(""), 1)] {
        let input =
            json!({ "memoId": memo.id, "confirmationToken": token, "expectedVersion": version });
        let refused = delete(author, input.clone()).await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "code": "INVALID_INPUT", "field": ["input", "expectedVersion"],
                "message": "Give either confirmationToken or expectedVersion: only one of them \
                    can decide." }])
        );
        assert_eq!(refused["preview"], preview(author, &memo).await);
        let unseen = delete(office.stranger(), input).await;
        assert_eq!((codes(&unseen), &unseen["preview"]), (vec!["INVALID_INPUT"], &Value::Null));
    }
    assert_eq!(office.row_counts().await, before, "invalid input is no attempt");
    let other = office.memo().create().await;
    for (memo, input) in [
        (&memo, json!({ "confirmationToken": token, "expectedVersion": null })),
        (&other, json!({ "confirmationToken": null, "expectedVersion": 1 })),
    ] {
        let mut input = input;
        input["memoId"] = json!(memo.id);
        assert_eq!(delete(author, input).await["deletedMemoId"], json!(memo.id));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_carries_the_preview_of_whoever_sees_the_memo() {
    let office = Office::open().await;
    let subscriber = office.subscriber().id;
    let memos = [
        ("pending", office.memo().with_subscriber(subscriber).create().await),
        ("reviewed", office.memo().in_stage(MemoStage::Reviewed).create().await),
        ("on hold", office.memo().on_hold().with_subscriber(subscriber).create().await),
        ("draft", office.memo().draft().create().await),
    ];
    let requests = [
        json!({}),
        json!({ "expectedVersion": 1 }),
        json!({ "expectedVersion": 2 }),
        json!({ "confirmationToken": "stale" }),
        json!({ "confirmationToken": "stale", "expectedVersion": 1 }),
        json!({ "expectedVersion": 1, "reason": "x".repeat(2_001) }),
    ];
    let mut seen = Vec::new();
    for person in ["author", "recipient", "subscriber", "chief", "stranger", "admin"] {
        for (kind, memo) in &memos {
            for request in &requests {
                let mut input = request.clone();
                input["memoId"] = json!(memo.id);
                let payload = delete(office.person(person), input).await;
                let what = format!("{person}, {kind}, {request}");
                if payload["deletedMemoId"].is_string() {
                    let restored = payload["receipt"]["id"].as_str().unwrap();
                    assert_eq!(codes(&office.person(person).restore(restored).await), [""; 0]);
                    continue;
                }
                let expected = preview(office.person(person), memo).await;
                assert_eq!(payload["preview"], expected, "{what}");
                assert!(!payload["userErrors"].as_array().unwrap().is_empty(), "{what}");
                if expected["verdict"] == "DENIED" && codes(&payload) != ["INVALID_INPUT"] {
                    let blockers = expected["blockers"].as_array().unwrap().iter();
                    let blockers: Vec<_> =
                        blockers.map(|blocker| blocker["code"].as_str().unwrap()).collect();
                    assert_eq!(codes(&payload), blockers, "{what}: a denial comes first");
                }
                seen.extend(codes(&payload).into_iter().map(str::to_owned));
            }
        }
    }
    seen.sort();
    seen.dedup();
    let all = [
        "CONFIRMATION_REQUIRED",
        "CONFIRMATION_STALE",
        "INVALID_INPUT",
        "NOT_A_PARTICIPANT",
        "NOT_FOUND",
        "ON_HOLD",
        "RECIPIENT_HAS_ACTED",
        "VERSION_CONFLICT",
    ];
    assert_eq!(seen, all);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_memos_are_deleted_each_by_its_version() {
    let office = Office::open().await;
    let author = office.author();
    let (one, changed, two) =
        (office.memo().create().await, office.memo().create().await, office.memo().create().await);
    rename(author, &changed, "Order new tables").await;
    let document = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) { results { \
        deletedMemoId userErrors { code field } preview { memo { version } } } userErrors { code } \
        } }";
    let memos = json!([
        { "memoId": one.id, "expectedVersion": 1 },
        { "memoId": changed.id, "expectedVersion": 1 },
        { "memoId": two.id, "expectedVersion": 1, "confirmationToken": "token" },
        { "memoId": two.id, "expectedVersion": 1 },
    ]);
    let answer = author.data(document, json!({ "input": { "memos": memos } })).await;
    let refused = |code: &str, version: i64| {
        json!({ "deletedMemoId": null, "preview": { "memo": { "version": version } },
            "userErrors": [{ "code": code, "field": ["input", "expectedVersion"] }] })
    };
    let deleted =
        |memo: &TestMemo| json!({ "deletedMemoId": memo.id, "preview": null, "userErrors": [] });
    assert_eq!(
        answer["deleteMemos"],
        json!({ "userErrors": [], "results": [deleted(&one), refused("VERSION_CONFLICT", 2),
            refused("INVALID_INPUT", 1), deleted(&two)] })
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_and_a_deletion_of_the_same_version_never_both_succeed() {
    const ROUNDS: usize = 100;
    let office = Office::open().await;
    let author = office.author();
    let (mut deleted_first, mut updated_first) = (0, 0);
    for round in 0..ROUNDS {
        let memo = office.memo().create().await;
        let (deletion, update) = if round % 2 == 0 {
            tokio::join!(delete_version(author, &memo, 1), rename(author, &memo, "Changed"))
        } else {
            let (update, deletion) =
                tokio::join!(rename(author, &memo, "Changed"), delete_version(author, &memo, 1));
            (deletion, update)
        };
        if deletion["deletedMemoId"] == json!(memo.id) {
            assert_eq!(codes(&update), ["NOT_FOUND"], "round {round}");
            assert_eq!(author.type_of(&memo.id).await, "DeletedMemo");
            deleted_first += 1;
        } else {
            assert_eq!(codes(&deletion), ["VERSION_CONFLICT"], "round {round}: {deletion:#}");
            assert_eq!(update["memo"]["version"], 2, "round {round}");
            let shown = &deletion["preview"]["memo"];
            assert_eq!((&shown["version"], &shown["name"]), (&json!(2), &json!("Changed")));
            updated_first += 1;
        }
    }
    assert!(
        deleted_first > 0 && updated_first > 0,
        "{deleted_first} deleted first, {updated_first} updated first"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_between_the_decision_and_the_deletion_is_noticed() {
    if !is_postgres() {
        // A deletion on SQLite reads and writes under one lock, so nothing comes in between.
        return;
    }
    let office = Office::open().await;
    let author = office.author();
    // After this, the server remembers who signs in, and the reading is the first statement.
    preview(author, &office.memo().create().await).await;
    let elsewhere = Arc::new(office.database().connect().await);
    for (change, expected) in [
        ("name = 'Changed', version = version + 1", "VERSION_CONFLICT"),
        (
            "stage = 'REVIEWED', acted_at = created_at, acted_stage = 'REVIEWED'",
            "RECIPIENT_HAS_ACTED",
        ),
    ] {
        let memo = office.memo().create().await;
        let update = format!("UPDATE memos SET {change} WHERE id = '{}'", memo.uuid);
        let (elsewhere, is_read) = (elsewhere.clone(), AtomicBool::new(false));
        office.observe(Some(Box::new(move |_| {
            if !is_read.swap(true, Ordering::SeqCst) {
                tokio::task::block_in_place(|| {
                    Handle::current().block_on(execute(&elsewhere, &update));
                });
            }
        })));
        let payload = delete_version(author, &memo, 1).await;
        office.observe(None);
        assert_eq!(codes(&payload), [expected], "{change}");
        assert_eq!(payload["preview"], preview(author, &memo).await, "{change}");
        assert_eq!(author.type_of(&memo.id).await, "Memo");
    }
    office.close().await;
}
