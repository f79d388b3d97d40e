//! Concurrent operations end as if one had come after the other.

use entity::MemoStage;
use memoranda_tests::{Office, codes, difference};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn rule_10_a_review_and_a_deletion_that_race_never_both_succeed() {
    const ROUNDS: usize = 200;
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let (mut deleted_first, mut reviewed_first) = (0, 0);
    for round in 0..ROUNDS {
        let memo = office.memo().create().await;
        // Both are sent before either is answered. The first one alternates, so that neither always
        // has the advantage.
        let (deletion, review) = if round % 2 == 0 {
            tokio::join!(author.delete(&memo.id), recipient.review(&memo.id))
        } else {
            let (review, deletion) =
                tokio::join!(recipient.review(&memo.id), author.delete(&memo.id));
            (deletion, review)
        };
        match (deletion["deletedMemoId"] == json!(memo.id), review["memo"]["stage"] == "REVIEWED") {
            (true, false) => {
                assert_eq!(codes(&review), ["NOT_FOUND"], "round {round}");
                assert_eq!(author.type_of(&memo.id).await, "DeletedMemo");
                assert_eq!(deletion["receipt"]["stage"], "PENDING");
                deleted_first += 1;
            }
            (false, true) => {
                assert_eq!(codes(&deletion), ["RECIPIENT_HAS_ACTED"], "round {round}");
                assert_eq!(author.type_of(&memo.id).await, "Memo");
                reviewed_first += 1;
            }
            other => panic!("round {round}: {other:?}: {deletion:#} {review:#}"),
        }
    }
    assert!(
        deleted_first > 0 && reviewed_first > 0,
        "{deleted_first} deleted first, {reviewed_first} reviewed first"
    );
    assert_eq!(deleted_first + reviewed_first, ROUNDS);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_12_the_same_deletion_ten_times_at_once_is_one_record_and_ten_equal_receipts() {
    let office = Office::open().await;
    let recipient = office.recipient();
    for _ in 0..10 {
        let memo = office.memo().in_stage(MemoStage::Reviewed).create().await;
        office.comment(&memo, office.author().id, "Please keep this.").await;
        let preview = recipient.preview(&memo.id).await;
        let before = office.row_counts().await;
        let input = json!({ "memoId": memo.id, "confirmationToken": preview["confirmationToken"] });
        let payloads =
            futures_util::future::join_all((0..10).map(|_| recipient.delete_with(input.clone())))
                .await;
        assert_eq!(payloads.iter().filter(|payload| payload["replayed"] == false).count(), 1);
        for payload in &payloads {
            assert_eq!(payload["receipt"], payloads[0]["receipt"]);
            assert_eq!(codes(payload), [""; 0]);
        }
        let changes = difference(&before, &office.row_counts().await);
        assert_eq!(
            (changes["memo_deletions"], changes["notifications"], changes["memos"]),
            (1, 1, -1)
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_races_with_a_deletion_is_in_the_record_or_refused_never_lost() {
    use sea_orm::{ActiveModelTrait, IntoActiveModel};
    const ROUNDS: usize = 60;
    let office = Office::open().await;
    let mut recorded = 0;
    for round in 0..ROUNDS {
        let memo = office.memo().create().await;
        let comment = entity::comment::Model {
            id: office.services.new_id(),
            memo_id: memo.uuid,
            author_id: office.author().id,
            body: "At the last moment".to_owned(),
            created_at: office.services.now(),
            edited_at: None,
        };
        let write = comment.into_active_model().insert(office.services.database.connection());
        let (deletion, written) = if round % 2 == 0 {
            tokio::join!(office.author().delete(&memo.id), write)
        } else {
            let (written, deletion) = tokio::join!(write, office.author().delete(&memo.id));
            (deletion, written)
        };
        let counts = deletion["receipt"]["removed"]["counts"].to_string();
        assert_eq!(
            counts.contains("COMMENT"),
            written.is_ok(),
            "round {round}: {counts} {written:?}"
        );
        recorded += usize::from(written.is_ok());
        let restored = office.author().restore(deletion["receipt"]["id"].as_str().unwrap()).await;
        assert_eq!(restored["missing"], json!([]));
    }
    assert!(recorded > 0, "no comment ever came first");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_memos_that_share_a_file_deleted_at_once_leave_no_orphan() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    for round in 0..ROUNDS {
        let (one, two) = (office.memo().create().await, office.memo().create().await);
        let file = office.attach(&one, "shared.txt", &format!("content {round}")).await;
        office.attach_file(&two, file.id).await;
        let (first, second) =
            tokio::join!(office.author().delete(&one.id), office.author().delete(&two.id));
        // The second one also takes the file, which needs a confirmation.
        let mut kept = 0;
        for (memo, mut payload) in [(&one, first), (&two, second)] {
            if payload["deletedMemoId"].is_null() {
                assert_eq!(codes(&payload), ["CONFIRMATION_REQUIRED"], "{payload:#}");
                payload = office.author().delete_confirmed(&memo.id).await;
            }
            kept += usize::from(payload["receipt"]["kept"].to_string().contains("shared.txt"));
        }
        assert_eq!(kept, 1, "round {round}: the first leaves the file to the second");
    }
    office.clock.advance(chrono::TimeDelta::days(30));
    office.purger.deletions().await.unwrap();
    assert_eq!(office.row_counts().await["files"], 0);
    office.close().await;
}
