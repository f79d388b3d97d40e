//! Who has read which memo.

use crate::writing::act;
use memoranda_tests::{Actor, Office, TestMemo, difference};
use serde_json::{Value, json};
use uuid::Uuid;

async fn mark(person: &Actor, verb: &str, memos: &[&str]) -> Value {
    let ty = format!("{}{}Input", verb[..1].to_uppercase(), &verb[1..]);
    let query = format!(
        "mutation ($input: {ty}!) {{ {verb}(input: $input) {{ memos {{ id unread }} \
         unreadMemoCount userErrors {{ code field message }} }} }}"
    );
    person.data(&query, json!({ "input": { "memoIds": memos } })).await[verb].take()
}

async fn unread(person: &Actor) -> (Value, Vec<bool>) {
    let query = "{ unreadMemoCount memos(box: ALL_VISIBLE, orderBy: { field: CREATED_AT, \
        direction: ASC }) { nodes { unread } } }";
    let answer = person.data(query, json!({})).await;
    let nodes = answer["memos"]["nodes"].as_array().unwrap();
    (answer["unreadMemoCount"].clone(), nodes.iter().map(|memo| memo["unread"] == true).collect())
}

async fn revision(office: &Office, memo: &TestMemo) -> (i64, i64) {
    use sea_orm::EntityTrait;
    let connection = office.services.database.connection();
    let row = entity::memo::Entity::find_by_id(memo.uuid).one(connection).await.unwrap().unwrap();
    (row.revision, row.version)
}

