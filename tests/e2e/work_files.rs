//! Files that memos give to tasks and projects.

use crate::work::{TWINS, events_of, file_id, row_of, user};
use entity::{MemoEventKind, memo};
use memoranda_tests::{Actor, Office, codes, difference, uuid_of};
use serde_json::{Value, json};

const TRANSFER: &str = "mutation ($input: TransferFilesInput!) { transferFiles(input: $input) {
    memo { id } task { files { name } } project { files { name } } userErrors { code field message \
    } } }";

/// Transfers files, and returns the payload.
pub async fn transfer(person: &Actor, input: Value) -> Value {
    person.data(TRANSFER, json!({ "input": input })).await["transferFiles"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn transferred_files_stay_when_the_memo_is_deleted() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().create().await;
        let chosen =
            office.attach(&memo, "chosen.txt", &format!("chosen for the {}", twin.word)).await;
        let later =
            office.attach(&memo, "later.txt", &format!("later for the {}", twin.word)).await;
        office.attach(&memo, "left.txt", &format!("left by the {}", twin.word)).await;
        let input = json!({ "memoId": memo.id, "fileIds": [file_id(&chosen), file_id(&chosen)] });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(created["work"]["files"], json!([{ "name": "chosen.txt" }]));
        let token = office.recipient().preview(&memo.id).await["confirmationToken"].clone();

        let before = (office.row_counts().await, row_of(&office, &memo).await.version);
        let target = format!("{}Id", twin.word);
        let input = json!({ "memoId": memo.id, "fileIds": [file_id(&later)],
            target: created["work"]["id"] });
        let transferred = transfer(office.author(), input.clone()).await;
        assert_eq!(codes(&transferred), [""; 0], "{transferred:#}");
        assert_eq!(transferred[twin.word]["files"].as_array().unwrap().len(), 2);
        let expected = [(format!("{}_files", twin.word), 1), ("memo_events".to_owned(), 1)];
        assert_eq!(difference(&before.0, &office.row_counts().await), expected.into());
        assert_eq!(
            events_of(&office, &memo).await,
            [MemoEventKind::StageChanged, MemoEventKind::Updated]
        );
        let after = office.row_counts().await;
        assert_eq!(
            codes(&transfer(office.recipient(), input).await),
            [""; 0],
            "doing it again is harmless"
        );
        assert_eq!(
            (office.row_counts().await, row_of(&office, &memo).await.version),
            (after, before.1)
        );

        let stale = json!({ "memoId": memo.id, "confirmationToken": token });
        assert_eq!(codes(&office.recipient().delete_with(stale).await), ["CONFIRMATION_STALE"]);
        let preview = office.recipient().preview(&memo.id).await;
        let reason = format!("TRANSFERRED_TO_{}", twin.word.to_uppercase());
        let kept: Vec<&Value> = preview["kept"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["reason"] == json!(reason))
            .collect();
        let mut names: Vec<&str> =
            kept.iter().map(|item| item["label"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["chosen.txt", "later.txt"]);
        office.recipient().delete_confirmed(&memo.id).await;
        assert_eq!(
            twin.read(office.recipient(), &created["work"]["id"]).await["files"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_to_the_memos_own_work_or_to_work_for_which_the_viewer_is_responsible() {
    let office = Office::open().await;
    for (twin, column) in TWINS.into_iter().zip([memo::Column::TaskId, memo::Column::ProjectId]) {
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        let file = office.attach(&memo, "plan.txt", "the plan").await;
        let other =
            office.attach(&office.memo().create().await, "other.txt", "of another memo").await;
        let target = format!("{}Id", twin.word);
        let own = twin
            .create(
                office.recipient(),
                json!({ "name": "Own", "subscriberIds": [user(office.author())] }),
            )
            .await;
        let secret =
            twin.create(office.stranger(), json!({ "name": "Secret" })).await["work"]["id"].clone();
        let own = own["work"]["id"].clone();
        let before = office.row_counts().await;
        let to = |work: &Value, file: &entity::file::Model| {
            json!({ "memoId": memo.id,
            "fileIds": [file_id(file)], target.as_str(): work })
        };
        for (person, input, code, field) in [
            (office.subscriber(), to(&own, &file), "NOT_A_PARTICIPANT", "memoId"),
            (office.chief(), to(&own, &file), "NOT_A_PARTICIPANT", "memoId"),
            (office.stranger(), to(&secret, &file), "NOT_FOUND", "memoId"),
            (office.author(), to(&own, &file), "NOT_RESPONSIBLE", target.as_str()),
            (office.author(), to(&secret, &file), "NOT_FOUND", target.as_str()),
            (office.recipient(), to(&own, &other), "NOT_FOUND", "fileIds"),
        ] {
            let refused = transfer(person, input).await;
            assert_eq!(codes(&refused), [code], "{}: {refused:#}", person.name);
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
        }
        assert_eq!(office.row_counts().await, before);
        assert_eq!(codes(&transfer(office.recipient(), to(&own, &file)).await), [""; 0]);
        // Now it is the memo's own file.
        office.link(&memo, column, uuid_of(twin.kind, own.as_str().unwrap())).await;
        assert_eq!(codes(&transfer(office.author(), to(&own, &file)).await), [""; 0]);
        // Its own file, which the viewer may not see.
        office.link(&memo, column, uuid_of(twin.kind, secret.as_str().unwrap())).await;
        assert_eq!(codes(&transfer(office.author(), to(&secret, &file)).await), ["NOT_FOUND"]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_transferred_to_one_piece_of_work() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let (task, project) = ("task_00000000000000000000000000", "project_00000000000000000000000000");
    for input in [
        json!({ "memoId": memo.id, "fileIds": [] }),
        json!({ "memoId": memo.id, "fileIds": [], "taskId": task, "projectId": project }),
    ] {
        let refused = transfer(office.author(), input).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["field"], Value::Null);
    }
    let many = json!({ "memoId": memo.id, "fileIds": vec!["file_x"; 101], "taskId": task });
    assert_eq!(codes(&transfer(office.author(), many).await), ["INVALID_INPUT"]);
    office.close().await;
}
