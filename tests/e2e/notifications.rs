//! The notifications of people, in the API.

use crate::writing::{act, refusals, user};
use api::graphql::Kind;
use chrono::TimeDelta;
use entity::{NotificationKind, notification};
use memoranda_tests::{Actor, Office, TestMemo, codes, difference, uuid_of};
use serde_json::{Value, json};

const NEWS: &str = "id kind message createdAt readAt actor { username } memo { id } memoId task { \
    name } project { name } deletion { id }";

async fn list(person: &Actor, filter: Value) -> Vec<Value> {
    let query = format!(
        "query ($filter: NotificationFilter) {{ notifications(filter: $filter, first: 100) {{ \
         nodes {{ {NEWS} }} }} }}"
    );
    let mut answer = person.data(&query, json!({ "filter": filter })).await;
    serde_json::from_value(answer["notifications"]["nodes"].take()).unwrap()
}

async fn unread(person: &Actor) -> Value {
    person.data("{ unreadNotificationCount }", json!({})).await["unreadNotificationCount"].take()
}

async fn run(person: &Actor, verb: &str, fields: &str, input: Value) -> Value {
    let ty = format!("{}{}Input", verb[..1].to_uppercase(), &verb[1..]);
    let query = format!(
        "mutation ($input: {ty}!) {{ {verb}(input: $input) {{ {fields} userErrors {{ code field \
         message }} clientMutationId }} }}"
    );
    person.data(&query, json!({ "input": input })).await[verb].take()
}

async fn mark(person: &Actor, ids: &[&Value]) -> Value {
    let input = json!({ "notificationIds": ids });
    run(person, "markNotificationsRead", "notifications { id readAt }", input).await
}

