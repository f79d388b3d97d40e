//! A value that is at hand is written by our own code, any other by the GraphQL library. Both give
//! the same answer.

use entity::{MemoStage, memo};
use memoranda_tests::{Actor, Office};
use serde_json::{Value, json};

/// All that a memo of a list can have at hand.
const MEMO: &str = "\
    __typename id name description draft reviewDate commentCount sentAt createdAt updatedAt \
    version unread viewerRoles viewerCanDelete viewerCannotDeleteReasons viewerCanUpdate \
    viewerCannotUpdateReasons viewerUpdatableFields stage again: stage author { __typename id \
    username fullName role active createdAt } recipient { who: fullName } subscribers { id \
    fullName } tags { __typename id name } deal { id name status dueDate createdAt } resolution { \
    id name } task { __typename id name description status dueDate createdAt } project { id name \
    }";

/// A field that is never at hand. Its value is removed from the answer.
const ELSEWHERE: &str = "elsewhere: comments(first: 1) { nodes { id } }";

/// The answer without all that is elsewhere.
fn without(mut answer: Value) -> Value {
    match &mut answer {
        Value::Object(fields) => {
            fields.remove("elsewhere");
            fields.values_mut().for_each(|value| *value = without(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = without(item.take())),
        _ => {}
    }
    answer
}

async fn assert_same(person: &Actor, query: &str, elsewhere: &str, variables: Value) -> Value {
    let at_hand = person.send(&query.replace("ELSEWHERE", ""), variables.clone()).await;
    assert_eq!(at_hand.get("errors"), None, "{at_hand:#}");
    let by_library = person.send(&query.replace("ELSEWHERE", elsewhere), variables).await;
    let text = |answer: &Value| serde_json::to_string(answer).expect("JSON");
    assert!(text(&by_library).contains("elsewhere"), "{by_library:#}");
    let by_library = without(by_library);
    // As texts, because the order of the keys counts.
    assert_eq!(text(&at_hand), text(&by_library));
    at_hand
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_the_same_at_hand_and_by_the_library() {
    let office = Office::open().await;
    let task = office.task("Paint the \"walls\"\n\u{1F600}").await;
    let project = office.project("New showroom").await;
    for n in 0..5 {
        let memo = office
            .memo()
            .named(&format!("Memo \\ \u{7f} <{n}>"))
            .in_stage(if n % 2 == 0 { MemoStage::Reviewed } else { MemoStage::Pending })
            .with_subscriber(office.subscriber().id)
            .with_subscriber(office.chief().id)
            .create()
            .await;
        office.tag(&memo, &format!("tag {n}")).await;
        office.tag(&memo, &format!("another tag {n}")).await;
        if n > 1 {
            office.link(&memo, memo::Column::TaskId, task).await;
            office.link(&memo, memo::Column::ProjectId, project).await;
        }
    }
    for list in ["INBOX", "SENT", "ALL_VISIBLE", "SUBSCRIBED", "DRAFTS"] {
        for person in [office.author(), office.recipient(), office.chief(), office.stranger()] {
            let query = format!(
                "{{ list: memos(box: {list}, first: 3) {{ __typename \
                nodes {{ {MEMO} ELSEWHERE }} \
                edges {{ __typename cursor node {{ id ELSEWHERE }} }} \
                pageInfo {{ __typename hasNextPage hasPreviousPage startCursor endCursor }} \
                elsewhere: totalCount }} }}"
            );
            // `totalCount` is never at hand, so this one comes from the library alone.
            let whole = without(person.send(&query.replace("ELSEWHERE", ""), json!({})).await);
            let query = query.replace("elsewhere: totalCount", "");
            let bare = query.replace("ELSEWHERE", "");
            let at_hand = person.send(&bare, json!({})).await;
            assert_eq!(at_hand, whole, "{list}");
            if at_hand["data"]["list"]["nodes"] != json!([]) {
                assert_same(person, &query, ELSEWHERE, json!({})).await;
            }
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_the_same_at_hand_and_by_the_library() {
    let office = Office::open().await;
    let memo = office
        .memo()
        .in_stage(MemoStage::Reviewed)
        .with_subscriber(office.subscriber().id)
        .create()
        .await;
    office.tag(&memo, "Oak").await;
    let task = office.task("Paint the walls").await;
    office.link(&memo, memo::Column::TaskId, task).await;
    office.comment(&memo, office.subscriber().id, "What about \"oak\"?").await;
    let list = "(first: 2) { __typename totalCount counts { kind count } \
        nodes { kind label reason ELSEWHERE } edges { cursor node { kind } } \
        pageInfo { hasNextPage endCursor } }";
    let query = format!(
        "query ($id: ID!) {{ memoDeletionPreview(memoId: $id) {{ __typename memo {{ id name }} \
        viewerRoles verdict blockers {{ code message since stage }} \
        warnings {{ code message count }} alternatives {{ code message }} bytesFreed \
        confirmationToken removed{list} kept{list} }} }}"
    );
    for person in [office.author(), office.recipient(), office.subscriber(), office.chief()] {
        let elsewhere = "elsewhere: node { __typename }";
        let shown = assert_same(person, &query, elsewhere, json!({ "id": memo.id })).await;
        assert_ne!(shown["data"]["memoDeletionPreview"], Value::Null);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guarded_fields_are_never_at_hand() {
    let office = Office::open().await;
    office.memo().with_subscriber(office.subscriber().id).create().await;
    for (person, list, field) in [
        (office.recipient(), "INBOX", "author { email }"),
        (office.author(), "SENT", "subscribers { email }"),
        (office.subscriber(), "SUBSCRIBED", "conclusion"),
    ] {
        let query = format!("{{ memos(box: {list}) {{ nodes {{ id {field} }} }} }}");
        let (code, _) = person.error(&query, json!({})).await;
        assert_eq!(code, "FORBIDDEN", "{field}");
    }
    office.close().await;
}