#[tokio::test(flavor = "multi_thread")]
async fn memos_are_marked_each_for_oneself_and_marking_again_touches_nothing() {
    let office = Office::open().await;
    let (recipient, subscriber) = (office.recipient(), office.subscriber());
    let mut memos = Vec::new();
    for _ in 0..3 {
        let memo = office.memo().with_subscriber(subscriber.id).create().await;
        office.mark_unread(&memo, recipient.id).await;
        office.mark_unread(&memo, subscriber.id).await;
        memos.push(memo);
        office.clock.advance(chrono::TimeDelta::seconds(1));
    }
    assert_eq!(unread(recipient).await, (json!(3), vec![true; 3]));
    let before = office.row_counts().await;
    let (one, two) = (memos[1].id.as_str(), memos[0].id.as_str());
    let payload = mark(recipient, "markMemosRead", &[one, two, one]).await;
    assert_eq!(
        payload["memos"],
        json!([{ "id": one, "unread": false }, { "id": two, "unread": false }])
    );
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(
        difference(&before, &office.row_counts().await),
        [("unread_marks".to_owned(), -2)].into()
    );
    assert_eq!(unread(recipient).await, (json!(1), vec![false, false, true]));
    assert_eq!(unread(subscriber).await, (json!(3), vec![true; 3]), "for others nothing changed");

    let touched = revision(&office, &memos[0]).await;
    mark(recipient, "markMemosRead", &[two]).await;
    mark(subscriber, "markMemosUnread", &[two]).await;
    assert_eq!(
        revision(&office, &memos[0]).await,
        touched,
        "what is marked already is not touched"
    );
    let payload = mark(recipient, "markMemosUnread", &[two]).await;
    assert_eq!(payload["memos"], json!([{ "id": two, "unread": true }]));
    assert_eq!(payload["unreadMemoCount"], 2);
    assert_eq!(unread(recipient).await, (json!(2), vec![true, false, true]));
    assert_eq!(revision(&office, &memos[0]).await.1, 1, "a mark is no new version");
    assert_eq!(office.row_counts().await["memo_events"], 0, "nobody receives an event");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_seen_is_named_by_its_place_and_the_others_are_marked() {
    let office = Office::open().await;
    let mine = office.memo().create().await;
    let foreign = office.memo().from(office.stranger().id).to(office.stranger().id).create().await;
    let draft = office.memo().draft().create().await;
    let unknown = api::graphql::Kind::Memo.id(Uuid::max()).0;
    let payload =
        mark(office.recipient(), "markMemosUnread", &[&foreign.id, &mine.id, &draft.id, &unknown])
            .await;
    assert_eq!(payload["memos"], json!([{ "id": mine.id, "unread": true }]));
    assert_eq!(payload["unreadMemoCount"], 1);
    let errors = payload["userErrors"].as_array().unwrap();
    for (error, place) in errors.iter().zip(["0", "2", "3"]) {
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("NOT_FOUND"), &json!(["input", "memoIds", place]))
        );
    }
    assert_eq!((errors.len(), office.row_counts().await["unread_marks"]), (3, 1));
    let many = vec![mine.id.as_str(); 101];
    let payload = mark(office.recipient(), "markMemosRead", &many).await;
    assert_eq!(payload["userErrors"][0]["code"], "INVALID_INPUT");
    assert_eq!(payload["unreadMemoCount"], json!(null));
    assert_eq!(office.row_counts().await["unread_marks"], 1, "nothing was marked");
    assert_eq!(unread(office.recipient()).await.0, 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_viewer_sees_is_counted_as_unread() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    for person in [office.recipient(), office.stranger(), office.chief()] {
        office.mark_unread(&memo, person.id).await;
    }
    for (person, count) in
        [("author", 0), ("recipient", 1), ("stranger", 0), ("chief", 1), ("admin", 0)]
    {
        assert_eq!(unread(office.person(person)).await.0, count, "{person}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_request_changes_step_by_step_is_answered_as_it_is_after_each_step() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let tag = crate::writing::tag(&office, "urgent").await;
    let query = "mutation ($m: ID!, $t: [ID!]!, $u: [ID!]!) {
        a: markMemosUnread(input: { memoIds: [$m] }) { memos { unread } }
        b: markMemosRead(input: { memoIds: [$m] }) { memos { unread } }
        c: addMemoTags(input: { memoId: $m, tagIds: $t }) { memo { tags { name } subscribers { \
        username } } }
        d: addMemoSubscribers(input: { memoId: $m, userIds: $u }) { memo { tags { name } \
        subscribers { username } } }
        e: removeMemoTags(input: { memoId: $m, tagIds: $t }) { memo { tags { name } subscribers { \
        username } } }
    }";
    let variables =
        json!({ "m": memo.id, "t": [tag], "u": [crate::writing::user(office.subscriber())] });
    let answer = office.recipient().data(query, variables).await;
    insta::assert_json_snapshot!(answer, @r#"
    {
      "a": {
        "memos": [
          {
            "unread": true
          }
        ]
      },
      "b": {
        "memos": [
          {
            "unread": false
          }
        ]
      },
      "c": {
        "memo": {
          "subscribers": [],
          "tags": [
            {
              "name": "urgent"
            }
          ]
        }
      },
      "d": {
        "memo": {
          "subscribers": [
            {
              "username": "subscriber"
            }
          ],
          "tags": [
            {
              "name": "urgent"
            }
          ]
        }
      },
      "e": {
        "memo": {
          "subscribers": [
            {
              "username": "subscriber"
            }
          ],
          "tags": []
        }
      }
    }
    "#);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hints_of_a_page_cost_one_statement_whatever_its_length() {
    let office = Office::open().await;
    for n in 0..30 {
        let input = json!({ "name": format!("Memo {n}"),
            "recipientId": crate::writing::user(office.recipient()) });
        act(office.author(), "createMemo", input).await;
    }
    let query = "query ($n: Int!) { memos(first: $n) { nodes { version unread viewerCanUpdate
        viewerCannotUpdateReasons viewerUpdatableFields } } }";
    office.recipient().data("{ viewer { id } }", json!({})).await;
    for n in [3, 30] {
        let before = office.statements();
        let answer = office.recipient().data(query, json!({ "n": n })).await;
        assert_eq!(office.statements() - before, 1, "the page with its marks");
        assert_eq!(answer["memos"]["nodes"].as_array().unwrap().len(), n);
        assert_eq!(answer["memos"]["nodes"][0]["unread"], true);
    }
    office.close().await;
}
