//! Holds, which administrators place and release.

use api::graphql::Kind;
use chrono::TimeDelta;
use entity::{memo, memo_hold};
use memoranda_tests::{Office, TestMemo, codes, difference};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};
use service::memo_deletion::Purged;
use std::collections::BTreeSet;

const PLACE: &str = "mutation ($input: PlaceMemoHoldInput!) { placeMemoHold(input: $input) {
    hold { id active reason matter memoId memo { id } placedBy { username } } userErrors { code \
    field message } } }";
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
    assert_eq!(hold["matter"], json!(null), "it names none");

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
    let list = admin
        .data("{ memoHolds(filter: { states: [RELEASED] }) { nodes { memoId } } }", json!({}))
        .await;
    assert_eq!(
        list["memoHolds"]["nodes"],
        json!([{ "memoId": memo.id }]),
        "the released hold outlives the memo"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_cannot_be_held_and_others_cannot_hold() {
    let office = Office::open().await;
    let (memo, draft) = (office.memo().create().await, office.memo().draft().create().await);
    let hold = |id: &str| json!({ "input": { "memoId": id, "reason": "Audit" } });
    let own = office.memo().from(office.admin().id).draft().create().await;
    let deleted = office.memo().draft().create().await;
    office.author().delete(&deleted.id).await;
    let before = office.row_counts().await;
    for draft in [draft, own, deleted] {
        let refused = office.admin().data(PLACE, hold(&draft.id)).await;
        assert_eq!(
            codes(&refused["placeMemoHold"]),
            ["NOT_FOUND"],
            "the list of holds would reveal it"
        );
    }
    for person in ["author", "recipient", "chief"] {
        let (code, _) = office.person(person).error(PLACE, hold(&memo.id)).await;
        assert_eq!(code, "FORBIDDEN", "{person}");
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_matters_hold_a_memo_and_it_is_free_when_the_last_is_released() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let admin = office.admin();
    let place = async |matter: Value| {
        let input = json!({ "memoId": memo.id, "reason": "Evidence", "matter": matter });
        admin.data(PLACE, json!({ "input": input })).await["placeMemoHold"].take()
    };
    let release = async |matter: Value| {
        let query = "mutation ($input: ReleaseMemoHoldInput!) { releaseMemoHold(input: $input) {
            hold { id active matter } userErrors { code field message } } }";
        let input = json!({ "memoId": memo.id, "matter": matter });
        admin.data(query, json!({ "input": input })).await["releaseMemoHold"].take()
    };
    let matters = [json!(null), json!("Audit 2026"), json!("Miller v. us")];
    for matter in &matters {
        let placed = place(matter.clone()).await;
        assert_eq!((codes(&placed), &placed["hold"]["matter"]), (vec![], matter));
        assert_eq!(codes(&place(matter.clone()).await), ["ALREADY_ON_HOLD"]);
    }
    assert_eq!(codes(&place(json!(" Audit 2026 ")).await), ["ALREADY_ON_HOLD"], "it is trimmed");
    for (matter, field) in [(json!("x".repeat(101)), "matter"), (json!("a\0b"), "matter")] {
        let refused = place(matter).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]), "{refused:#}");
    }
    let list = "query ($matter: String, $memo: ID) { memoHolds(filter: { states: [ACTIVE], \
        matter: $matter, memoId: $memo }) { nodes { matter } } }";
    let listed =
        async |variables: Value| admin.data(list, variables).await["memoHolds"]["nodes"].take();
    assert_eq!(listed(json!({ "memo": memo.id })).await.as_array().unwrap().len(), 3);
    assert_eq!(
        listed(json!({ "matter": "Audit 2026" })).await,
        json!([{ "matter": "Audit 2026" }])
    );
    assert_eq!(listed(json!({ "matter": "" })).await, json!([{ "matter": null }]));
    assert_eq!(codes(&release(json!("Another")).await), ["NOT_FOUND"]);

    for matter in matters {
        assert_eq!(codes(&office.author().delete(&memo.id).await), ["ON_HOLD"]);
        let released = release(matter.clone()).await;
        assert_eq!(released["hold"]["active"], false, "{released:#}");
        assert_eq!(release(matter).await, released, "doing it again changes nothing");
    }
    assert_eq!(office.author().delete(&memo.id).await["deletedMemoId"], json!(memo.id));
    let query = "mutation ($input: ReleaseMemoHoldInput!) { releaseMemoHold(input: $input) { \
        userErrors { code field } } }";
    let hold = Kind::MemoHold.id(uuid::Uuid::max());
    for input in [json!({}), json!({ "matter": "x" }), json!({ "holdId": hold, "memoId": memo.id })]
    {
        let refused = admin.data(query, json!({ "input": input })).await["releaseMemoHold"].take();
        assert_eq!(codes(&refused), ["INVALID_INPUT"], "{input}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_on_day_10_of_a_deleted_memo_lets_day_31_purge_around_it_until_it_is_released() {
    let office = Office::open().await;
    let (memo, other) = (office.memo().create().await, office.memo().create().await);
    for memo in [&memo, &other] {
        office.author().delete(&memo.id).await;
    }
    office.clock.advance(TimeDelta::days(10));
    let input = json!({ "memoId": memo.id, "reason": "Evidence", "matter": "Audit" });
    let placed =
        office.admin().data(PLACE, json!({ "input": input })).await["placeMemoHold"].take();
    assert_eq!(codes(&placed), [""; 0], "{placed:#}");
    office.clock.advance(TimeDelta::days(21));
    let passed_over = Purged { records: 1, blobs: 0 };
    assert_eq!(office.purger.deletions().await.unwrap(), passed_over, "the other is due");
    assert_eq!(office.row_counts().await["deleted_memos"], 1);
    assert_eq!(office.purger.deletions().await.unwrap(), Purged::default());
    office.admin().data(RELEASE, json!({ "id": placed["hold"]["id"] })).await;
    assert_eq!(office.purger.deletions().await.unwrap(), passed_over);
    assert_eq!(office.row_counts().await["deleted_memos"], 0);
    office.close().await;
}

const PLACE_MANY: &str = "mutation ($input: PlaceMemoHoldsInput!) { placeMemoHolds(input: $input) {
    placedMemoIds alreadyOnHoldCount missedMemoIds hasMore userErrors { code field } \
    clientMutationId } }";
