//! Reviewing and postponing, which only the recipient may do.

use entity::MemoStage;
use memoranda_tests::{Office, codes, difference};
use serde_json::json;

const POSTPONE: &str =
    "mutation ($id: ID!, $until: Date!) { postponeMemo(input: { memoId: $id, until: $until }) {
    memo { stage reviewDate } userErrors { code field message } } }";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_recipient_moves_a_memo() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let before = office.row_counts().await;
    for person in [office.author(), office.subscriber(), office.chief()] {
        assert_eq!(codes(&person.review(&memo.id).await), ["NOT_THE_RECIPIENT"], "{}", person.name);
    }
    for person in [office.stranger(), office.admin()] {
        assert_eq!(codes(&person.review(&memo.id).await), ["NOT_FOUND"], "{}", person.name);
    }
    assert_eq!(office.recipient().review(&memo.id).await["memo"]["stage"], "REVIEWED");
    let notified = [("memo_events".to_owned(), 1), ("notifications".to_owned(), 2)];
    assert_eq!(
        difference(&before, &office.row_counts().await),
        notified.into(),
        "author and subscriber are notified"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_not_moved_even_by_who_wrote_it_to_themselves() {
    let office = Office::open().await;
    let draft = office.memo().draft().to(office.author().id).create().await;
    assert_eq!(codes(&office.author().review(&draft.id).await), ["DRAFT"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_is_postponed_to_today_or_later() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let recipient = office.recipient();
    let refused = recipient.data(POSTPONE, json!({ "id": memo.id, "until": "2026-03-01" })).await;
    assert_eq!(codes(&refused["postponeMemo"]), ["INVALID_INPUT"]);
    assert_eq!(refused["postponeMemo"]["userErrors"][0]["field"], json!(["input", "until"]));
    let moved = recipient.data(POSTPONE, json!({ "id": memo.id, "until": "2026-03-02" })).await;
    assert_eq!(
        moved["postponeMemo"]["memo"],
        json!({ "stage": "POSTPONED", "reviewDate": "2026-03-02" })
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_keeps_the_conclusion_unless_a_new_one_is_given() {
    let office = Office::open().await;
    let memo = office.memo().in_stage(MemoStage::Postponed).create().await;
    let review = "mutation ($input: ReviewMemoInput!) { reviewMemo(input: $input) { memo { stage \
        conclusion } userErrors { code } } }";
    let recipient = office.recipient();
    let with_note = recipient
        .data(review, json!({ "input": { "memoId": memo.id, "conclusion": " Done. " } }))
        .await;
    assert_eq!(
        with_note["reviewMemo"]["memo"],
        json!({ "stage": "REVIEWED", "conclusion": "Done." })
    );
    let again =
        recipient.data(review, json!({ "input": { "memoId": memo.id, "conclusion": null } })).await;
    assert_eq!(again["reviewMemo"]["memo"]["conclusion"], "Done.");
    office.close().await;
}
