//! Rule 13: a deletion does exactly what the preview showed, or nothing.

use chrono::TimeDelta;
use memoranda_tests::{Office, codes, difference};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn rule_13_what_was_previewed_is_what_happens_or_nothing() {
    let office = Office::open().await;
    let (memo, full) = office.full_memo().await;
    let person = office.recipient();
    let mut token = person.preview(&memo.id).await["confirmationToken"].take();
    let file = entity::file::Entity::find()
        .one(office.services.database.connection())
        .await
        .unwrap()
        .unwrap();
    let change = async |what: &str| match what {
        "a comment" => drop(office.comment(&memo, office.author().id, "One more thing.").await),
        "a file" => drop(office.attach(&memo, "late.txt", "late").await),
        "a subscriber" => {
            let link = entity::memo_subscriber::Model {
                memo_id: memo.uuid,
                user_id: office.stranger().id,
                created_at: office.services.now(),
            };
            office.insert(link).await;
        }
        "a stage" => {
            office
                .sql("UPDATE memos SET stage = 'POSTPONED' WHERE name = 'Renovate the showroom'")
                .await
        }
        "a transfer" => office.transfer_to_task(file.id, full.task).await,
        "a task's name" => office.sql("UPDATE tasks SET name = 'Paint the ceiling'").await,
        "a person's name" => {
            office
                .sql("UPDATE users SET full_name = 'Somebody Else' WHERE username = 'subscriber'")
                .await
        }
        "a file's name" => {
            office.sql("UPDATE files SET name = 'renamed.txt' WHERE name = 'notes.txt'").await
        }
        "a reminder that falls due" => office.clock.advance(TimeDelta::days(3)),
        other => panic!("{other}"),
    };
    for what in [
        "a comment",
        "a file",
        "a subscriber",
        "a stage",
        "a transfer",
        "a task's name",
        "a person's name",
        "a file's name",
        "a reminder that falls due",
    ] {
        change(what).await;
        let before = office.row_counts().await;
        let payload =
            person.delete_with(json!({ "memoId": memo.id, "confirmationToken": token })).await;
        assert_eq!(codes(&payload), ["CONFIRMATION_STALE"], "after {what}");
        assert_eq!(
            difference(&before, &office.row_counts().await),
            [("refused_deletions".to_owned(), 1)].into(),
            "{what}"
        );
        let fresh = person.preview(&memo.id).await;
        assert_eq!(
            payload["preview"]["confirmationToken"], fresh["confirmationToken"],
            "the fresh preview after {what}"
        );
        assert_eq!(
            payload["preview"]["removed"]["totalCount"], fresh["removed"]["totalCount"],
            "{what}"
        );
        token = payload["preview"]["confirmationToken"].clone();
    }
    let preview = person.preview(&memo.id).await;
    let payload =
        person.delete_with(json!({ "memoId": memo.id, "confirmationToken": token })).await;
    assert_eq!(payload["deletedMemoId"], json!(memo.id));
    assert_same_lists(&preview, &payload["receipt"]);
    office.close().await;
}

/// The receipt lists what the preview listed. Removed items have no node any more.
fn assert_same_lists(preview: &Value, receipt: &Value) {
    for list in ["removed", "kept"] {
        assert_eq!(preview[list]["counts"], receipt[list]["counts"], "{list}");
        let items = |of: &Value| -> Vec<(Value, Value, Value)> {
            let items = of[list]["nodes"].as_array().unwrap().iter();
            items
                .map(|item| (item["kind"].clone(), item["label"].clone(), item["reason"].clone()))
                .collect()
        };
        assert_eq!(items(preview), items(receipt), "{list}");
    }
    assert_eq!(preview["bytesFreed"], receipt["bytesFreed"]);
    for field in ["code", "count"] {
        let of = |x: &Value| -> Vec<Value> {
            x["warnings"].as_array().unwrap().iter().map(|w| w[field].clone()).collect()
        };
        assert_eq!(of(preview), of(receipt));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_13_the_token_of_another_person_or_memo_confirms_nothing() {
    let office = Office::open().await;
    let (memo, other) = (office.memo().create().await, office.memo().create().await);
    let tokens = [
        office.author().preview(&memo.id).await["confirmationToken"].take(),
        office.recipient().preview(&other.id).await["confirmationToken"].take(),
        json!("garbage"),
        json!(""),
    ];
    for token in tokens {
        let input = json!({ "memoId": memo.id, "confirmationToken": token });
        assert_eq!(
            codes(&office.recipient().delete_with(input).await),
            ["CONFIRMATION_STALE"],
            "{token}"
        );
    }
    office.close().await;
}
