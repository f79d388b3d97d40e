//! Several memos deleted as one: all or nothing, whatever happens meanwhile.

use memoranda_tests::{Actor, Office, TestMemo, codes, difference, dump_rows, selection_input};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Three memos, two of which share a file.
async fn three(office: &Office) -> [TestMemo; 3] {
    let (full, _) = office.full_memo().await;
    let (one, two) = (office.memo().create().await, office.memo().create().await);
    let file = office.attach(&one, "shared.txt", "shared").await;
    office.attach_file(&two, file.id).await;
    [full, one, two]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_at_any_statement_leaves_all_memos_as_they_were() {
    let office = Office::open().await;
    let memos = three(&office).await;
    let ids = [&*memos[0].id, &*memos[1].id, &*memos[2].id];
    let recipient = office.recipient();
    let token = recipient.preview_selection(&ids).await["confirmationToken"].take();
    let input = selection_input(&ids, true, token);
    let delete = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) { results { \
        deletedMemoId } } }";
    let before = dump_rows(&office.services.database, &[]).await;
    let mut failures = 0;
    loop {
        let left = Arc::new(AtomicU64::new(failures));
        office.observe(Some(Box::new(move |_| {
            assert!(left.fetch_sub(1, Ordering::SeqCst) != 0, "the crash that this test plays");
        })));
        let answer = recipient.send(delete, json!({ "input": input })).await;
        office.observe(None);
        if answer["data"]["deleteMemos"]["results"][2]["deletedMemoId"] == ids[2] {
            break;
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer:#}");
        assert!(!answer.to_string().contains("this test plays"), "the fault leaked: {answer:#}");
        let after = dump_rows(&office.services.database, &[]).await;
        assert!(before == after, "after statement {failures}");
        failures += 1;
    }
    assert!(failures >= 8, "only {failures} statements failed");
    for id in ids {
        assert_eq!(recipient.type_of(id).await, "DeletedMemo");
    }
    office.close().await;
}

async fn delete(person: &Actor, ids: &[&str]) -> Value {
    person.delete_selection_with(selection_input(ids, true, json!(null))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn selections_that_overlap_are_deleted_one_after_the_other() {
    const ROUNDS: usize = 15;
    let office = Office::open().await;
    let author = office.author();
    for round in 0..ROUNDS {
        let mut memos = Vec::new();
        for _ in 0..4 {
            memos.push(office.memo().create().await.id);
        }
        let forth: Vec<&str> = memos.iter().map(String::as_str).collect();
        let back: Vec<&str> = forth.iter().rev().copied().collect();
        let before = office.row_counts().await;
        let (one, other) = tokio::join!(delete(author, &forth), delete(author, &back));
        for payload in [&one, &other] {
            assert_eq!(codes(payload), [""; 0], "round {round}: {payload:#}");
        }
        let is_first = |payload: &Value| payload["results"][0]["replayed"] == false;
        assert!(is_first(&one) != is_first(&other), "round {round}: {one:#} {other:#}");
        let changes = difference(&before, &office.row_counts().await);
        assert_eq!((changes["memo_deletions"], changes["memo_events"]), (4, 4));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn selections_that_share_files_wait_for_each_other() {
    const ROUNDS: usize = 15;
    let office = Office::open().await;
    let author = office.author();
    for round in 0..ROUNDS {
        let mut memos = Vec::new();
        for _ in 0..4 {
            memos.push(office.memo().create().await);
        }
        // The first and the last memo share a file, and so do the others.
        for (n, [one, two]) in [[0, 3], [2, 1]].into_iter().enumerate() {
            let content = format!("round {round}, file {n}");
            let file = office.attach(&memos[one], "shared.txt", &content).await;
            office.attach_file(&memos[two], file.id).await;
        }
        let (left, right) = ([&*memos[0].id, &*memos[2].id], [&*memos[1].id, &*memos[3].id]);
        let (one, other) = tokio::join!(delete(author, &left), delete(author, &right));
        // The second one also takes the files, which needs a confirmation.
        let mut refused = 0;
        for (ids, payload) in [(left, one), (right, other)] {
            if !codes(&payload).is_empty() {
                assert_eq!(codes(&payload), ["CONFIRMATION_REQUIRED"], "{payload:#}");
                let payload = author.delete_selection(&ids, true).await;
                let removed = payload["results"][0]["receipt"]["removed"].to_string();
                assert!(removed.contains("shared.txt"), "round {round}: {payload:#}");
                refused += 1;
            }
        }
        assert_eq!(refused, 1, "round {round}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_and_the_deletion_of_a_selection_never_both_succeed() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let mut reviewed = 0;
    for round in 0..ROUNDS {
        let (one, two) = (office.memo().create().await, office.memo().create().await);
        let ids = [&*one.id, &*two.id];
        let (deletion, review) = if round % 2 == 0 {
            tokio::join!(delete(office.author(), &ids), office.recipient().review(&two.id))
        } else {
            let (review, deletion) =
                tokio::join!(office.recipient().review(&two.id), delete(office.author(), &ids));
            (deletion, review)
        };
        let was_reviewed = codes(&review).is_empty();
        let (refusal, remains) = if was_reviewed {
            (vec!["RECIPIENT_HAS_ACTED"], "Memo")
        } else {
            (Vec::new(), "DeletedMemo")
        };
        assert_eq!(codes(&deletion), refusal, "round {round}: {deletion:#} {review:#}");
        for id in ids {
            assert_eq!(office.author().type_of(id).await, remains, "round {round}");
        }
        reviewed += usize::from(was_reviewed);
    }
    assert!(reviewed > 0, "no review ever came first");
    office.close().await;
}
