//! Reminders: private, and fired once when they are due.

use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, TestMemo, codes, difference};
use serde_json::{Value, json};
use service::discussion::fire_due;

const SET: &str = "mutation ($input: CreateReminderInput!) { createReminder(input: $input) {
    reminder { id dueAt firedAt dismissedAt memo { id } } memo { id viewerReminders { id } } \
    userErrors { code field message }
} }";
const CHANGE: &str = "mutation ($input: UpdateReminderInput!) { updateReminder(input: $input) {
    reminder { id dueAt firedAt dismissedAt } userErrors { code field message }
} }";
const DISMISS: &str = "mutation ($input: DismissReminderInput!) { dismissReminder(input: $input) {
    reminder { id firedAt dismissedAt } memo { viewerReminders { id } } userErrors { code field \
    message }
} }";
const NEWS: &str = "{ notifications { nodes { kind actor { id } } } }";

async fn run(person: &Actor, document: &str, input: Value) -> Value {
    let data = person.data(document, json!({ "input": input })).await;
    data.as_object().unwrap().values().next().unwrap().clone()
}

async fn set(person: &Actor, memo: &TestMemo, due_at: &str) -> Value {
    run(person, SET, json!({ "memoId": memo.id, "dueAt": due_at })).await
}

async fn reminded(person: &Actor) -> usize {
    let notified = person.data(NEWS, json!({})).await;
    let nodes = notified["notifications"]["nodes"].as_array().unwrap();
    nodes
        .iter()
        .filter(|one| one["kind"] == "REMINDER_DUE" && one["actor"]["id"] == person.user_id())
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_is_told_once() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let reminder = set(office.author(), &memo, "2026-03-03T09:00:00Z").await;
    assert_eq!(reminder["userErrors"], json!([]));
    let id = reminder["reminder"]["id"].clone();
    assert_eq!(
        reminder["reminder"],
        json!({ "id": id, "dueAt": "2026-03-03T09:00:00.000Z", "firedAt": null,
            "dismissedAt": null, "memo": { "id": memo.id } })
    );
    assert_eq!(reminder["memo"]["viewerReminders"], json!([{ "id": id }]));

    assert_eq!(fire_due(&office.services).await.unwrap(), 0);
    office.clock.advance(TimeDelta::days(1) - TimeDelta::seconds(1));
    assert_eq!(fire_due(&office.services).await.unwrap(), 0, "a second early");
    office.clock.advance(TimeDelta::seconds(1));
    assert_eq!(fire_due(&office.services).await.unwrap(), 1);
    assert_eq!(fire_due(&office.services).await.unwrap(), 0, "once");
    assert_eq!(reminded(office.author()).await, 1);
    assert_eq!(reminded(office.recipient()).await, 0);
    let list = office.author().data("{ reminders { nodes { firedAt } } }", json!({})).await;
    assert_eq!(list["reminders"]["nodes"], json!([{ "firedAt": "2026-03-03T09:00:00.000Z" }]));
    let written = difference(&before, &office.row_counts().await);
    assert_eq!(written, [("notifications".to_owned(), 1), ("reminders".to_owned(), 1)].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_owner_deletes_a_reminder() {
    let delete = "mutation ($input: DeleteReminderInput!) { deleteReminder(input: $input) {
        deletedReminderId memo { id viewerReminders { id } } userErrors { code field } } }";
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let [id, other] = [
        set(office.author(), &memo, "2026-03-03T09:00:00Z").await["reminder"]["id"].take(),
        set(office.author(), &memo, "2026-03-04T09:00:00Z").await["reminder"]["id"].take(),
    ];
    let refused = run(office.recipient(), delete, json!({ "reminderId": id })).await;
    assert_eq!(
        refused["userErrors"],
        json!([{ "code": "NOT_FOUND", "field": ["input", "reminderId"] }])
    );
    let deleted = run(office.author(), delete, json!({ "reminderId": id })).await;
    assert_eq!(deleted["deletedReminderId"], id);
    assert_eq!(deleted["memo"], json!({ "id": memo.id, "viewerReminders": [{ "id": other }] }));
    let again = run(office.author(), delete, json!({ "reminderId": id })).await;
    assert_eq!(codes(&again), ["NOT_FOUND"]);
    assert_eq!(office.row_counts().await["reminders"], 1);
    office.clock.advance(TimeDelta::days(3));
    assert_eq!(fire_due(&office.services).await.unwrap(), 1, "the other one");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_servers_tell_each_reminder_once() {
    let office = Office::open().await;
    for _ in 0..30 {
        let memo = office.memo().create().await;
        for person in ["author", "recipient"] {
            office.remind(&memo, office.person(person).id, 1).await;
        }
    }
    office.clock.advance(TimeDelta::days(2));
    let servers = (0..4).map(|_| fire_due(&office.services));
    let mut notified: u64 =
        futures_util::future::join_all(servers).await.into_iter().map(Result::unwrap).sum();
    // Reminders that one process holds while the other looks are left for the next look.
    notified += fire_due(&office.services).await.unwrap();
    assert_eq!(notified, 60);
    assert_eq!(office.row_counts().await["notifications"], 60);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_are_reminded_who_are_here_and_see_the_memo() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    for person in ["author", "recipient", "subscriber", "chief"] {
        set(office.person(person), &memo, "2026-03-03T09:00:00Z").await;
    }
    office.sql("DELETE FROM memo_subscribers").await;
    office.sql("UPDATE users SET active = FALSE WHERE username = 'recipient'").await;
    office.clock.advance(TimeDelta::days(2));
    assert_eq!(fire_due(&office.services).await.unwrap(), 2);
    for (person, times) in [("author", 1), ("subscriber", 0), ("chief", 1)] {
        assert_eq!(reminded(office.person(person)).await, times, "{person}");
    }
    assert_eq!(office.row_counts().await["notifications"], 2);
    let list = office.subscriber().data("{ reminders { nodes { id } } }", json!({})).await;
    assert_eq!(list["reminders"]["nodes"], json!([]), "of a memo that they no longer see");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_that_was_put_aside_or_off_waits() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let aside = set(office.author(), &memo, "2026-03-03T09:00:00Z").await["reminder"]["id"].take();
    let off = set(office.author(), &memo, "2026-03-03T09:00:00Z").await["reminder"]["id"].take();
    let dismissed = run(office.author(), DISMISS, json!({ "reminderId": aside })).await;
    assert_eq!(dismissed["reminder"]["dismissedAt"], "2026-03-02T09:00:00.000Z");
    assert_eq!(dismissed["memo"]["viewerReminders"], json!([{ "id": off }]));
    office.clock.advance(TimeDelta::hours(1));
    let again = run(office.author(), DISMISS, json!({ "reminderId": aside })).await;
    assert_eq!(again, dismissed, "doing it again changes nothing");
    let changed =
        run(office.author(), CHANGE, json!({ "reminderId": off, "dueAt": "2026-03-05T09:00:00Z" }))
            .await;
    assert_eq!(changed["userErrors"], json!([]));
    office.clock.advance(TimeDelta::days(1));
    assert_eq!(fire_due(&office.services).await.unwrap(), 0);
    office.clock.advance(TimeDelta::days(2));
    assert_eq!(fire_due(&office.services).await.unwrap(), 1);

    // A reminder that is postponed fires again, and so does one that was dismissed.
    for id in [&aside, &off] {
        let changed = run(
            office.author(),
            CHANGE,
            json!({ "reminderId": id, "dueAt": "2026-03-08T09:00:00Z" }),
        )
        .await;
        assert_eq!(
            changed["reminder"],
            json!({ "id": id, "dueAt": "2026-03-08T09:00:00.000Z", "firedAt": null,
                "dismissedAt": null })
        );
    }
    office.clock.advance(TimeDelta::days(7));
    assert_eq!(fire_due(&office.services).await.unwrap(), 2);
    assert_eq!(reminded(office.author()).await, 3);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_touches_the_reminder_of_another() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let id = set(office.author(), &memo, "2026-03-03T09:00:00Z").await["reminder"]["id"].take();
    for person in ["recipient", "chief", "admin", "stranger"] {
        let person = office.person(person);
        let change = json!({ "reminderId": id, "dueAt": "2026-03-09T09:00:00Z" });
        assert_eq!(codes(&run(person, CHANGE, change).await), ["NOT_FOUND"]);
        assert_eq!(codes(&run(person, DISMISS, json!({ "reminderId": id })).await), ["NOT_FOUND"]);
        assert_eq!(person.type_of(id.as_str().unwrap()).await, Value::Null);
    }
    assert_eq!(office.author().type_of(id.as_str().unwrap()).await, "Reminder");
    let seen = office
        .recipient()
        .data(
            "query ($id: ID!) { memo(id: $id) { viewerReminders { id } } }",
            json!({ "id": memo.id }),
        )
        .await;
    assert_eq!(seen["memo"]["viewerReminders"], json!([]));
    assert_eq!(codes(&set(office.stranger(), &memo, "2026-03-03T09:00:00Z").await), ["NOT_FOUND"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_reminder_is_refused() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let past = set(office.author(), &memo, "2026-03-02T09:00:00Z").await;
    assert_eq!(codes(&past), ["INVALID_INPUT"]);
    assert_eq!(past["userErrors"][0]["field"], json!(["input", "dueAt"]));
    for beyond in ["+10000-01-01T00:00:00Z", "+262000-01-01T00:00:00Z"] {
        let beyond = set(office.author(), &memo, beyond).await;
        assert_eq!(codes(&beyond), ["INVALID_INPUT"], "{beyond}");
        assert!(beyond["userErrors"][0]["message"].as_str().unwrap().contains("9999"), "{beyond}");
    }
    assert_eq!(office.row_counts().await["reminders"], 0);
    for _ in 0..20 {
        assert_eq!(
            set(office.author(), &memo, "2026-03-03T09:00:00Z").await["userErrors"],
            json!([])
        );
    }
    let one_more = set(office.author(), &memo, "2026-03-03T09:00:00Z").await;
    assert_eq!(codes(&one_more), ["INVALID_INPUT"]);
    assert!(
        one_more["userErrors"][0]["message"].as_str().unwrap().contains("20 reminders"),
        "{one_more}"
    );
    assert_eq!(
        set(office.recipient(), &memo, "2026-03-03T09:00:00Z").await["userErrors"],
        json!([])
    );
    office.close().await;
}

/// After a restore, a reminder that fired before the deletion does not fire again. The others do.
#[tokio::test(flavor = "multi_thread")]
async fn reminders_go_and_come_back_with_their_memo() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    set(office.author(), &memo, "2026-03-03T09:00:00Z").await;
    set(office.author(), &memo, "2026-03-05T09:00:00Z").await;
    office.clock.advance(TimeDelta::days(1));
    assert_eq!(fire_due(&office.services).await.unwrap(), 1);
    let deleted = office.author().delete(&memo.id).await;
    assert_eq!(deleted["userErrors"], json!([]));
    office.clock.advance(TimeDelta::days(5));
    assert_eq!(fire_due(&office.services).await.unwrap(), 0);
    office.author().restore(deleted["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(fire_due(&office.services).await.unwrap(), 1);
    assert_eq!(reminded(office.author()).await, 2);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_are_listed_by_their_moment() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let mut ids = Vec::new();
    for day in [7, 3, 5, 9] {
        let due = format!("2026-03-0{day}T09:00:00Z");
        ids.push((day, set(office.author(), &memo, &due).await["reminder"]["id"].take()));
    }
    run(office.author(), DISMISS, json!({ "reminderId": ids[0].1 })).await;
    ids.sort_by_key(|(day, _)| *day);
    let list = "query ($all: Boolean!, $first: Int, $after: String, $last: Int, $before: String) {
        reminders(filter: { includeDismissed: $all }, first: $first, after: $after, last: $last, \
        before: \
        $before) {
            nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    }";
    let read =
        async |variables: Value| office.author().data(list, variables).await["reminders"].take();
    let nodes = |days: &[i32]| {
        let of = |day: &i32| json!({ "id": ids.iter().find(|(of, _)| of == day).unwrap().1 });
        Value::Array(days.iter().map(of).collect())
    };
    assert_eq!(read(json!({ "all": false })).await["nodes"], nodes(&[3, 5, 9]));
    let first = read(json!({ "all": true, "first": 2 })).await;
    assert_eq!(first["nodes"], nodes(&[3, 5]));
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let rest =
        read(json!({ "all": true, "first": 2, "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!(rest["nodes"], nodes(&[7, 9]));
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);
    let back =
        read(json!({ "all": true, "last": 2, "before": rest["pageInfo"]["endCursor"] })).await;
    assert_eq!(back["nodes"], nodes(&[5, 7]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_somebody_made_up_is_refused() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let office = Office::open().await;
    let memo = office.memo().create().await;
    set(office.author(), &memo, "2026-03-03T09:00:00Z").await;
    let list = "query ($after: String) { reminders(after: $after) { nodes { id } pageInfo { \
        endCursor } } }";
    let page = office.author().data(list, json!({})).await["reminders"]["pageInfo"].take();
    let cursor = URL_SAFE_NO_PAD.decode(page["endCursor"].as_str().unwrap()).unwrap();
    let beyond = String::from_utf8(cursor).unwrap().replace("2026-03-03", "+262000-03-03");
    let beyond = json!({ "after": URL_SAFE_NO_PAD.encode(beyond) });
    assert_eq!(office.author().error(list, beyond).await.0, "BAD_USER_INPUT");
    office.close().await;
}
