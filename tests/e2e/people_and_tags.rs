//! The subscribers of a memo, and its tags.

use crate::writing::{act, events, former, notified, refusals, tag, user};
use api::graphql::Kind;
use memoranda_tests::{Office, codes, difference};
use serde_json::json;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn author_and_recipient_let_people_read_along_who_are_told_and_have_not_read_it() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let people = [
        user(office.subscriber()),
        user(office.recipient()),
        user(office.author()),
        user(office.subscriber()),
    ];
    let payload =
        act(office.author(), "addMemoSubscribers", json!({ "memoId": memo.id, "userIds": people }))
            .await;
    assert_eq!(codes(&payload), [""; 0]);
    assert_eq!(payload["memo"]["subscribers"], json!([{ "username": "subscriber" }]));
    assert_eq!(payload["memo"]["version"], 1, "people are no field of its own");
    let added =
        [("memo_events", 1), ("memo_subscribers", 1), ("notifications", 1), ("unread_marks", 1)];
    let added = added.map(|(table, rows)| (table.to_owned(), rows));
    assert_eq!(difference(&before, &office.row_counts().await), added.into());
    assert_eq!(notified(office.subscriber()).await, ["MEMO_SHARED"]);
    assert_eq!(office.subscriber().type_of(&memo.id).await, "Memo");

    let before = office.row_counts().await;
    let again = act(
        office.recipient(),
        "addMemoSubscribers",
        json!({ "memoId": memo.id, "userIds": people }),
    )
    .await;
    assert_eq!(again["memo"]["subscribers"], json!([{ "username": "subscriber" }]));
    assert_eq!(
        difference(&before, &office.row_counts().await),
        [].into(),
        "doing it again changes nothing"
    );
    let more = json!({ "memoId": memo.id, "userIds": [user(office.subscriber()),
        user(office.stranger())] });
    act(office.recipient(), "addMemoSubscribers", more).await;
    assert_eq!(
        (notified(office.subscriber()).await.len(), notified(office.stranger()).await.len()),
        (1, 1)
    );
    assert_eq!(events(&office, &json!(memo.id)).await, ["UPDATED", "UPDATED"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drafts_subscribers_hear_of_it_when_it_is_sent() {
    let office = Office::open().await;
    let draft = office.memo().draft().create().await;
    let input = json!({ "memoId": draft.id, "userIds": [user(office.subscriber())] });
    act(office.author(), "addMemoSubscribers", input).await;
    assert_eq!(
        (notified(office.subscriber()).await.len(), office.row_counts().await["unread_marks"]),
        (0, 0)
    );
    assert!(office.subscriber().type_of(&draft.id).await.is_null());
    act(office.author(), "sendMemo", json!({ "memoId": draft.id })).await;
    assert_eq!(notified(office.subscriber()).await, ["MEMO_SHARED"]);
    assert_eq!(office.row_counts().await["unread_marks"], 2);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_chooses_who_reads_along_or_the_tags() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let existing = Kind::Tag.id(office.tag(&memo, "old").await).0;
    let new = tag(&office, "new").await;
    let before = office.row_counts().await;
    for (verb, list, ids) in [
        ("addMemoSubscribers", "userIds", json!([user(office.stranger())])),
        (
            "removeMemoSubscribers",
            "userIds",
            json!([user(office.subscriber()), user(office.chief())]),
        ),
        ("addMemoTags", "tagIds", json!([new])),
        ("removeMemoTags", "tagIds", json!([existing])),
    ] {
        let input = json!({ "memoId": memo.id, list: ids });
        for (person, expected) in [
            ("subscriber", "NOT_A_PARTICIPANT memoId"),
            ("chief", "NOT_A_PARTICIPANT memoId"),
            ("stranger", "NOT_FOUND memoId"),
            ("admin", "NOT_FOUND memoId"),
        ] {
            assert_eq!(
                refusals(&act(office.person(person), verb, input.clone()).await),
                [expected],
                "{verb} {person}"
            );
        }
        let many = json!({ "memoId": memo.id, list: vec![ids[0].clone(); 101] });
        assert_eq!(
            refusals(&act(office.author(), verb, many).await),
            [format!("INVALID_INPUT {list}")]
        );
    }
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_are_unknown_or_have_left_are_named_by_their_place_and_nobody_is_added() {
    let office = Office::open().await;
    let former = former(&office, "former").await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let before = office.row_counts().await;
    let unknown = Kind::User.id(Uuid::max()).0;
    let ids = [user(office.subscriber()), unknown, user(office.stranger()), user(&former)];
    let payload =
        act(office.author(), "addMemoSubscribers", json!({ "memoId": memo.id, "userIds": ids }))
            .await;
    assert_eq!(refusals(&payload), ["NOT_FOUND userIds.1", "INACTIVE_PERSON userIds.3"]);
    let ids = [tag(&office, "good").await, Kind::Tag.id(Uuid::max()).0];
    let payload =
        act(office.author(), "addMemoTags", json!({ "memoId": memo.id, "tagIds": ids })).await;
    assert_eq!(refusals(&payload), ["NOT_FOUND tagIds.1"]);
    assert_eq!(difference(&before, &office.row_counts().await), [("tags".to_owned(), 1)].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_no_longer_reads_along_has_nothing_unread_and_sees_it_no_more() {
    let office = Office::open().await;
    let (subscriber, chief) = (office.subscriber(), office.chief());
    let memo =
        office.memo().with_subscriber(subscriber.id).with_subscriber(chief.id).create().await;
    for person in [subscriber, chief, office.recipient()] {
        office.mark_unread(&memo, person.id).await;
    }
    let before = office.row_counts().await;
    let themselves = json!({ "memoId": memo.id, "userIds": [user(subscriber)] });
    let left = act(subscriber, "removeMemoSubscribers", themselves.clone()).await;
    assert_eq!(
        (codes(&left), &left["memo"]),
        (vec![], &json!(null)),
        "it does not exist for them any more"
    );
    assert!(subscriber.type_of(&memo.id).await.is_null());
    let removed = [("memo_events", 1), ("memo_subscribers", -1), ("unread_marks", -1)];
    let removed = removed.map(|(table, rows)| (table.to_owned(), rows));
    assert_eq!(
        difference(&before, &office.row_counts().await),
        removed.into(),
        "nobody is notified"
    );
    assert_eq!(
        refusals(&act(subscriber, "removeMemoSubscribers", themselves.clone()).await),
        ["NOT_FOUND memoId"]
    );

    let before = office.row_counts().await;
    let again = act(office.author(), "removeMemoSubscribers", themselves).await;
    assert_eq!(
        (codes(&again), &again["memo"]["subscribers"]),
        (vec![], &json!([{ "username": "chief" }]))
    );
    let recipient = json!({ "memoId": memo.id, "userIds": [user(office.recipient())] });
    assert_eq!(codes(&act(office.author(), "removeMemoSubscribers", recipient).await), [""; 0]);
    assert_eq!(
        difference(&before, &office.row_counts().await),
        [].into(),
        "nothing changes for people who are not subscribers"
    );
    let own = json!({ "memoId": memo.id, "userIds": [user(chief)] });
    let payload = act(chief, "removeMemoSubscribers", own).await;
    assert_eq!(payload["memo"]["subscribers"], json!([]), "a chief still sees it");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn author_and_recipient_put_tags_on_and_take_them_off() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let (one, two) = (tag(&office, "one").await, tag(&office, "two").await);
    let names = |payload: &serde_json::Value| -> Vec<String> {
        let tags = payload["memo"]["tags"].as_array().unwrap();
        tags.iter().map(|tag| tag["name"].as_str().unwrap().to_owned()).collect()
    };
    for (person, verb, tags, expected, heard) in [
        ("author", "addMemoTags", vec![&one, &one], vec!["one"], 1),
        ("recipient", "addMemoTags", vec![&one, &two], vec!["one", "two"], 2),
        ("recipient", "addMemoTags", vec![&one], vec!["one", "two"], 2),
        ("author", "removeMemoTags", vec![&one], vec!["two"], 3),
        ("author", "removeMemoTags", vec![&one], vec!["two"], 3),
    ] {
        let payload =
            act(office.person(person), verb, json!({ "memoId": memo.id, "tagIds": tags })).await;
        assert_eq!(names(&payload), expected);
        assert_eq!(events(&office, &json!(memo.id)).await.len(), heard);
    }
    assert_eq!(office.row_counts().await["tags"], 2, "the tags themselves stay");
    assert_eq!(office.row_counts().await["notifications"], 0);
    office.close().await;
}
