//! Writing, sending and copying memos.

use api::graphql::Kind;
use memoranda_tests::{Actor, Office, codes, difference, uuid_of};
use serde_json::{Value, json};
use uuid::Uuid;

/// The fields that these tests read.
pub const MEMO: &str = "memo { id name description draft stage sentAt version reviewDate unread
    author { username } recipient { username } subscribers { username } tags { name } files { name }
    deal { name } resolution { name } task { name } project { name } commentCount }";

/// Runs that mutation with that input, and returns the payload.
pub async fn act(person: &Actor, verb: &str, input: Value) -> Value {
    let ty = format!("{}{}Input", verb[..1].to_uppercase(), &verb[1..]);
    // A subscriber may not read the conclusion.
    let memo = if verb == "removeMemoSubscribers" {
        MEMO.to_owned()
    } else {
        MEMO.replace("unread", "unread conclusion")
    };
    let more = if verb == "sendMemo" { "replayed" } else { "" };
    let query = format!(
        "mutation ($input: {ty}!) {{ {verb}(input: $input) {{ {memo} {more} userErrors {{ code \
         field message }} clientMutationId }} }}"
    );
    person.data(&query, json!({ "input": input })).await[verb].take()
}

/// Codes and fields of a payload's refusals, as `CODE field`.
pub fn refusals(payload: &Value) -> Vec<String> {
    let errors = payload["userErrors"].as_array().unwrap().iter();
    errors
        .map(|error| {
            let path: Vec<&str> = error["field"]
                .as_array()
                .unwrap()
                .iter()
                .map(|part| part.as_str().unwrap())
                .collect();
            assert_eq!(path[0], "input");
            assert!(error["message"].as_str().unwrap().ends_with('.'), "{error}");
            format!("{} {}", error["code"].as_str().unwrap(), path[1..].join("."))
        })
        .collect()
}

