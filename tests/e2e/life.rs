//! The whole life of a memo, through HTTP, with all its people: written with a file, sent,
//! discussed, postponed with a task, deleted by its recipient, restored by its author.

use memoranda_tests::{Actor, Office, Options, codes, difference};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const EVERYTHING: &str = "query ($id: ID!) { memo(id: $id) {
    id name description conclusion stage draft reviewDate sentAt createdAt updatedAt commentCount
    author { id } recipient { id } deal { id } task { id name } project { id } resolution { id } \
    tags { id name } subscribers { id }
    files { id name size sha256 } comments { nodes { id body author { id } createdAt editedAt } }
} }";

/// Runs a mutation that must succeed, and returns its payload.
async fn act(person: &Actor, mutation: &str, input: Value, answer: &str) -> Value {
    let type_name = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation ($input: {type_name}!) {{ {mutation}(input: $input) {{ {answer} userErrors {{ \
         code field message }} }} }}"
    );
    let payload = person.data(&document, json!({ "input": input })).await[mutation].take();
    assert_eq!(payload["userErrors"], json!([]), "{} {mutation}: {payload:#}", person.name);
    payload
}

async fn upload(office: &Office, person: &Actor, name: &str, content: &'static str) -> String {
    let url = format!("{}/files?name={name}", office.address);
    let request =
        reqwest::Client::new().put(url).header("Content-Type", "text/plain").body(content);
    let response = request.bearer_auth(person.token()).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let file: Value = response.json().await.unwrap();
    file["id"].as_str().unwrap().to_owned()
}

