//! Changing a memo: who may change which field. No change is lost.

use crate::writing::{act, events, former, notified, refusals, user};
use api::graphql::Kind;
use entity::MemoStage;
use memoranda_tests::{Office, TestMemo, codes, difference};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Every field that can be changed, with its name in `viewerUpdatableFields`.
const FIELDS: [(&str, &str); 7] = [
    ("NAME", "name"),
    ("DESCRIPTION", "description"),
    ("RECIPIENT", "recipientId"),
    ("CONCLUSION", "conclusion"),
    ("REVIEW_DATE", "reviewDate"),
    ("DEAL", "dealId"),
    ("RESOLUTION", "resolutionId"),
];

/// A value that no memo has yet.
async fn new_value(office: &Office, field: &str, round: usize) -> Value {
    let name = format!("{field} {round}");
    json!(match field {
        "recipientId" =>
            user(&office.hire(&format!("recipient{round}"), entity::UserRole::Member).await),
        "reviewDate" => format!("{}-01-01", 2030 + round),
        "dealId" => Kind::Deal.id(office.deal(&name).await).0,
        "resolutionId" => Kind::Resolution.id(office.resolution(&name).await).0,
        _ => name,
    })
}

async fn hints(office: &Office, person: &str, memo: &TestMemo) -> Value {
    let query = "query ($id: ID!) { memo(id: $id) { viewerCanUpdate viewerCannotUpdateReasons \
        viewerUpdatableFields } }";
    office.person(person).data(query, json!({ "id": memo.id })).await["memo"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_is_changed_by_whom_the_rules_allow_and_the_hints_say_the_same() {
    let office = Office::open().await;
    let author = office.author().id;
    let sent = || office.memo().with_subscriber(office.subscriber().id);
    let writing = ["name", "description", "dealId"];
    let concluding = ["conclusion", "reviewDate"];
    let mut round = 0;
    for (case, memo, may_author, may_recipient) in [
        (
            "pending",
            sent().create().await,
            vec!["name", "description", "dealId", "resolutionId"],
            true,
        ),
        ("postponed", sent().in_stage(MemoStage::Postponed).create().await, vec![], true),
        ("reviewed", sent().in_stage(MemoStage::Reviewed).create().await, vec![], true),
        ("on hold", sent().on_hold().create().await, vec![], false),
        (
            "draft",
            sent().draft().create().await,
            vec!["name", "description", "dealId", "resolutionId", "recipientId"],
            false,
        ),
        (
            "own",
            sent().to(author).in_stage(MemoStage::Reviewed).create().await,
            [&writing[..], &concluding, &["resolutionId"]].concat(),
            false,
        ),
        ("own, on hold", sent().to(author).on_hold().create().await, vec![], false),
    ] {
        for person in ["author", "recipient", "subscriber", "chief"] {
            let may: BTreeSet<&str> = match person {
                "author" => may_author.iter().copied().collect(),
                "recipient" if may_recipient => ["conclusion", "reviewDate"].into(),
                _ => BTreeSet::new(),
            };
            let hints = hints(&office, person, &memo).await;
            if hints.is_null() {
                assert!(may.is_empty(), "{case} {person}");
                continue;
            }
            assert_eq!(hints["viewerCanUpdate"], !may.is_empty(), "{case} {person}");
            assert_eq!(
                hints["viewerCannotUpdateReasons"].as_array().unwrap().is_empty(),
                !may.is_empty()
            );
            for (word, field) in FIELDS {
                let shown =
                    hints["viewerUpdatableFields"].as_array().unwrap().contains(&json!(word));
                assert_eq!(shown, may.contains(field), "{case} {person} {field}");
                round += 1;
                let value = new_value(&office, field, round).await;
                let before = events(&office, &json!(memo.id)).await.len();
                let payload = act(
                    office.person(person),
                    "updateMemo",
                    json!({ "memoId": memo.id, field: value }),
                )
                .await;
                assert_eq!(
                    codes(&payload).is_empty(),
                    may.contains(field),
                    "{case} {person} {field}: {payload:#}"
                );
                assert_eq!(payload["memo"].is_null(), !may.contains(field));
                let heard = events(&office, &json!(memo.id)).await.len() - before;
                assert_eq!(heard, usize::from(may.contains(field)));
            }
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_that_is_not_allowed_is_refused_for_its_own_reason_and_nothing_changes() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let unknown = |kind: Kind| kind.id(Uuid::max()).0;
    let input = json!({
        "memoId": memo.id, "name": "New", "description": "New",
            "recipientId": user(office.stranger()), "conclusion": "New",
        "reviewDate": "2030-01-01", "dealId": unknown(Kind::Deal),
            "resolutionId": unknown(Kind::Resolution),
    });
    let author = [
        "ALREADY_SENT recipientId",
        "NOT_THE_RECIPIENT conclusion",
        "NOT_THE_RECIPIENT reviewDate",
        "NOT_FOUND dealId",
        "NOT_FOUND resolutionId",
    ];
    let recipient = [
        "NOT_THE_AUTHOR name",
        "NOT_THE_AUTHOR description",
        "NOT_THE_AUTHOR recipientId",
        "NOT_THE_AUTHOR dealId",
        "NOT_THE_AUTHOR resolutionId",
    ];
    let neither = [
        "NOT_THE_AUTHOR name",
        "NOT_THE_AUTHOR description",
        "NOT_THE_AUTHOR recipientId",
        "NOT_THE_RECIPIENT conclusion",
        "NOT_THE_RECIPIENT reviewDate",
        "NOT_THE_AUTHOR dealId",
        "NOT_THE_AUTHOR resolutionId",
    ];
    let before = office.row_counts().await;
    for (person, expected) in [
        ("author", &author[..]),
        ("recipient", &recipient),
        ("subscriber", &neither),
        ("chief", &neither),
        ("admin", &["NOT_FOUND memoId"]),
    ] {
        let payload = act(office.person(person), "updateMemo", input.clone()).await;
        assert_eq!(refusals(&payload), expected, "{person}");
        assert!(payload["memo"].is_null());
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let now = act(office.author(), "updateMemo", json!({ "memoId": memo.id })).await["memo"].take();
    assert_eq!((&now["name"], &now["version"]), (&json!("Order new chairs"), &json!(1)));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_which_act_took_the_right_and_what_to_do() {
    let office = Office::open().await;
    let memo = office.memo().in_stage(MemoStage::Postponed).create().await;
    let input = json!({ "memoId": memo.id, "name": "New", "resolutionId": null });
    let payload = act(office.author(), "updateMemo", input).await;
    assert_eq!(
        refusals(&payload),
        ["RECIPIENT_HAS_ACTED name", "RECIPIENT_HAS_ACTED resolutionId"]
    );
    assert_eq!(
        payload["userErrors"][0]["message"],
        "The recipient postponed this memo on 2 March 2026 at 09:00 UTC, so its author can no \
         longer do this. Ask the recipient, or an administrator if they are not active any more."
    );
    assert_eq!(
        hints(&office, "author", &memo).await["viewerCannotUpdateReasons"],
        json!(["RECIPIENT_HAS_ACTED"])
    );
    let held = office.memo().on_hold().with_subscriber(office.subscriber().id).create().await;
    let payload =
        act(office.author(), "updateMemo", json!({ "memoId": held.id, "name": "New" })).await;
    assert_eq!(refusals(&payload), ["ON_HOLD name"]);
    assert_eq!(
        hints(&office, "author", &held).await["viewerCannotUpdateReasons"],
        json!(["ON_HOLD"])
    );
    assert_eq!(
        hints(&office, "subscriber", &held).await["viewerCannotUpdateReasons"],
        json!(["NOT_A_PARTICIPANT"])
    );
    let sent = office.memo().create().await;
    let input = json!({ "memoId": sent.id, "recipientId": user(office.stranger()) });
    let payload = act(office.author(), "updateMemo", input).await;
    assert!(
        payload["userErrors"][0]["message"].as_str().unwrap().contains("Copy it with `copyMemo`")
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drafts_new_recipient_works_here_and_no_longer_only_reads_along() {
    let office = Office::open().await;
    let former = former(&office, "former").await;
    let draft = office.memo().draft().with_subscriber(office.subscriber().id).create().await;
    for (id, expected) in
        [(user(&former), "INACTIVE_PERSON"), (Kind::User.id(Uuid::max()).0, "NOT_FOUND")]
    {
        let payload =
            act(office.author(), "updateMemo", json!({ "memoId": draft.id, "recipientId": id }))
                .await;
        assert_eq!(refusals(&payload), [format!("{expected} recipientId")]);
    }
    let input = json!({ "memoId": draft.id, "recipientId": user(office.subscriber()) });
    let memo = act(office.author(), "updateMemo", input).await["memo"].take();
    assert_eq!(
        (&memo["recipient"]["username"], &memo["subscribers"]),
        (&json!("subscriber"), &json!([]))
    );
    act(office.author(), "sendMemo", json!({ "memoId": draft.id })).await;
    assert_eq!(notified(office.subscriber()).await, ["MEMO_SENT"]);
    assert_eq!(notified(office.recipient()).await, [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_what_is_there_is_no_change() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.clock.advance(chrono::TimeDelta::hours(1));
    let same = json!({ "memoId": memo.id, "expectedVersion": 1, "name": " Order new chairs ",
        "description": "Six, with armrests.", "dealId": null });
    let before = office.row_counts().await;
    for input in [json!({ "memoId": memo.id }), same] {
        let payload = act(office.author(), "updateMemo", input).await;
        assert_eq!((codes(&payload), &payload["memo"]["version"]), (vec![], &json!(1)));
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let query = "query ($id: ID!) { memo(id: $id) { updatedAt createdAt } }";
    let times = office.author().data(query, json!({ "id": memo.id })).await["memo"].take();
    assert_eq!(times["updatedAt"], times["createdAt"]);
    let payload =
        act(office.author(), "updateMemo", json!({ "memoId": memo.id, "name": "Order desks" }))
            .await;
    assert_eq!(payload["memo"]["version"], 2);
    let times = office.author().data(query, json!({ "id": memo.id })).await["memo"].take();
    assert_eq!(times["updatedAt"], "2026-03-02T10:00:00.000Z");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_client_has_changed_meanwhile_is_not_overwritten() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let change = |name: &str| json!({ "memoId": memo.id, "expectedVersion": 1, "name": name });
    let first = act(office.author(), "updateMemo", change("From the desk")).await;
    assert_eq!(
        (&first["memo"]["name"], &first["memo"]["version"]),
        (&json!("From the desk"), &json!(2))
    );
    let before = office.row_counts().await;
    let second = act(office.author(), "updateMemo", change("From the phone")).await;
    assert_eq!(refusals(&second), ["VERSION_CONFLICT expectedVersion"]);
    assert_eq!(second["memo"], first["memo"], "the memo as it is now");
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    assert_eq!(events(&office, &json!(memo.id)).await, ["UPDATED"]);
    let third = json!({ "memoId": memo.id, "expectedVersion": second["memo"]["version"],
        "name": "From the phone" });
    assert_eq!(act(office.author(), "updateMemo", third).await["memo"]["version"], 3);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_updates_of_the_same_version_exactly_one_wins() {
    let office = Office::open().await;
    for round in 0..20 {
        let memo = office.memo().create().await;
        let change = |name: &str| json!({ "memoId": memo.id, "expectedVersion": 1, "name": name });
        // From two people on two fields, and from one person on one field.
        let conclude = json!({ "memoId": memo.id, "expectedVersion": 1, "conclusion": "Settled" });
        let other = if round % 2 == 0 {
            (office.author(), change("Two"))
        } else {
            (office.recipient(), conclude)
        };
        let (one, two) = tokio::join!(
            act(office.author(), "updateMemo", change("One")),
            act(other.0, "updateMemo", other.1)
        );
        let won = [&one, &two].iter().filter(|payload| codes(payload).is_empty()).count();
        assert_eq!(won, 1, "round {round}: {one:#} {two:#}");
        let (winner, loser) = if codes(&one).is_empty() { (&one, &two) } else { (&two, &one) };
        assert_eq!(codes(loser), ["VERSION_CONFLICT"]);
        assert_eq!((&winner["memo"]["version"], &loser["memo"]["version"]), (&json!(2), &json!(2)));
        assert_eq!(loser["memo"]["name"], winner["memo"]["name"]);
        assert_eq!(events(&office, &json!(memo.id)).await, ["UPDATED"]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_are_no_good_are_named_and_everything_else_stays_too() {
    let office = Office::open().await;
    let memo = office.memo().to(office.author().id).create().await;
    let input = json!({
        "memoId": memo.id, "name": "x".repeat(251), "description": "x".repeat(20_001),
            "conclusion": "a\0b",
        "reviewDate": "2030-01-01", "clientMutationId": "c-1",
    });
    let payload = act(office.author(), "updateMemo", input).await;
    assert_eq!(
        refusals(&payload),
        ["INVALID_INPUT name", "INVALID_INPUT description", "INVALID_INPUT conclusion"]
    );
    assert_eq!(payload["clientMutationId"], "c-1");
    assert_eq!(payload["userErrors"][0]["message"], "The name must have at most 250 characters.");
    let now = act(office.author(), "updateMemo", json!({ "memoId": memo.id })).await["memo"].take();
    assert_eq!((&now["version"], &now["reviewDate"]), (&json!(1), &json!(null)), "all or none");
    let blank = json!({ "memoId": memo.id, "description": "  ", "conclusion": " \n ",
        "name": "ж".repeat(250) });
    let memo = act(office.author(), "updateMemo", blank).await["memo"].take();
    assert_eq!(
        (&memo["description"], &memo["conclusion"]),
        (&json!(""), &json!(null)),
        "white space says nothing"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolution_says_what_the_author_wants_and_the_recipient_does_not_change_it() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let [approval, information] =
        [office.resolution("For approval").await, office.resolution("For information").await]
            .map(|id| Kind::Resolution.id(id).0);
    let give = |id: &str| json!({ "memoId": memo.id, "resolutionId": id });
    let given = act(office.author(), "updateMemo", give(&approval)).await;
    assert_eq!(codes(&given), [""; 0], "{given:#}");
    for value in [json!(information), Value::Null] {
        let input = json!({ "memoId": memo.id, "resolutionId": value });
        let refused = act(office.recipient(), "updateMemo", input).await;
        assert_eq!(refusals(&refused), ["NOT_THE_AUTHOR resolutionId"]);
    }
    office.recipient().review(&memo.id).await;
    let refused = act(office.author(), "updateMemo", give(&information)).await;
    assert_eq!(refusals(&refused), ["RECIPIENT_HAS_ACTED resolutionId"]);
    let query = "query ($id: ID!) { memo(id: $id) { resolution { id } } }";
    let shown = office.recipient().data(query, json!({ "id": memo.id })).await;
    assert_eq!(shown["memo"]["resolution"]["id"], json!(approval));
    office.close().await;
}
