//! Holds: placed and released by administrators.

use memoranda_tests::{Office, codes, difference};
use serde_json::json;

const PLACE: &str = "mutation ($input: PlaceMemoHoldInput!) { placeMemoHold(input: $input) {
    hold { id active reason memoId memo { id } placedBy { username } } userErrors { code field message } } }";
const RELEASE: &str = "mutation ($id: ID!) { releaseMemoHold(input: { holdId: $id }) {
    hold { active releasedBy { username } } userErrors { code } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_lasts_until_it_is_released() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let admin = office.admin();
    let input = json!({ "memoId": memo.id, "reason": "Audit 2026" });
    let placed = admin.data(PLACE, json!({ "input": input })).await;
    let hold = &placed["placeMemoHold"]["hold"];
    assert_eq!((&hold["active"], &hold["reason"]), (&json!(true), &json!("Audit 2026")));
    assert_eq!(hold["memo"], json!(null), "an administrator need not be able to read the memo");
    assert_eq!(hold["memoId"], json!(memo.id));

    let again = admin.data(PLACE, json!({ "input": input })).await;
    assert_eq!(codes(&again["placeMemoHold"]), ["ALREADY_ON_HOLD"]);
    assert_eq!(again["placeMemoHold"]["hold"]["id"], hold["id"]);
    assert_eq!(codes(&office.author().delete(&memo.id).await), ["ON_HOLD"]);

    for _ in 0..2 {
        let released = admin.data(RELEASE, json!({ "id": hold["id"] })).await;
        let expected = json!({ "active": false, "releasedBy": { "username": "admin" } });
        assert_eq!(released["releaseMemoHold"]["hold"], expected);
    }
    assert_eq!(office.author().delete(&memo.id).await["deletedMemoId"], json!(memo.id));
    let list = admin.data("{ memoHolds(active: false) { nodes { memoId } } }", json!({})).await;
    assert_eq!(
        list["memoHolds"]["nodes"],
        json!([{ "memoId": memo.id }]),
        "the released hold outlives the memo"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_somebody_else_cannot_be_held_and_others_cannot_hold() {
    let office = Office::open().await;
    let (memo, draft) = (office.memo().create().await, office.memo().draft().create().await);
    let before = office.row_counts().await;
    let hold = |id: &str| json!({ "input": { "memoId": id, "reason": "Audit" } });
    let refused = office.admin().data(PLACE, hold(&draft.id)).await;
    assert_eq!(codes(&refused["placeMemoHold"]), ["NOT_FOUND"]);
    for person in ["author", "recipient", "chief"] {
        let (code, _) = office.person(person).error(PLACE, hold(&memo.id)).await;
        assert_eq!(code, "FORBIDDEN", "{person}");
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}