async fn download(office: &Office, person: &Actor, file: &str) -> (u16, String) {
    let request = reqwest::Client::new().get(format!("{}/files/{file}", office.address));
    let response = request.bearer_auth(person.token()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_lives_dies_and_comes_back() {
    let office = Office::open_with(Options { sends_mail: true, ..Options::default() }).await;
    let (author, recipient, subscriber) =
        (office.author(), office.recipient(), office.subscriber());

    // The author writes it, with two files. Nobody else can see it yet.
    let tag = act(office.chief(), "createTag", json!({ "name": "Showroom" }), "tag { id }").await;
    let plan = upload(&office, author, "plan.txt", "walls, floor, light").await;
    let sketch = upload(&office, author, "sketch.txt", "a first idea").await;
    assert_eq!(
        download(&office, recipient, &plan).await.0,
        404,
        "nobody else's until it is attached and sent"
    );
    let input = json!({
        "name": "Renovate the showroom", "description": "Before the exhibition.", "draft": true,
        "recipientId": recipient.user_id(), "subscriberIds": [subscriber.user_id()],
        "tagIds": [tag["tag"]["id"]], "fileIds": [plan, sketch],
    });
    let memo =
        act(author, "createMemo", input, "memo { id draft viewerCanUpdate }").await["memo"].take();
    let id = memo["id"].as_str().unwrap().to_owned();
    assert_eq!(memo["draft"], true);
    assert_eq!(recipient.type_of(&id).await, Value::Null);

    // After it is sent, it is unread for recipient and subscriber.
    act(author, "sendMemo", json!({ "memoId": id }), "memo { stage }").await;
    let news =
        "{ unreadMemoCount unreadNotificationCount notifications { nodes { kind actor { id } } } }";
    for (person, kind) in [(recipient, "MEMO_SENT"), (subscriber, "MEMO_SHARED")] {
        let notified = person.data(news, json!({})).await;
        assert_eq!(notified["unreadMemoCount"], 1, "{}", person.name);
        assert_eq!(
            notified["notifications"]["nodes"],
            json!([{ "kind": kind, "actor": { "id": author.user_id() } }])
        );
    }
    assert_eq!(author.data(news, json!({})).await["unreadNotificationCount"], 0);
    assert_eq!(download(&office, recipient, &plan).await, (200, "walls, floor, light".to_owned()));

    // They discuss it, and the author sets a reminder.
    act(
        subscriber,
        "addComment",
        json!({ "memoId": id, "body": "Mind the exhibition." }),
        "comment { id }",
    )
    .await;
    act(recipient, "addComment", json!({ "memoId": id, "body": "On Monday." }), "comment { id }")
        .await;
    act(
        author,
        "createReminder",
        json!({ "memoId": id, "dueAt": "2026-03-05T08:00:00Z" }),
        "reminder { id }",
    )
    .await;
    act(recipient, "markMemosRead", json!({ "memoIds": [id] }), "memos { unread }").await;

    // The recipient creates a task from it, and transfers the plan. This ends the author's right to
    // delete.
    let input = json!({ "memoId": id, "name": "Paint the walls", "dueDate": "2026-03-20",
        "fileIds": [plan] });
    let work = act(
        recipient,
        "createTaskFromMemo",
        input,
        "task { id files { id } } memo { stage reviewDate }",
    )
    .await;
    assert_eq!(work["memo"], json!({ "stage": "POSTPONED", "reviewDate": "2026-03-20" }));
    assert_eq!(work["task"]["files"], json!([{ "id": plan }]));
    let refused = author.delete(&id).await;
    assert_eq!(codes(&refused), ["RECIPIENT_HAS_ACTED"]);
    let message = refused["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("postponed this memo on 2 March 2026"), "{message}");

    // The recipient is warned, confirms, and deletes. The transferred file stays.
    let whole = author.data(EVERYTHING, json!({ "id": id })).await;
    let before = office.row_counts().await;
    let asked = recipient.delete(&id).await;
    assert_eq!(codes(&asked), ["CONFIRMATION_REQUIRED"]);
    let warnings: Vec<&str> = asked["preview"]["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        warnings,
        [
            "RECIPIENT_DELETION",
            "DOCUMENTS_TASK",
            "UNTRANSFERRED_FILES",
            "HAS_DISCUSSION",
            "PENDING_REMINDERS"
        ]
    );
    let input = json!({ "memoId": id, "confirmationToken": asked["preview"]["confirmationToken"],
        "reason": "Done by phone." });
    let deleted = recipient.delete_with(input).await;
    assert_eq!(deleted["deletedMemoId"], json!(id), "{deleted:#}");
    let source = "query ($id: ID!) { node(id: $id) { ... on Task { files { name } sourceMemo { \
        __typename } } } }";
    let task = json!({ "id": work["task"]["id"] });
    let expected =
        json!({ "files": [{ "name": "plan.txt" }], "sourceMemo": { "__typename": "DeletedMemo" } });
    assert_eq!(recipient.data(source, task.clone()).await["node"], expected);
    assert_eq!(download(&office, author, &plan).await.0, 200, "the author reads the task along");

    // The author is notified, in the API and by a mail that a real mail server has accepted.
    let notified = author.data(news, json!({})).await;
    assert_eq!(notified["notifications"]["nodes"][0]["kind"], "MEMO_DELETED_BY_RECIPIENT");
    office.deliver_mail().await;
    let mails = office.mails();
    let to_author: Vec<&String> =
        mails.iter().filter(|mail| mail.contains("author@example.org")).collect();
    assert_eq!(to_author.len(), 1, "{mails:#?}");
    assert!(to_author[0].contains("Renovate the showroom"), "{}", to_author[0]);

    // The author restores the memo, with everything.
    let record = told_record(author).await;
    let restored = author.restore(&record).await;
    assert_eq!(restored["missing"], json!([]), "{restored:#}");
    assert_eq!(author.data(EVERYTHING, json!({ "id": id })).await, whole);
    let left: BTreeMap<String, i64> = difference(&before, &office.row_counts().await);
    let expected = [
        ("mails", 1),
        ("memo_deletions", 1),
        ("memo_events", 2),
        ("notifications", 1),
        ("refused_deletions", 1),
    ];
    let expected: BTreeMap<String, i64> =
        expected.map(|(table, rows)| (table.to_owned(), rows)).into();
    assert_eq!(left, expected, "but for the record of it, nothing is left");
    assert_eq!(recipient.data(source, task).await["node"]["sourceMemo"]["__typename"], "Memo");
    assert_eq!(download(&office, subscriber, &sketch).await, (200, "a first idea".to_owned()));
    office.close().await;
}

/// The record of the deletion in the person's latest notification.
async fn told_record(person: &Actor) -> String {
    let query = "{ notifications(first: 1) { nodes { deletion { id } } } }";
    let notified = person.data(query, json!({})).await;
    notified["notifications"]["nodes"][0]["deletion"]["id"].as_str().unwrap().to_owned()
}