const RELEASE_MANY: &str =
    "mutation ($matter: String!) { releaseMemoHolds(input: { matter: $matter }) {
    releasedMemoIds hasMore userErrors { code field } } }";

async fn place_many(office: &Office, selection: Value, matter: &str) -> Value {
    let input = json!({ "selection": selection, "matter": matter, "reason": "Evidence" });
    office.admin().data(PLACE_MANY, json!({ "input": input })).await["placeMemoHolds"].take()
}

async fn release_many(office: &Office, matter: &str) -> Value {
    office.admin().data(RELEASE_MANY, json!({ "matter": matter })).await["releaseMemoHolds"].take()
}

fn ids(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_holds_what_fits_live_and_deleted_and_never_a_draft() {
    let office = Office::open().await;
    let (author, recipient, stranger) = (office.author(), office.recipient(), office.stranger());
    let (deal, tag) = (office.deal("Hotel lobby").await, office.some_tag().await);
    let sent = |memo: &TestMemo| memo.id.clone();
    let from_author = office.memo().create().await;
    let to_author = office.memo().from(stranger.id).to(author.id).create().await;
    let tagged = office.memo().from(stranger.id).create().await;
    office.insert(entity::memo_tag::Model { memo_id: tagged.uuid, tag_id: tag }).await;
    let about = office.memo().from(stranger.id).create().await;
    office.link(&about, memo::Column::DealId, deal).await;
    let deleted = office.memo().create().await;
    office.link(&deleted, memo::Column::DealId, deal).await;
    author.delete_confirmed(&deleted.id).await;
    // Drafts that match every selection. One of them is deleted, and one is the administrator's
    // own.
    for from in [author.id, author.id, office.admin().id] {
        let draft = office.memo().from(from).draft().create().await;
        office.link(&draft, memo::Column::DealId, deal).await;
        office.insert(entity::memo_tag::Model { memo_id: draft.uuid, tag_id: tag }).await;
        if from == author.id {
            author.delete_confirmed(&draft.id).await;
        }
    }
    office.clock.advance(TimeDelta::days(1));
    let later = office.memo().from(stranger.id).to(stranger.id).create().await;
    let user = |person: &memoranda_tests::Actor| person.user_id();
    let moment = "2026-03-03T00:00:00Z";
    let cases = [
        (json!({ "participantId": user(author) }), vec![&from_author, &to_author, &deleted]),
        (json!({ "authorId": user(author) }), vec![&from_author, &deleted]),
        (json!({ "recipientId": user(recipient) }), vec![&from_author, &tagged, &about, &deleted]),
        (json!({ "tagId": Kind::Tag.id(tag) }), vec![&tagged]),
        (json!({ "dealId": Kind::Deal.id(deal) }), vec![&about, &deleted]),
        (json!({ "sentFrom": moment }), vec![&later]),
        (
            json!({ "sentBefore": moment, "authorId": user(stranger) }),
            vec![&to_author, &tagged, &about],
        ),
        (json!({ "dealId": Kind::Deal.id(deal), "authorId": user(stranger) }), vec![&about]),
        (json!({ "authorId": user(office.admin()) }), vec![]),
        (json!({ "authorId": Kind::User.id(uuid::Uuid::max()) }), vec![]),
    ];
    for (n, (selection, expected)) in cases.into_iter().enumerate() {
        let matter = format!("Case {n}");
        let expected: BTreeSet<String> = expected.into_iter().map(sent).collect();
        let held = place_many(&office, selection.clone(), &matter).await;
        assert_eq!(ids(&held["placedMemoIds"]), expected, "{selection}");
        assert_eq!((&held["alreadyOnHoldCount"], &held["hasMore"]), (&json!(0), &json!(false)));
        let again = place_many(&office, selection, &matter).await;
        assert_eq!((&again["placedMemoIds"], &again["missedMemoIds"]), (&json!([]), &json!([])));
        assert_eq!(again["alreadyOnHoldCount"], json!(expected.len()));
        let released = release_many(&office, &matter).await;
        assert_eq!(ids(&released["releasedMemoIds"]), expected);
        assert_eq!(release_many(&office, &matter).await["releasedMemoIds"], json!([]));
    }
    let rows = memo_hold::Entity::find().all(office.services.database.connection()).await.unwrap();
    assert!(
        rows.iter()
            .all(|row| row.released_by == Some(office.admin().id) && row.held_memo_id.is_none())
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn holding_a_selection_needs_a_condition_a_matter_and_a_reason_and_names_nothing() {
    let office = Office::open().await;
    let memo = office.memo().named("A secret name").create().await;
    let before = office.row_counts().await;
    let author = json!({ "authorId": office.author().user_id() });
    for (selection, matter, reason, field) in [
        (json!({}), "Audit", "Evidence", "selection"),
        (author.clone(), " ", "Evidence", "matter"),
        (author.clone(), &"x".repeat(101), "Evidence", "matter"),
        (author.clone(), "Audit", " ", "reason"),
    ] {
        let input = json!({ "selection": selection, "matter": matter, "reason": reason,
            "clientMutationId": "7" });
        let refused =
            office.admin().data(PLACE_MANY, json!({ "input": input })).await["placeMemoHolds"]
                .take();
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
        assert_eq!(refused["clientMutationId"], "7");
    }
    assert_eq!(codes(&release_many(&office, " ").await), ["INVALID_INPUT"]);
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let held = place_many(&office, author, "Audit").await;
    assert_eq!(held["placedMemoIds"], json!([memo.id]));
    assert_eq!(codes(&office.author().delete(&memo.id).await), ["ON_HOLD"]);
    office.close().await;
}

/// Inserts that many memos of the author into the database.
async fn many_memos(office: &Office, number: usize) {
    let first = office.memo().create().await;
    let connection = office.services.database.connection();
    let row = memo::Entity::find_by_id(first.uuid).one(connection).await.unwrap().unwrap();
    let rows: Vec<memo::ActiveModel> = (1..number)
        .map(|_| memo::Model { id: office.services.new_id(), ..row.clone() }.into_active_model())
        .collect();
    for rows in rows.chunks(500) {
        memo::Entity::insert_many(rows.to_vec()).exec_without_returning(connection).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_memos_are_held_and_released_in_portions_of_the_same_statements() {
    let office = Office::open().await;
    many_memos(&office, 1_003).await;
    let selection = json!({ "authorId": office.author().user_id() });
    let length = |list: &Value| list.as_array().unwrap().len();
    let mut statements = Vec::new();
    for (placed, already, more) in [(1_000, 0, true), (3, 1_000, false), (0, 1_003, false)] {
        let before = office.statements();
        let held = place_many(&office, selection.clone(), "Audit").await;
        statements.push(office.statements() - before);
        assert_eq!(length(&held["placedMemoIds"]), placed);
        assert_eq!(
            (&held["alreadyOnHoldCount"], &held["hasMore"]),
            (&json!(already), &json!(more))
        );
    }
    for (released, more) in [(1_000, true), (3, false), (0, false)] {
        let before = office.statements();
        let payload = release_many(&office, "Audit").await;
        statements.push(office.statements() - before);
        assert_eq!(
            (length(&payload["releasedMemoIds"]), &payload["hasMore"]),
            (released, &json!(more))
        );
    }
    assert!(statements[..3].iter().all(|n| *n == statements[0]), "{statements:?}");
    assert!(statements[3..].iter().all(|n| *n == statements[3]), "{statements:?}");
    let held = memo::Entity::find().all(office.services.database.connection()).await.unwrap();
    assert!(held.iter().all(|memo| !memo.on_hold));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_that_races_with_deletions_and_restores_says_what_it_missed_and_goes_on() {
    const ROUNDS: usize = 5;
    let office = Office::open().await;
    let author = office.author();
    for round in 0..ROUNDS {
        let deal = office.deal(&format!("Deal {round}")).await;
        let (mut live, mut records, mut all) = (Vec::new(), Vec::new(), BTreeSet::new());
        for n in 0..8 {
            let memo = office.memo().create().await;
            office.link(&memo, memo::Column::DealId, deal).await;
            all.insert(memo.id.clone());
            if n % 2 == 0 {
                let deleted = author.delete_confirmed(&memo.id).await;
                records.push(deleted["receipt"]["id"].as_str().unwrap().to_owned());
            } else {
                live.push(memo.id);
            }
        }
        let selection = json!({ "dealId": Kind::Deal.id(deal) });
        let moves = async {
            for (record, memo) in records.iter().zip(&live) {
                author.restore(record).await;
                author.delete_confirmed(memo).await;
            }
        };
        let (held, ()) = tokio::join!(place_many(&office, selection.clone(), "Audit"), moves);
        let (placed, missed) = (ids(&held["placedMemoIds"]), ids(&held["missedMemoIds"]));
        assert_eq!(&placed | &missed, all, "round {round}: nothing is forgotten: {held:#}");
        assert_eq!(held["hasMore"], json!(!missed.is_empty()));
        let rest = place_many(&office, selection, "Audit").await;
        assert_eq!(ids(&rest["placedMemoIds"]), missed, "round {round}");
        let holds = "query ($memo: ID) { memoHolds(filter: { states: [ACTIVE], memoId: $memo }) {
            nodes { active } } }";
        for memo in &all {
            let holds = office.admin().data(holds, json!({ "memo": memo })).await;
            assert_eq!(holds["memoHolds"]["nodes"], json!([{ "active": true }]));
        }
    }
    office.close().await;
}
