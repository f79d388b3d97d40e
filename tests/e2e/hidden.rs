//! What a person may not see is hidden everywhere in the API.

use crate::writing::act;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{MemoStage, memo};
use memoranda_tests::{Actor, Office, Options, codes};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

/// All reminders of live and of deleted memos, read directly from the database.
pub async fn reminders(office: &Office) -> Vec<entity::reminder::Model> {
    let database = office.database().connect().await;
    let reminders = entity::reminder::Entity::find().all(database.connection()).await.unwrap();
    database.close().await.unwrap();
    reminders
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cursor_of_a_list_holds_what_the_list_hides() {
    let office = Office::open().await;
    let (memo, full) = office.full_memo().await;
    office.sql("DELETE FROM task_members").await;
    office.sql("DELETE FROM project_members").await;
    let hidden: Vec<String> = [full.task, full.project, office.subscriber().id, office.chief().id]
        .iter()
        .map(uuid::Uuid::to_string)
        .chain(reminders(&office).await.iter().map(|reminder| reminder.id.to_string()))
        .collect();
    let author = office.author();
    let preview = "query ($id: ID!, $after: String) { memoDeletionPreview(memoId: $id) {
        removed(first: 3, after: $after) { edges { cursor node { kind } } pageInfo { hasNextPage \
        endCursor } } } }";
    let record = "query ($id: ID!, $after: String) { node(id: $id) { ... on MemoDeletion {
        removed(first: 3, after: $after) { edges { cursor node { kind } } pageInfo { hasNextPage \
        endCursor } } } } }";
    let whole = author.preview(&memo.id).await;
    let kinds: Vec<Value> = whole["removed"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["kind"].clone())
        .collect();
    let deleted =
        async || office.recipient().delete_confirmed(&memo.id).await["receipt"]["id"].clone();
    for (query, root) in [(preview, "memoDeletionPreview"), (record, "node")] {
        let id = if root == "node" { deleted().await } else { json!(memo.id) };
        let (mut after, mut found) = (Value::Null, Vec::new());
        loop {
            let answer = author.data(query, json!({ "id": id, "after": after })).await;
            let page = &answer[root]["removed"];
            for edge in page["edges"].as_array().unwrap() {
                let cursor = URL_SAFE_NO_PAD.decode(edge["cursor"].as_str().unwrap()).unwrap();
                let cursor = String::from_utf8(cursor).unwrap();
                let kind = edge["node"]["kind"].as_str().unwrap();
                if ["TASK_LINK", "PROJECT_LINK", "REMINDER", "UNREAD_MARK"].contains(&kind) {
                    assert!(!hidden.iter().any(|id| cursor.contains(id)), "{kind}: {cursor}");
                }
                found.push(edge["node"]["kind"].clone());
            }
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(found, kinds, "{root}: page by page, all is there, once");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_names_and_links_nothing_that_the_person_cannot_see() {
    let office = Office::open().await;
    let (admin, author) = (office.admin(), office.author());
    let memo = office.memo().named("A secret name").with_subscriber(admin.id).create().await;
    let insert = entity::notification::Model {
        position: None,
        id: office.services.new_id(),
        user_id: admin.id,
        kind: entity::NotificationKind::MemoShared,
        actor_id: author.id,
        memo_id: Some(memo.uuid),
        deletion_id: None,
        created_at: office.services.now(),
        read_at: None,
        task_id: None,
        project_id: None,
    };
    office.insert(insert).await;
    let query = "{ notifications { nodes { message memoId memo { id } } } }";
    let seen = admin.data(query, json!({})).await;
    assert_eq!(seen["notifications"]["nodes"][0]["memoId"], json!(memo.id));
    office.sql("DELETE FROM memo_subscribers").await;
    let seen = admin.data(query, json!({})).await["notifications"]["nodes"][0].take();
    assert_eq!((&seen["memoId"], &seen["memo"]), (&json!(null), &json!(null)));
    author.delete(&memo.id).await;
    let seen = admin.data(query, json!({})).await["notifications"]["nodes"][0].take();
    assert!(!seen.to_string().contains("A secret name"), "{seen:#}");

    // The record also hides the reason from an administrator.
    let memo = office.memo().create().await;
    let input = json!({ "memoId": memo.id, "reason": "A secret reason" });
    let deleted = author.delete_with(input).await;
    let query = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { reason } } }";
    let id = json!({ "id": deleted["receipt"]["id"] });
    assert_eq!(admin.data(query, id.clone()).await["node"]["reason"], json!(null));
    assert_eq!(author.data(query, id).await["node"]["reason"], "A secret reason");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delayed_mail_is_not_sent_to_who_does_not_see_the_memo_any_more() {
    let office = Office::open_with(Options { sends_mail: true, ..Options::default() }).await;
    let share = async |name: &str| {
        let memo = office.memo().named(name).create().await;
        let query = "mutation ($id: ID!, $people: [ID!]!) { addMemoSubscribers(input: { memoId: \
            $id, userIds: $people }) { userErrors { code } } }";
        let people = json!([office.subscriber().user_id()]);
        let added = office.author().data(query, json!({ "id": memo.id, "people": people })).await;
        assert_eq!(codes(&added["addMemoSubscribers"]), [""; 0], "{added:#}");
        memo
    };
    let (_seen, removed, deleted) =
        (share("Seen").await, share("Removed").await, share("Deleted").await);
    office
        .sql(
            "DELETE FROM memo_subscribers WHERE memo_id IN (SELECT id FROM memos WHERE name = \
            'Removed')",
        )
        .await;
    office.author().delete(&deleted.id).await;
    office.deliver_mail().await;
    let mails = office.mails().join("\n");
    assert!(mails.contains("Seen"), "{mails}");
    assert!(!mails.contains("Removed") && !mails.contains("Deleted"), "{mails}");
    let _ = removed;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_says_since_when_and_at_which_stage() {
    let office = Office::open().await;
    let memo = office.memo().in_stage(MemoStage::Postponed).create().await;
    let query = "mutation ($id: ID!) { deleteMemo(input: { memoId: $id }) {
        userErrors { code } preview { verdict confirmationToken blockers { code since stage } } } \
        }";
    let denied = office.author().data(query, json!({ "id": memo.id })).await["deleteMemo"].take();
    assert_eq!(codes(&denied), ["RECIPIENT_HAS_ACTED"]);
    let blockers = &denied["preview"]["blockers"];
    assert_eq!(blockers[0]["stage"], "POSTPONED");
    assert!(blockers[0]["since"].is_string(), "{denied:#}");
    assert_eq!(denied["preview"]["confirmationToken"], json!(null));
    // A memo that the person does not see is never mentioned.
    let denied = office.stranger().data(query, json!({ "id": memo.id })).await["deleteMemo"].take();
    assert_eq!((codes(&denied), &denied["preview"]), (vec!["NOT_FOUND"], &json!(null)));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_freezes_the_conclusion_and_leaves_the_stage_to_the_recipient() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let recipient = office.recipient();
    let review = "mutation ($input: ReviewMemoInput!) { reviewMemo(input: $input) { memo { stage \
        conclusion } userErrors { code field } } }";
    recipient
        .data(review, json!({ "input": { "memoId": memo.id, "conclusion": "The evidence" } }))
        .await;
    office.hold(&memo, "").await.unwrap();
    let input = json!({ "memoId": memo.id, "conclusion": "Nothing to see" });
    let refused = recipient.data(review, json!({ "input": input })).await["reviewMemo"].take();
    assert_eq!(codes(&refused), ["ON_HOLD"]);
    let update = "mutation ($id: ID!) { updateMemo(input: { memoId: $id, conclusion: \
        \"Changed\" }) { \
        userErrors { code } } }";
    let refused = recipient.data(update, json!({ "id": memo.id })).await["updateMemo"].take();
    assert_eq!(codes(&refused), ["ON_HOLD"]);
    let task = "mutation ($id: ID!) { createTaskFromMemo(input: { memoId: $id, reviewMemo: true, \
        conclusion: \"Changed\" }) { userErrors { code } } }";
    let refused = recipient.data(task, json!({ "id": memo.id })).await["createTaskFromMemo"].take();
    assert_eq!(codes(&refused), ["ON_HOLD"]);
    let same = json!({ "memoId": memo.id, "conclusion": "The evidence" });
    let reviewed = recipient.data(review, json!({ "input": same })).await["reviewMemo"].take();
    assert_eq!(reviewed["memo"], json!({ "stage": "REVIEWED", "conclusion": "The evidence" }));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_reminders_that_can_still_remind_speak_against_a_deletion() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.remind(&memo, office.subscriber().id, 3).await;
    let author = office.author();
    let warned = async || {
        author.preview(&memo.id).await["warnings"].to_string().contains("PENDING_REMINDERS")
    };
    assert!(warned().await);
    office.sql("UPDATE users SET active = FALSE WHERE username = 'subscriber'").await;
    assert!(!warned().await, "who has left is not reminded");
    office.sql("UPDATE users SET active = TRUE WHERE username = 'subscriber'").await;
    assert!(warned().await);
    let query = "mutation ($id: ID!, $people: [ID!]!) { removeMemoSubscribers(input: { memoId: \
        $id, userIds: $people }) { userErrors { code } } }";
    let people = json!([office.subscriber().user_id()]);
    author.data(query, json!({ "id": memo.id, "people": people })).await;
    assert!(!warned().await, "who does not see it any more is not reminded");
    assert!(reminders(&office).await.iter().all(|reminder| reminder.dismissed_at.is_some()));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_comments_are_no_discussion_of_others() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.comment(&memo, office.subscriber().id, "I said so").await;
    let warned = async |person: &Actor| {
        person.preview(&memo.id).await["warnings"].to_string().contains("HAS_DISCUSSION")
    };
    assert!(!warned(office.subscriber()).await);
    assert!(warned(office.author()).await);
    assert!(warned(office.chief()).await);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebodys_copy_does_not_show_in_the_deletion_of_the_original() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let file = office.attach(&memo, "plan.txt", "the plan").await;
    let before = office.author().preview(&memo.id).await;
    let query = "mutation ($id: ID!) { copyMemo(input: { memoId: $id }) { memo { id files { id \
        name } } userErrors { code } } }";
    let copied =
        office.recipient().data(query, json!({ "id": memo.id })).await["copyMemo"]["memo"].take();
    assert_eq!(copied["files"][0]["name"], "plan.txt");
    assert_ne!(copied["files"][0]["id"], json!(api::graphql::Kind::File.id(file.id).0));
    let after = office.author().preview(&memo.id).await;
    for list in ["removed", "kept", "warnings"] {
        assert_eq!(after[list], before[list], "{list}");
    }
    assert_eq!(office.row_counts().await["blobs"], 1, "the bytes are shared");
    // After the file is removed, its uploader can attach it again.
    let detach = "mutation ($memo: ID!, $file: ID!) { detachFiles(input: { targetId: $memo, \
        fileIds: [$file] }) { userErrors { code } } }";
    let ids = json!({ "memo": memo.id, "file": api::graphql::Kind::File.id(file.id).0 });
    let detached = office.author().data(detach, ids.clone()).await;
    assert_eq!(codes(&detached["detachFiles"]), [""; 0], "{detached:#}");
    let attach = "mutation ($memo: ID!, $file: ID!) { attachFiles(input: { targetId: $memo, \
        fileIds: [$file] }) { userErrors { code } } }";
    let attached = office.author().data(attach, ids).await;
    assert_eq!(codes(&attached["attachFiles"]), [""; 0], "{attached:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_with_a_file_of_a_sent_memo_does_not_show_in_the_deletion_of_that_memo() {
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    let memo = office.memo().create().await;
    let file = api::graphql::Kind::File.id(office.attach(&memo, "plan.txt", "the plan").await.id).0;
    // Another memo has the same bytes, so this one frees none, with or without the drafts.
    office.attach(&office.memo().create().await, "plan.txt", "the plan").await;
    let before = (author.preview(&memo.id).await, recipient.preview(&memo.id).await);
    for person in [author, recipient] {
        let input = json!({ "name": "A secret draft", "draft": true, "fileIds": [file] });
        let written = act(person, "createMemo", input).await;
        assert_eq!(codes(&written), [""; 0], "{written:#}");
        assert_eq!(written["memo"]["files"], json!([{ "name": "plan.txt" }]));
    }
    // The author attaches the upload to an existing draft, twice.
    let draft = office.memo().draft().create().await;
    let query = "mutation ($memo: ID!, $file: ID!) { attachFiles(input: { targetId: $memo, \
        fileIds: [$file] }) { files { id name } userErrors { code } } }";
    let attach = async || {
        let ids = json!({ "memo": draft.id, "file": file });
        let attached = author.data(query, ids).await["attachFiles"].take();
        assert_eq!(codes(&attached), [""; 0], "{attached:#}");
        attached["files"].clone()
    };
    let attached = attach().await;
    assert_eq!(attached[0]["name"], "plan.txt");
    assert_ne!(attached[0]["id"], json!(file));
    assert_eq!(attach().await, attached, "doing it again changes nothing");
    let after = (author.preview(&memo.id).await, recipient.preview(&memo.id).await);
    assert_eq!(after, before, "as if there were no drafts");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_freed_counts_what_nothing_else_holds_once() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let other = office.memo().create().await;
    office.attach(&memo, "one.txt", "12345").await;
    office.attach(&memo, "the same.txt", "12345").await;
    office.attach(&memo, "shared.txt", "1234567").await;
    office.attach(&other, "also shared.txt", "1234567").await;
    let preview = office.author().preview(&memo.id).await;
    assert_eq!(preview["bytesFreed"], json!(5));
    let row = memo::Entity::find_by_id(memo.uuid)
        .one(office.services.database.connection())
        .await
        .unwrap();
    assert!(row.is_some());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_memo_is_not_advised_to_be_reviewed() {
    let office = Office::open().await;
    for (stage, advised) in [(MemoStage::Pending, true), (MemoStage::Reviewed, false)] {
        let memo = office.memo().in_stage(stage).create().await;
        let preview = office.recipient().preview(&memo.id).await;
        assert_eq!(
            preview["warnings"].to_string().contains("marked as reviewed"),
            advised,
            "{stage:?}"
        );
    }
    office.close().await;
}
