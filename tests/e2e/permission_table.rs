//! The permission table through HTTP.

use crate::snapshots;
use memoranda_tests::{Actor, Office};
use sea_orm::ActiveModelTrait;
use serde_json::Value;

/// `service` tests the same cases with the rules themselves.
#[path = "../../service/tests/rules/deletion_cases.rs"]
mod cases;

use cases::{ACTORS, Case, HEAD, answer, cases};

#[tokio::test(flavor = "multi_thread")]
async fn the_api_decides_as_the_permission_table_says() {
    let office = Office::open().await;
    let mut table = HEAD.to_owned();
    for case in cases() {
        let memo = if case.cannot_exist() {
            assert_refused_by_the_database(&office, case).await;
            None
        } else {
            let mut memo =
                office.memo().in_stage(case.stage).with_subscriber(office.subscriber().id);
            if case.draft {
                memo = memo.draft();
            }
            if case.hold {
                memo = memo.on_hold();
            }
            if case.to_self {
                memo = memo.to(office.author().id);
            }
            Some(memo.create().await)
        };
        for actor in ACTORS {
            let text = match &memo {
                None => "cannot exist".to_owned(),
                Some(memo) => ask(office.person(actor), &memo.id).await,
            };
            table.push_str(&case.row(actor, &text));
        }
    }
    snapshots::assert_table("permission_table", &table);
    office.close().await;
}

async fn ask(person: &Actor, memo: &str) -> String {
    let preview = person.preview(memo).await;
    let can_delete = "query ($id: ID!) { memo(id: $id) { viewerCanDelete viewerCannotDeleteReasons \
        viewerRoles } }";
    let hint = person.data(can_delete, serde_json::json!({ "id": memo })).await;
    let selection = person.preview_selection(&[memo]).await;
    if preview.is_null() {
        assert_eq!(selection, Value::Null, "the memo alone is a selection too");
        assert!(hint["memo"].is_null(), "the memo and its preview exist for the same people");
        return "NOT_FOUND".to_owned();
    }
    let codes = |list: &Value| -> Vec<String> {
        let codes = list.as_array().unwrap().iter();
        codes.map(|item| item["code"].as_str().or(item.as_str()).unwrap().to_owned()).collect()
    };
    // The hint in a list agrees with the preview.
    assert_eq!(hint["memo"]["viewerCanDelete"], preview["verdict"] != "DENIED");
    assert_eq!(codes(&hint["memo"]["viewerCannotDeleteReasons"]), codes(&preview["blockers"]));
    assert_eq!(hint["memo"]["viewerRoles"], preview["viewerRoles"]);
    assert_eq!(preview["confirmationToken"].is_null(), preview["verdict"] == "DENIED");
    // A selection of one memo is decided in the same way.
    assert_eq!(selection["verdict"], preview["verdict"]);
    assert_eq!(selection["confirmationToken"].is_null(), preview["verdict"] == "DENIED");
    for list in ["viewerRoles", "blockers", "warnings", "alternatives"] {
        let of_selection = codes(&selection["memos"][0][list]);
        assert_eq!(of_selection, codes(&preview[list]), "{list}");
    }
    answer(
        preview["verdict"].as_str().unwrap(),
        ["viewerRoles", "blockers", "warnings", "alternatives"].map(|list| codes(&preview[list])),
    )
}

async fn assert_refused_by_the_database(office: &Office, case: Case) {
    let row = office.memo().draft().create().await;
    let memo = entity::memo::ActiveModel {
        id: sea_orm::Set(row.uuid),
        stage: sea_orm::Set(case.stage),
        ..Default::default()
    };
    let result = memo.update(office.services.database.connection()).await;
    assert!(result.is_err(), "a draft in stage {:?}: {result:?}", case.stage);
}