/// Notifies the person of that memo, as the author.
async fn notify(
    office: &Office,
    person: &Actor,
    kind: NotificationKind,
    memo: &TestMemo,
) -> notification::Model {
    office.clock.advance(TimeDelta::seconds(1));
    let row = notification::Model {
        id: office.services.new_id(),
        position: None,
        user_id: person.id,
        kind,
        actor_id: office.author().id,
        memo_id: Some(memo.uuid),
        task_id: None,
        project_id: None,
        deletion_id: None,
        created_at: office.services.now(),
        read_at: None,
    };
    office.insert(row).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_says_who_did_what_to_what() {
    let office = Office::open().await;
    let (author, recipient, subscriber) =
        (office.author(), office.recipient(), office.subscriber());
    let input = json!({ "name": "New chairs", "recipientId": user(recipient),
        "subscriberIds": [user(subscriber)] });
    let memo = act(author, "createMemo", input).await["memo"]["id"].take();

    let notified = list(recipient, json!(null)).await;
    assert_eq!((&notified[0]["memo"]["id"], &notified[0]["memoId"]), (&memo, &memo));
    insta::assert_json_snapshot!(
        notified,
        { "[].id" => "[notification]", "[].memo.id" => "[memo]", "[].memoId" => "[memo]" },
        @r#"
    [
      {
        "actor": {
          "username": "author"
        },
        "createdAt": "2026-03-02T09:00:00.000Z",
        "deletion": null,
        "id": "[notification]",
        "kind": "MEMO_SENT",
        "memo": {
          "id": "[memo]"
        },
        "memoId": "[memo]",
        "message": "The author sent you the memo \"New chairs\".",
        "project": null,
        "readAt": null,
        "task": null
      }
    ]
    "#
    );
    let notified = list(subscriber, json!(null)).await;
    assert_eq!(
        notified[0]["message"],
        "The author made you a subscriber of the memo \"New chairs\"."
    );
    assert_eq!(
        list(author, json!(null)).await,
        [json!(null); 0],
        "nobody is notified of their own actions"
    );

    office.clock.advance(TimeDelta::seconds(1));
    recipient.review(memo.as_str().unwrap()).await;
    for person in [author, subscriber] {
        let notified = list(person, json!(null)).await;
        assert_eq!(notified[0]["kind"], "MEMO_REVIEWED");
        assert_eq!(notified[0]["message"], "The recipient reviewed the memo \"New chairs\".");
    }
    office.clock.advance(TimeDelta::seconds(1));
    let receipt = recipient.delete_confirmed(memo.as_str().unwrap()).await["receipt"].take();
    let notified = list(author, json!(null)).await;
    assert_eq!(notified[0]["message"], "The recipient deleted your memo \"New chairs\".");
    assert_eq!(notified[0]["deletion"]["id"], receipt["id"]);
    assert_eq!(
        (&notified[0]["memo"], &notified[0]["memoId"]),
        (&json!(null), &memo),
        "the memo is gone"
    );
    assert_eq!(
        notified[1]["message"], "The recipient reviewed the memo \"New chairs\".",
        "the record knows it"
    );
    assert_eq!(list(subscriber, json!(null)).await.len(), 2, "a subscriber is not notified of it");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_responsible_are_told_of_new_work() {
    let office = Office::open().await;
    let (recipient, stranger) = (office.recipient(), office.stranger());
    let memo = office.memo().create().await;
    for (verb, word) in [("createTaskFromMemo", "task"), ("createProjectFromMemo", "project")] {
        office.clock.advance(TimeDelta::seconds(1));
        let input = json!({ "memoId": memo.id, "name": "Paint the walls",
            "responsibleIds": [user(stranger)] });
        run(recipient, verb, "memo { id }", input).await;
        let notified = &list(stranger, json!(null)).await[0];
        assert_eq!(notified["kind"], format!("{}_ASSIGNED", word.to_uppercase()));
        assert_eq!(
            notified["message"],
            format!("The recipient made you responsible for the {word} \"Paint the walls\".")
        );
        assert_eq!(notified[word]["name"], "Paint the walls");
        assert_eq!(notified["memo"], json!(null), "the memo that it came from is none of theirs");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_viewer_cannot_see_any_more_is_not_named() {
    let office = Office::open().await;
    let (author, subscriber) = (office.author(), office.subscriber());
    let memo = office.memo().with_subscriber(subscriber.id).create().await;
    notify(&office, subscriber, NotificationKind::MemoShared, &memo).await;
    assert!(list(subscriber, json!(null)).await[0]["message"].as_str().unwrap().contains("chairs"));
    let input = json!({ "memoId": memo.id, "userIds": [user(subscriber)] });
    act(author, "removeMemoSubscribers", input).await;
    let notified = &list(subscriber, json!(null)).await[0];
    assert_eq!(
        notified["message"],
        "The author made you a subscriber of a memo that you cannot see any more."
    );
    assert_eq!(notified["memo"], json!(null));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_are_listed_by_kind_and_by_whether_they_are_read() {
    let office = Office::open().await;
    let recipient = office.recipient();
    let memo = office.memo().create().await;
    for kind in
        [NotificationKind::MemoSent, NotificationKind::ReminderDue, NotificationKind::MemoShared]
    {
        notify(&office, recipient, kind, &memo).await;
    }
    let kinds = async |filter: Value| {
        let notified = list(recipient, filter).await;
        notified
            .iter()
            .map(|notified| notified["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(json!(null)).await,
        ["MEMO_SHARED", "REMINDER_DUE", "MEMO_SENT"],
        "the latest first"
    );
    let some = json!({ "kinds": ["MEMO_SENT", "MEMO_SHARED"] });
    assert_eq!(kinds(some).await, ["MEMO_SHARED", "MEMO_SENT"]);
    let reminder = list(recipient, json!({ "kinds": ["REMINDER_DUE"] })).await[0].clone();
    assert_eq!(reminder["message"], "You wanted to be reminded of the memo \"Order new chairs\".");
    mark(recipient, &[&reminder["id"]]).await;
    assert_eq!(kinds(json!({ "unread": true })).await, ["MEMO_SHARED", "MEMO_SENT"]);
    assert_eq!(kinds(json!({ "unread": false })).await, ["REMINDER_DUE"]);
    assert_eq!(kinds(json!({ "unread": true, "kinds": ["REMINDER_DUE"] })).await, [""; 0]);
    assert_eq!(kinds(json!({ "kinds": [] })).await, [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_are_marked_each_for_oneself_and_marking_again_changes_nothing() {
    let office = Office::open().await;
    let (recipient, subscriber) = (office.recipient(), office.subscriber());
    let memo = office.memo().with_subscriber(subscriber.id).create().await;
    for _ in 0..3 {
        notify(&office, recipient, NotificationKind::MemoSent, &memo).await;
    }
    let others = notify(&office, subscriber, NotificationKind::MemoShared, &memo).await;
    let notified = list(recipient, json!(null)).await;
    let (one, two) = (&notified[2]["id"], &notified[0]["id"]);
    let before = office.row_counts().await;
    let payload = mark(recipient, &[one, two, one]).await;
    let now = "2026-03-02T09:00:04.000Z";
    assert_eq!(
        payload["notifications"],
        json!([{ "id": one, "readAt": now }, { "id": two, "readAt": now }])
    );
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!((unread(recipient).await, unread(subscriber).await), (json!(1), json!(1)));

    office.clock.advance(TimeDelta::seconds(9));
    let payload = mark(recipient, &[one]).await;
    assert_eq!(payload["notifications"][0]["readAt"], now, "the first reading counts");
    let theirs = json!(Kind::Notification.id(others.id).0);
    let payload = mark(recipient, &[&theirs, &notified[1]["id"]]).await;
    assert_eq!(refusals(&payload), ["NOT_FOUND notificationIds.0"], "the others' do not exist");
    assert_eq!(payload["notifications"][0]["id"], notified[1]["id"], "and do not hinder one's own");
    assert_eq!((unread(recipient).await, unread(subscriber).await), (json!(0), json!(1)));
    assert_eq!(difference(&before, &office.row_counts().await), [].into());

    let payload = mark(recipient, &vec![one; 101]).await;
    assert_eq!(refusals(&payload), ["INVALID_INPUT notificationIds"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_marked_up_to_the_latest_that_was_seen() {
    let office = Office::open().await;
    let (recipient, subscriber) = (office.recipient(), office.subscriber());
    let memo = office.memo().with_subscriber(subscriber.id).create().await;
    for _ in 0..4 {
        notify(&office, recipient, NotificationKind::MemoSent, &memo).await;
    }
    notify(&office, subscriber, NotificationKind::MemoShared, &memo).await;
    let seen = list(recipient, json!(null)).await[1]["createdAt"].clone();
    let all =
        async |input: Value| run(recipient, "markAllNotificationsRead", "markedCount", input).await;
    let payload = all(json!({ "upTo": seen, "clientMutationId": "c-1" })).await;
    assert_eq!((&payload["markedCount"], &payload["clientMutationId"]), (&json!(3), &json!("c-1")));
    assert_eq!(unread(recipient).await, 1, "one came meanwhile");
    assert_eq!(all(json!({ "upTo": seen })).await["markedCount"], 0);
    assert_eq!(
        refusals(&all(json!({ "upTo": "+12026-03-02T09:00:00Z" })).await),
        ["INVALID_INPUT upTo"]
    );
    assert_eq!(all(json!({})).await["markedCount"], 1);
    assert_eq!((unread(recipient).await, unread(subscriber).await), (json!(0), json!(1)));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_notifications_costs_the_same_number_of_statements_whatever_its_length() {
    let office = Office::open().await;
    let (recipient, author) = (office.recipient(), office.author());
    let (task, project) =
        (office.task("Paint the walls").await, office.project("New showroom").await);
    for n in 0..50 {
        let memo = office.memo().create().await;
        notify(&office, author, NotificationKind::MemoReviewed, &memo).await;
        let work = notify(&office, author, NotificationKind::TaskAssigned, &memo).await;
        let (column, id) = if n % 2 == 0 { ("task_id", task) } else { ("project_id", project) };
        let hex = |id: uuid::Uuid| {
            if memoranda_tests::is_postgres() {
                format!("'{id}'")
            } else {
                format!("x'{}'", id.simple())
            }
        };
        office
            .sql(&format!(
                "UPDATE notifications SET {column} = {} WHERE id = {}",
                hex(id),
                hex(work.id)
            ))
            .await;
        if n % 5 == 0 {
            recipient.delete_confirmed(&memo.id).await;
        }
    }
    let page = format!("query ($n: Int!) {{ notifications(first: $n) {{ nodes {{ {NEWS} }} }} }}");
    let cost = async |n: u32| {
        let before = office.statements();
        author.data(&page, json!({ "n": n })).await;
        office.statements() - before
    };
    let (twenty, hundred) = (cost(20).await, cost(100).await);
    assert_eq!(twenty, hundred);
    assert_eq!(
        twenty, 8,
        "the person, the page, people, memos, what remains of memos, tasks, projects, records"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_comes_by_mail_until_the_viewer_chooses() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let read = async |person: &Actor| {
        person.data("{ mailPreferences { kinds mailIsSent } }", json!({})).await["mailPreferences"]
            .take()
    };
    let all = read(author).await;
    assert_eq!(
        all["kinds"].as_array().unwrap().len(),
        <NotificationKind as sea_orm::Iterable>::iter().count()
    );
    assert_eq!(all["mailIsSent"], false, "this office has no mail server");
    let choose = async |kinds: Value| {
        run(author, "updateMailPreferences", "mailPreferences { kinds }", json!({ "kinds": kinds }))
            .await
    };
    for _ in 0..2 {
        let payload = choose(json!(["REMINDER_DUE", "MEMO_SENT", "MEMO_SENT"])).await;
        assert_eq!(payload["mailPreferences"]["kinds"], json!(["MEMO_SENT", "REMINDER_DUE"]));
        assert_eq!(read(author).await["kinds"], json!(["MEMO_SENT", "REMINDER_DUE"]));
    }
    assert_eq!(read(recipient).await, all, "for others nothing changed");
    choose(json!([])).await;
    assert_eq!(read(author).await["kinds"], json!([]));
    assert_eq!(refusals(&choose(json!(vec!["MEMO_SENT"; 101])).await), ["INVALID_INPUT kinds"]);
    assert_eq!(choose(all["kinds"].clone()).await["mailPreferences"]["kinds"], all["kinds"]);
    assert_eq!(office.row_counts().await["mail_opt_outs"], 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_choices_at_once_end_in_one_of_them() {
    let office = Office::open().await;
    let author = office.author();
    for _ in 0..10 {
        let choose = async |kinds: Value| {
            run(
                author,
                "updateMailPreferences",
                "mailPreferences { kinds }",
                json!({ "kinds": kinds }),
            )
            .await
        };
        let (some, none) =
            tokio::join!(choose(json!(["MEMO_SENT", "MEMO_SHARED"])), choose(json!([])));
        assert_eq!((&some["userErrors"], &none["userErrors"]), (&json!([]), &json!([])));
        let kinds = author
            .data(
                "{ mailPreferences { kinds } }",
                json!({}),
            )
            .await["mailPreferences"]["kinds"]
            .take();
        assert!([json!([]), json!(["MEMO_SENT", "MEMO_SHARED"])].contains(&kinds), "{kinds}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_kind_is_refused_and_one_that_nothing_has_is_not_found() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let query = "mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: \
        $input) { userErrors { code } } }";
    let input = json!({ "input": { "notificationIds": [memo.id] } });
    let answer = office.author().data(query, input).await;
    assert_eq!(codes(&answer["markNotificationsRead"]), ["INVALID_INPUT"]);
    let nothing = json!(Kind::Notification.id(uuid_of(Kind::Memo, &memo.id)).0);
    assert_eq!(
        refusals(&mark(office.author(), &[&nothing]).await),
        ["NOT_FOUND notificationIds.0"]
    );
    office.close().await;
}