/// The kinds of the person's notifications, the latest first.
pub async fn notified(person: &Actor) -> Vec<String> {
    let answer = person.data("{ notifications(first: 100) { nodes { kind } } }", json!({})).await;
    let nodes = answer["notifications"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
}

/// The events of a memo in order, as `KIND` or `KIND of a draft`.
pub async fn events(office: &Office, memo: &Value) -> Vec<String> {
    use entity::memo_event;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
    let rows = memo_event::Entity::find()
        .filter(memo_event::Column::MemoId.eq(uuid_of(Kind::Memo, memo.as_str().unwrap())))
        .order_by_asc(memo_event::Column::Id)
        .all(office.services.database.connection())
        .await
        .unwrap();
    rows.iter()
        .map(|row| format!("{}{}", row.kind.as_str(), if row.draft { " of a draft" } else { "" }))
        .collect()
}

/// The global id of a person.
pub fn user(person: &Actor) -> String {
    Kind::User.id(person.id).0
}

/// A person who has left the office.
pub async fn former(office: &Office, username: &str) -> Actor {
    use sea_orm::{ActiveModelTrait, Set};
    let person = office.hire(username, entity::UserRole::Member).await;
    let row =
        entity::user::ActiveModel { id: Set(person.id), active: Set(false), ..Default::default() };
    row.update(office.services.database.connection()).await.unwrap();
    person
}

pub async fn tag(office: &Office, name: &str) -> String {
    let row = entity::tag::Model { id: office.services.new_id(), name: name.to_owned() };
    Kind::Tag.id(office.insert(row).await.id).0
}

async fn unread_of(person: &Actor) -> Value {
    person.data("{ unreadMemoCount }", json!({})).await["unreadMemoCount"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_is_written_with_everything_and_sent_at_once() {
    let office = Office::open().await;
    let (author, recipient, subscriber) =
        (office.author(), office.recipient(), office.subscriber());
    let (deal, resolution) =
        (office.deal("Hotel lobby").await, office.resolution("For approval").await);
    let other = office.memo().create().await;
    let file = office.attach(&other, "plan.txt", "the plan").await;
    let tag = tag(&office, "urgent").await;
    let before = office.row_counts().await;
    let input = json!({
        "name": " Order new chairs ", "description": "Six.", "recipientId": user(recipient),
            "reviewDate": "2020-01-01",
        "subscriberIds": [user(subscriber), user(recipient), user(author), user(subscriber)],
            "tagIds": [tag, tag],
        "dealId": Kind::Deal.id(deal).0, "resolutionId": Kind::Resolution.id(resolution).0,
        "fileIds": [Kind::File.id(file.id).0], "clientMutationId": "c-1",
    });
    let payload = act(author, "createMemo", input).await;
    let memo = &payload["memo"];
    insta::assert_json_snapshot!(*memo, { ".id" => "[memo]" }, @r#"
    {
      "author": {
        "username": "author"
      },
      "commentCount": 0,
      "conclusion": null,
      "deal": {
        "name": "Hotel lobby"
      },
      "description": "Six.",
      "draft": false,
      "files": [
        {
          "name": "plan.txt"
        }
      ],
      "id": "[memo]",
      "name": "Order new chairs",
      "project": null,
      "recipient": {
        "username": "recipient"
      },
      "resolution": {
        "name": "For approval"
      },
      "reviewDate": "2020-01-01",
      "sentAt": "2026-03-02T09:00:00.000Z",
      "stage": "PENDING",
      "subscribers": [
        {
          "username": "subscriber"
        }
      ],
      "tags": [
        {
          "name": "urgent"
        }
      ],
      "task": null,
      "unread": false,
      "version": 1
    }
    "#);
    assert_eq!((payload["clientMutationId"].as_str(), codes(&payload)), (Some("c-1"), vec![]));
    let written = [
        ("files", 1),
        ("memo_events", 1),
        ("memo_files", 1),
        ("memo_ids", 1),
        ("memo_subscribers", 1),
        ("memo_tags", 1),
        ("memos", 1),
        ("notifications", 2),
        ("unread_marks", 2),
    ];
    let written = written.map(|(table, rows)| (table.to_owned(), rows));
    assert_eq!(difference(&before, &office.row_counts().await), written.into());
    assert_eq!(events(&office, &memo["id"]).await, ["SENT"]);
    assert_eq!(
        (notified(recipient).await, notified(subscriber).await),
        (vec!["MEMO_SENT".into()], vec!["MEMO_SHARED".into()])
    );
    for (person, unread) in [(author, 0), (recipient, 1), (subscriber, 1), (office.chief(), 0)] {
        assert_eq!(unread_of(person).await, unread, "{}", person.name);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_tells_nobody_and_exists_for_its_author_alone() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    let input = json!({ "name": "Not yet", "draft": true, "recipientId": user(office.recipient()),
        "subscriberIds": [user(office.subscriber())] });
    let memo = act(office.author(), "createMemo", input).await["memo"].take();
    assert_eq!(
        (&memo["draft"], &memo["sentAt"], &memo["description"]),
        (&json!(true), &json!(null), &json!(""))
    );
    let written = [("memo_events", 1), ("memo_ids", 1), ("memo_subscribers", 1), ("memos", 1)]
        .map(|(t, n)| (t.to_owned(), n));
    assert_eq!(difference(&before, &office.row_counts().await), written.into());
    assert_eq!(events(&office, &memo["id"]).await, ["UPDATED of a draft"]);
    for name in ["recipient", "subscriber", "stranger", "chief", "admin"] {
        assert!(
            office.person(name).type_of(memo["id"].as_str().unwrap()).await.is_null(),
            "{name}"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_recipient_it_is_a_to_do_for_oneself() {
    let office = Office::open().await;
    for input in [
        json!({ "name": "Call back" }),
        json!({ "name": "Call back", "recipientId": null, "draft": null }),
    ] {
        let memo = act(office.author(), "createMemo", input).await["memo"].take();
        assert_eq!(
            (&memo["recipient"]["username"], &memo["draft"]),
            (&json!("author"), &json!(false))
        );
        assert_eq!(memo["unread"], false);
    }
    assert_eq!(notified(office.author()).await, [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_with_a_new_memo_is_said_at_its_field_and_nothing_is_written() {
    let office = Office::open().await;
    let former = former(&office, "former").await;
    let hidden = office.memo().from(office.stranger().id).to(office.stranger().id).create().await;
    let new = service::files::NewFile {
        name: "secret.txt".into(),
        media_type: "text/plain".into(),
        bytes: "secret".into(),
    };
    let secret = service::files::store(
        &office.services,
        &office.backend.file_store,
        office.stranger().id,
        &new,
    )
    .await
    .unwrap();
    office.attach_file(&hidden, secret.id).await;
    let tag = tag(&office, "urgent").await;
    let before = office.row_counts().await;
    let unknown = |kind: Kind| kind.id(Uuid::max()).0;
    let input = json!({
        "name": "  ", "description": "x".repeat(20_001), "recipientId": user(&former),
        "subscriberIds": [user(office.subscriber()), unknown(Kind::User), user(&former)],
        "tagIds": [tag, unknown(Kind::Tag)], "dealId": unknown(Kind::Deal),
            "resolutionId": unknown(Kind::Resolution),
        "fileIds": [unknown(Kind::File), Kind::File.id(secret.id).0],
    });
    let payload = act(office.author(), "createMemo", input).await;
    assert!(payload["memo"].is_null());
    assert_eq!(
        refusals(&payload),
        [
            "INVALID_INPUT name",
            "INVALID_INPUT description",
            "NOT_FOUND fileIds.0",
            "NOT_FOUND fileIds.1",
            "INACTIVE_PERSON recipientId",
            "NOT_FOUND subscriberIds.1",
            "INACTIVE_PERSON subscriberIds.2",
            "NOT_FOUND tagIds.1",
            "NOT_FOUND dealId",
            "NOT_FOUND resolutionId",
        ]
    );
    for (field, text) in
        [("name", "x".repeat(251)), ("name", "a\0b".into()), ("description", "a\0b".into())]
    {
        let mut input = json!({ "name": "Good" });
        input[field] = json!(text);
        assert_eq!(
            refusals(&act(office.author(), "createMemo", input).await),
            [format!("INVALID_INPUT {field}")]
        );
    }
    for (field, kind) in
        [("subscriberIds", Kind::User), ("tagIds", Kind::Tag), ("fileIds", Kind::File)]
    {
        let mut input = json!({ "name": "Good" });
        input[field] = json!(vec![unknown(kind); 101]);
        let statements = office.statements();
        let payload = act(office.author(), "createMemo", input).await;
        assert_eq!(refusals(&payload), [format!("INVALID_INPUT {field}")]);
        assert_eq!(office.statements() - statements, 1, "but for signing in, nothing ran");
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    let longest = json!({ "name": "ж".repeat(250), "description": "ж".repeat(20_000) });
    assert_eq!(codes(&act(office.author(), "createMemo", longest).await), [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_attached_by_who_uploaded_it_or_sees_it() {
    let office = Office::open().await;
    let shared = office.memo().with_subscriber(office.subscriber().id).create().await;
    let file = office.attach(&shared, "plan.txt", "the plan").await;
    let input = json!({ "name": "With the plan", "fileIds": [Kind::File.id(file.id).0] });
    for (name, allowed) in
        [("author", true), ("subscriber", true), ("chief", true), ("stranger", false)]
    {
        let payload = act(office.person(name), "createMemo", input.clone()).await;
        let expected: &[&str] = if allowed { &[] } else { &["NOT_FOUND fileIds.0"] };
        assert_eq!(refusals(&payload), expected, "{name}");
    }
    let rows = office.row_counts().await;
    assert_eq!(
        (rows["files"], rows["blobs"]),
        (4, 1),
        "each memo has a file of its own, with the same bytes"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_sent_once_however_often_it_is_asked_for() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let subscriber = office.subscriber();
    let draft = office.memo().draft().with_subscriber(subscriber.id).create().await;
    office.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(
        refusals(&act(recipient, "sendMemo", json!({ "memoId": draft.id })).await),
        ["NOT_FOUND memoId"]
    );
    let stale = act(author, "sendMemo", json!({ "memoId": draft.id, "expectedVersion": 7 })).await;
    assert_eq!(refusals(&stale), ["VERSION_CONFLICT expectedVersion"]);
    assert_eq!((&stale["memo"]["version"], &stale["memo"]["draft"]), (&json!(1), &json!(true)));

    let input = json!({ "memoId": draft.id, "expectedVersion": 1 });
    let first = act(author, "sendMemo", input.clone()).await;
    assert_eq!((codes(&first), &first["replayed"]), (vec![], &json!(false)));
    assert_eq!((&first["memo"]["draft"], &first["memo"]["version"]), (&json!(false), &json!(2)));
    assert_eq!(first["memo"]["sentAt"], "2026-03-02T10:00:00.000Z");
    assert_eq!(unread_of(recipient).await, 1);
    assert_eq!(unread_of(subscriber).await, 1);
    let sent = office.row_counts().await;
    let again = act(author, "sendMemo", input).await;
    assert_eq!((&again["memo"], &again["replayed"]), (&first["memo"], &json!(true)));
    assert_eq!(difference(&sent, &office.row_counts().await), [].into());
    assert_eq!(events(&office, &json!(draft.id)).await, ["SENT"]);
    assert_eq!((notified(recipient).await.len(), notified(subscriber).await.len()), (1, 1));
    let foreign = act(recipient, "sendMemo", json!({ "memoId": draft.id })).await;
    assert_eq!(refusals(&foreign), ["NOT_THE_AUTHOR memoId"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_sent_twice_at_once_arrives_once() {
    let office = Office::open().await;
    for round in 1..=20 {
        let draft = office.memo().draft().create().await;
        let input = json!({ "memoId": draft.id, "expectedVersion": 1 });
        let (one, two) = tokio::join!(
            act(office.author(), "sendMemo", input.clone()),
            act(office.author(), "sendMemo", input)
        );
        assert_eq!((codes(&one), codes(&two)), (vec![], vec![]));
        assert_ne!(one["replayed"], two["replayed"], "round {round}");
        assert_eq!(notified(office.recipient()).await.len(), round);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_to_somebody_who_has_left_is_not_sent() {
    let office = Office::open().await;
    let former = former(&office, "former").await;
    let draft = office.memo().draft().to(former.id).create().await;
    let before = office.row_counts().await;
    let payload = act(office.author(), "sendMemo", json!({ "memoId": draft.id })).await;
    assert_eq!(refusals(&payload), ["INACTIVE_PERSON memoId"]);
    assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains("updateMemo"));
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authors_copy_keeps_the_people_and_anybody_elses_is_their_own_to_do() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    office.sql("UPDATE memos SET note = 'Done.', review_date = '2026-04-01'").await;
    for (name, recipient, subscribers) in
        [("author", "recipient", 2), ("recipient", "recipient", 0), ("subscriber", "subscriber", 0)]
    {
        let before = office.row_counts().await;
        let copy =
            act(office.person(name), "copyMemo", json!({ "memoId": memo.id })).await["memo"].take();
        assert_ne!(copy["id"], json!(memo.id));
        assert_eq!(
            (&copy["author"]["username"], &copy["recipient"]["username"]),
            (&json!(name), &json!(recipient))
        );
        assert_eq!(copy["subscribers"].as_array().unwrap().len(), subscribers);
        assert_eq!(
            (&copy["name"], &copy["draft"]),
            (&json!("Renovate the showroom"), &json!(true))
        );
        assert_eq!((&copy["stage"], &copy["version"]), (&json!("PENDING"), &json!(1)));
        assert_eq!(
            (&copy["deal"]["name"], copy["tags"].as_array().unwrap().len()),
            (&json!("Hotel lobby"), 2)
        );
        assert_eq!(copy["files"].as_array().unwrap().len(), 5);
        for left in ["conclusion", "reviewDate", "resolution", "task", "project", "sentAt"] {
            assert!(copy[left].is_null(), "{left}: {copy:#}");
        }
        assert_eq!(copy["commentCount"], 0);
        let written = [
            ("files", 5),
            ("memo_events", 1),
            ("memo_files", 5),
            ("memo_ids", 1),
            ("memo_tags", 2),
            ("memos", 1),
        ];
        let mut written: std::collections::BTreeMap<_, _> =
            written.map(|(t, n)| (t.to_owned(), n)).into();
        if subscribers > 0 {
            written.insert("memo_subscribers".to_owned(), 2);
        }
        assert_eq!(
            difference(&before, &office.row_counts().await),
            written,
            "nobody is notified of {name}'s copy"
        );
        assert_eq!(events(&office, &copy["id"]).await, ["UPDATED of a draft"]);
        for other in ["author", "recipient", "subscriber", "stranger", "chief", "admin"] {
            let seen = office.person(other).type_of(copy["id"].as_str().unwrap()).await;
            assert_eq!(seen == "Memo", other == name, "{other} and {name}'s copy");
        }
    }
    let refused = act(office.stranger(), "copyMemo", json!({ "memoId": memo.id })).await;
    assert_eq!(refusals(&refused), ["NOT_FOUND memoId"]);
    office.close().await;
}
