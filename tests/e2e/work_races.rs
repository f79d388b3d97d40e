//! Concurrent operations on work, on its memo and on its files end as if one had come after the
//! other.

use crate::{
    work::{TWINS, events_of, file_id, row_of},
    work_files::transfer,
};
use memoranda_tests::{Office, codes};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_creations_at_once_exactly_one_succeeds() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let recipient = office.recipient();
    for round in 0..ROUNDS {
        let twin = TWINS[round % 2];
        let memo = office.memo().create().await;
        let input = json!({ "memoId": memo.id });
        let (one, two) = tokio::join!(
            twin.create_from(recipient, input.clone()),
            twin.create_from(recipient, input.clone())
        );
        let mut outcomes = [codes(&one), codes(&two)].concat();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [twin.already()], "round {round}");
        assert_eq!(events_of(&office, &memo).await.len(), 1);
    }
    let counts = office.row_counts().await;
    assert_eq!((counts["tasks"], counts["projects"]), (10, 10));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_and_a_deletion_that_race_never_both_succeed() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    for round in 0..ROUNDS {
        let twin = TWINS[round / 2 % 2];
        let memo = office.memo().create().await;
        let input = json!({ "memoId": memo.id });
        let (deletion, creation) = if round % 2 == 0 {
            tokio::join!(author.delete(&memo.id), twin.create_from(recipient, input))
        } else {
            let (creation, deletion) =
                tokio::join!(twin.create_from(recipient, input), author.delete(&memo.id));
            (deletion, creation)
        };
        if creation["work"].is_null() {
            assert_eq!(codes(&creation), ["NOT_FOUND"], "round {round}: {creation:#}");
            assert_eq!(deletion["deletedMemoId"], json!(memo.id), "round {round}");
        } else {
            assert_eq!(codes(&deletion), ["RECIPIENT_HAS_ACTED"], "round {round}: {deletion:#}");
            assert_eq!(author.type_of(&memo.id).await, "Memo");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_is_deleted_while_files_are_transferred_to_it_ends_in_one_order() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let recipient = office.recipient();
    for round in 0..ROUNDS {
        let twin = TWINS[round / 2 % 2];
        let (memo, other) = (office.memo().create().await, office.memo().create().await);
        let file = office.attach(&memo, "plan.txt", &format!("plan {round}")).await;
        office.attach_file(&other, file.id).await;
        let id =
            twin.create_from(recipient, json!({ "memoId": other.id })).await["work"]["id"].clone();
        let input = json!({ "memoId": memo.id, "fileIds": [file_id(&file)], format!("{}Id",
            twin.word): id });
        let (deletion, transferred) = if round % 2 == 0 {
            tokio::join!(twin.delete(recipient, &id), transfer(recipient, input))
        } else {
            let (transferred, deletion) =
                tokio::join!(transfer(recipient, input), twin.delete(recipient, &id));
            (deletion, transferred)
        };
        assert_eq!(deletion["deleted"], id, "round {round}: {deletion:#}");
        assert!(
            codes(&transferred).iter().all(|code| *code == "NOT_FOUND"),
            "round {round}: {transferred:#}"
        );
    }
    let counts = office.row_counts().await;
    assert_eq!(
        (counts["tasks"], counts["projects"], counts["task_files"], counts["project_files"]),
        (0, 0, 0, 0)
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_is_deleted_while_its_memo_is_restored_leaves_a_memo_that_points_to_nothing() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let recipient = office.recipient();
    for round in 0..ROUNDS {
        let twin = TWINS[round / 2 % 2];
        let memo = office.memo().create().await;
        let id =
            twin.create_from(recipient, json!({ "memoId": memo.id })).await["work"]["id"].clone();
        let record = recipient.delete_confirmed(&memo.id).await["receipt"]["id"].clone();
        let record = record.as_str().unwrap();
        let (deletion, restored) = if round % 2 == 0 {
            tokio::join!(twin.delete(recipient, &id), recipient.restore(record))
        } else {
            let (restored, deletion) =
                tokio::join!(recipient.restore(record), twin.delete(recipient, &id));
            (deletion, restored)
        };
        assert_eq!(deletion["deleted"], id, "round {round}: {deletion:#}");
        assert_eq!(restored["memo"]["id"], json!(memo.id), "round {round}: {restored:#}");
        let row = row_of(&office, &memo).await;
        assert_eq!((row.task_id, row.project_id), (None, None), "round {round}");
    }
    office.close().await;
}
