//! The server is killed during deletions. Each deletion is done or not begun, and each acknowledged
//! one is done.

use crate::process::start_server;
use entity::{blob, file};
use memoranda_tests::{Office, TestMemo, selection_input};
use sea_orm::EntityTrait;
use serde_json::json;

/// A memo with its own comment and file, so that a deletion touches many tables.
async fn memo_with_belongings(office: &Office, n: usize) -> TestMemo {
    let memo = office
        .memo()
        .named(&format!("Memo {n}"))
        .with_subscriber(office.subscriber().id)
        .create()
        .await;
    office.comment(&memo, office.author().id, "Please keep this.").await;
    office.attach(&memo, "file.txt", &format!("the content of file {n}")).await;
    memo
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_the_server_loses_nothing() {
    const MEMOS: usize = 12;
    let office = Office::open().await;
    let mut all = Vec::new();
    for answered_before_the_kill in [0, 1, 3, 6] {
        let (mut server, address) = start_server(&office).await;
        let mut author = office.author().clone();
        author.address = address;
        let mut deletions = tokio::task::JoinSet::new();
        for n in 0..MEMOS {
            let memo = memo_with_belongings(&office, all.len()).await;
            all.push(memo.clone());
            let token = author.preview(&memo.id).await["confirmationToken"].clone();
            let author = author.clone();
            deletions.spawn(async move {
                let document = "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) { \
                    deletedMemoId } }";
                let input = json!({ "memoId": memo.id, "confirmationToken": token,
                    "clientMutationId": n.to_string() });
                let answer = author.try_send(document, json!({ "input": input })).await;
                (
                    memo,
                    answer.is_ok_and(|answer| {
                        answer["data"]["deleteMemo"]["deletedMemoId"].is_string()
                    }),
                )
            });
        }
        let mut answered = Vec::new();
        while answered.len() < answered_before_the_kill {
            let (memo, deleted) = deletions.join_next().await.unwrap().unwrap();
            assert!(deleted, "before the kill");
            answered.push(memo);
        }
        server.kill().await.unwrap();
        while let Some(result) = deletions.join_next().await {
            let (memo, deleted) = result.unwrap();
            if deleted {
                answered.push(memo);
            }
        }
        for memo in answered {
            assert_eq!(
                office.author().type_of(&memo.id).await,
                "DeletedMemo",
                "what was answered is done"
            );
        }
        assert_whole(&office, &all).await;
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_the_server_has_deleted_all_of_a_selection_or_nothing() {
    const SELECTIONS: usize = 6;
    let office = Office::open().await;
    let mut all = Vec::new();
    for answered_before_the_kill in [0, 1, 2, 4] {
        let (mut server, address) = start_server(&office).await;
        let mut author = office.author().clone();
        author.address = address;
        let mut deletions = tokio::task::JoinSet::new();
        for _ in 0..SELECTIONS {
            let mut ids = Vec::new();
            for _ in 0..3 {
                let memo = memo_with_belongings(&office, all.len()).await;
                ids.push(memo.id.clone());
                all.push(memo);
            }
            let shown: Vec<&str> = ids.iter().map(String::as_str).collect();
            let token = author.preview_selection(&shown).await["confirmationToken"].take();
            let (author, input) = (author.clone(), selection_input(&shown, true, token));
            deletions.spawn(async move {
                let document = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) \
                    { results { deletedMemoId } } }";
                let answer = author.try_send(document, json!({ "input": input })).await;
                let deleted = answer.is_ok_and(|answer| {
                    answer["data"]["deleteMemos"]["results"][2]["deletedMemoId"].is_string()
                });
                (ids, deleted)
            });
        }
        let mut selections = Vec::new();
        while selections.len() < answered_before_the_kill {
            let (ids, deleted) = deletions.join_next().await.unwrap().unwrap();
            assert!(deleted, "before the kill");
            selections.push((ids, deleted));
        }
        server.kill().await.unwrap();
        while let Some(result) = deletions.join_next().await {
            selections.push(result.unwrap());
        }
        for (ids, answered) in selections {
            let mut deleted = 0;
            for id in &ids {
                deleted += usize::from(office.author().type_of(id).await == "DeletedMemo");
            }
            assert!(deleted == ids.len() || (deleted == 0 && !answered), "{deleted} of {ids:?}");
        }
        assert_whole(&office, &all).await;
    }
    office.close().await;
}

/// Every memo exists with all its belongings, or is deleted with a record that can restore all of
/// them. No byte is lost.
async fn assert_whole(office: &Office, memos: &[TestMemo]) {
    for memo in memos {
        if office.author().type_of(&memo.id).await == "DeletedMemo" {
            let query = "query ($id: ID!) { memoDeletions(filter: { memoId: $id, states: \
                [RESTORABLE] }) { nodes { \
                id } } }";
            let records = office.author().data(query, json!({ "id": memo.id })).await;
            let record = records["memoDeletions"]["nodes"][0]["id"].as_str().unwrap().to_owned();
            assert_eq!(office.author().restore(&record).await["missing"], json!([]));
        }
        let query = "query ($id: ID!) { memo(id: $id) { commentCount comments { nodes { id } } \
            files { id } subscribers { id } } }";
        let shown = office.author().data(query, json!({ "id": memo.id })).await;
        assert_eq!(shown["memo"]["commentCount"], 1, "{shown:#}");
        for list in ["files", "subscribers"] {
            assert_eq!(shown["memo"][list].as_array().map(Vec::len), Some(1), "{list}: {shown:#}");
        }
    }
    let connection = office.services.database.connection();
    for file in file::Entity::find().all(connection).await.unwrap() {
        let blob =
            blob::Entity::find_by_id(&file.blob_sha256).one(connection).await.unwrap().unwrap();
        office.backend.file_store.get(&blob.location).await.expect("the bytes are there");
    }
}
