//! One test a rule of the design, named for it, which also asserts what did not change.

use memoranda_tests::{Office, codes};
use serde_json::json;

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
    assert_eq!(memoranda_tests::difference(&before, &after), [("refused_deletions".to_owned(), 2)].into());
    let payload = office.author().delete(&memo.id).await;
    assert_eq!(payload["deletedMemoId"], json!(memo.id), "{payload:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn full() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let preview = office.recipient().preview(&memo.id).await;
    println!("{preview:#}");
    let payload = office.recipient().delete_confirmed(&memo.id).await;
    println!("{payload:#}");
    let payload = office.recipient().restore(payload["receipt"]["id"].as_str().unwrap()).await;
    println!("{payload:#}");
    office.close().await;
}
