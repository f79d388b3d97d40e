//! Where a file is attached, who attached it, and what keeps it from going with a memo.

use crate::writing::act;
use api::graphql::Kind;
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, TestMemo, codes, moment, uuid_of};
use serde_json::{Value, json};

const ATTACHMENTS: &str = "query ($id: ID!) { node(id: $id) { ... on File { attachments { kind \
    attachedBy { username } attachedAt node { ... on Memo { name } ... on Task { name } ... on \
    Project { name } } } } } }";

const KEPT: &str = "kept(first: 100) { nodes { kind label reason keptBy { kind attachedAt \
    attachedBy { username } \
    node { ... on Task { name } ... on Project { name } ... on Memo { name } } } } }";

/// The attachments of the file as that person sees them, without times.
async fn attachments(person: &Actor, file: &str) -> Vec<String> {
    let answer = person.data(ATTACHMENTS, json!({ "id": file })).await;
    shown(&answer["node"]["attachments"])
}

fn shown(attachments: &Value) -> Vec<String> {
    let list = attachments.as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    list.map(|one| {
        let (kind, name) = (text(&one["kind"]), text(&one["node"]["name"]));
        format!("{kind} {name} by {}", text(&one["attachedBy"]["username"]))
    })
    .collect()
}

/// What keeps each kept file of a list.
fn keepers(list: &Value) -> Vec<String> {
    let items = list["kept"]["nodes"].as_array().unwrap().iter();
    items
        .filter(|item| item["kind"] == "FILE")
        .map(|item| format!("{}: {}", item["label"], shown(&item["keptBy"]).join(", ")))
        .collect()
}

/// A memo with two files. The recipient has created a task from it with the first one.
async fn memo_with_task(office: &Office) -> (TestMemo, Vec<String>, String) {
    let author = office.author();
    let mut files = Vec::new();
    for name in ["plan.txt", "notes.txt"] {
        files.push(Kind::File.id(office.upload(author, name, name).await.id).0);
    }
    let input = json!({ "name": "Renovate the showroom", "draft": false, "fileIds": files,
        "recipientId": office.recipient().user_id() });
    let memo = act(author, "createMemo", input).await;
    let id = memo["memo"]["id"].as_str().unwrap().to_owned();
    office.clock.advance(TimeDelta::minutes(1));
    let create = "mutation ($input: CreateTaskFromMemoInput!) { createTaskFromMemo(input: $input) \
        { task { id } userErrors { code message } } }";
    let input = json!({ "memoId": id, "name": "Paint the walls", "fileIds": [files[0]] });
    let created = office.recipient().data(create, json!({ "input": input })).await;
    assert_eq!(codes(&created["createTaskFromMemo"]), [""; 0], "{created:#}");
    let task = created["createTaskFromMemo"]["task"]["id"].as_str().unwrap().to_owned();
    office.clock.advance(TimeDelta::minutes(1));
    (TestMemo { uuid: uuid_of(Kind::Memo, &id), id }, files, task)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_says_where_it_is_and_who_attached_it() {
    let office = Office::open().await;
    let (memo, files, _) = memo_with_task(&office).await;
    let project = office.project("New showroom").await;
    let member = entity::project_member::Model {
        project_id: project,
        user_id: office.subscriber().id,
        part: entity::WorkRole::Responsible,
    };
    office.insert(member).await;
    // Who attaches an upload directly to a project.
    let upload = office.upload(office.subscriber(), "own.txt", "own").await;
    let own = Kind::File.id(upload.id).0;
    let attach = "mutation ($target: ID!, $file: ID!) { answer: attachFiles(input: { targetId: \
        $target, fileIds: [$file] }) { userErrors { code } } }";
    assert_eq!(attachments(office.subscriber(), &own).await, [""; 0]);
    let input = json!({ "target": Kind::Project.id(project), "file": own });
    let attached = office.subscriber().data(attach, input).await;
    assert_eq!(codes(&attached["answer"]), [""; 0], "{attached:#}");
    assert_eq!(
        attachments(office.subscriber(), &own).await,
        ["PROJECT New showroom by subscriber"]
    );
    // Who transfers a file of a memo.
    let responsible = entity::project_member::Model {
        user_id: office.recipient().id,
        ..entity::project_member::Model {
            project_id: project,
            user_id: office.author().id,
            part: entity::WorkRole::Responsible,
        }
    };
    office.insert(responsible).await;
    let transfer = "mutation ($memo: ID!, $file: ID!, $project: ID!) { answer: transferFiles( \
        input: { memoId: $memo, fileIds: [$file], projectId: $project }) { userErrors { code } } }";
    let input = json!({ "memo": memo.id, "file": files[0], "project": Kind::Project.id(project) });
    for _ in 0..2 {
        let transferred = office.recipient().data(transfer, input.clone()).await;
        assert_eq!(codes(&transferred["answer"]), [""; 0], "{transferred:#}");
    }
    let all = [
        "MEMO Renovate the showroom by author",
        "TASK Paint the walls by recipient",
        "PROJECT New showroom by recipient",
    ];
    assert_eq!(attachments(office.recipient(), &files[0]).await, all);
    assert_eq!(attachments(office.chief(), &files[0]).await, all);
    // The subscriber of the project sees the file there alone, and learns of nothing else.
    assert_eq!(attachments(office.subscriber(), &files[0]).await, all[2..]);
    let seen = office.subscriber().data(ATTACHMENTS, json!({ "id": files[0] })).await;
    assert!(!seen.to_string().contains("Renovate"), "{seen:#}");
    assert_eq!(attachments(office.author(), &files[1]).await, all[..1]);
    // A copy of a memo has its own files.
    let copy = "mutation ($id: ID!) { copyMemo(input: { memoId: $id }) { memo { files { \
        attachments { kind attachedBy { username } } } } userErrors { code } } }";
    let copy = office.recipient().data(copy, json!({ "id": memo.id })).await;
    let expected = json!([{ "kind": "MEMO", "attachedBy": { "username": "recipient" } }]);
    for file in copy["copyMemo"]["memo"]["files"].as_array().unwrap() {
        assert_eq!(file["attachments"], expected);
    }
    // What is deleted has nothing.
    office.recipient().delete_confirmed(&memo.id).await;
    assert_eq!(attachments(office.recipient(), &files[0]).await, all[1..]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn previews_and_records_say_who_transferred_a_kept_file_and_when() {
    let office = Office::open().await;
    let (memo, _, task) = memo_with_task(&office).await;
    let preview = format!("query ($id: ID!) {{ memoDeletionPreview(memoId: $id) {{ {KEPT} }} }}");
    let record = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on MemoDeletion {{ {KEPT} }} }} \
        memoErasurePreview(deletionId: $id) {{ {KEPT} }} }}"
    );
    // Made here, so that its name is not in the memo.
    office.sql("DELETE FROM task_members").await;
    let full = ["\"plan.txt\": TASK Paint the walls by recipient"];
    let hidden = ["\"plan.txt\": TASK - by -"];
    let (author, recipient) = (office.author(), office.recipient());
    let id = json!({ "id": memo.id });
    let shown = recipient.data(&preview, id.clone()).await;
    assert_eq!(keepers(&shown["memoDeletionPreview"]), full);
    let items = shown["memoDeletionPreview"]["kept"]["nodes"].as_array().unwrap();
    let file = items.iter().find(|item| item["kind"] == "FILE").unwrap();
    let at = office.services.now() - TimeDelta::minutes(1);
    assert_eq!(file["keptBy"][0]["attachedAt"], json!(moment(at)));
    assert!(
        items.iter().filter(|item| item["kind"] != "FILE").all(|item| item["keptBy"] == json!([])),
        "{shown:#}"
    );
    let shown = author.data(&preview, id).await;
    assert_eq!(keepers(&shown["memoDeletionPreview"]), hidden, "only its kind");
    assert!(!shown.to_string().contains("Paint the walls"), "{shown:#}");

    let deleted = recipient.delete_confirmed(&memo.id).await;
    let id = json!({ "id": deleted["receipt"]["id"] });
    for (person, expected) in [(recipient, &full[..]), (author, &hidden[..])] {
        let shown = person.data(&record, id.clone()).await;
        assert_eq!(keepers(&shown["node"]), expected, "{}", person.name);
        assert_eq!(keepers(&shown["memoErasurePreview"]), expected, "{}", person.name);
    }
    let shown = office.admin().data(&record, id.clone()).await;
    assert_eq!(keepers(&shown["node"]), ["null: "], "an administrator sees the reason alone");
    // The task goes, and takes nothing with it but the attachment.
    office.make_responsible(recipient, uuid_of(Kind::Task, &task)).await;
    let delete = "mutation ($id: ID!) { deleteTask(input: { taskId: $id }) { userErrors { code } } \
        }";
    let gone = recipient.data(delete, json!({ "id": task })).await;
    assert_eq!(codes(&gone["deleteTask"]), [""; 0]);
    let shown = recipient.data(&record, id).await;
    assert_eq!(keepers(&shown["node"]), ["\"plan.txt\": "], "nothing has it any more");
    assert_eq!(keepers(&shown["memoErasurePreview"]), [""; 0], "so it goes");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_attachments_of_an_earlier_version_what_is_known_is_shown() {
    let office = Office::open().await;
    let (memo, files, _) = memo_with_task(&office).await;
    for table in ["memo_files", "task_files"] {
        office.sql(&format!("UPDATE {table} SET attached_by = NULL")).await;
    }
    let task = "TASK Paint the walls by -";
    let own = "MEMO Renovate the showroom by author";
    assert_eq!(attachments(office.recipient(), &files[0]).await, [own, task]);
    // Version 0.1 let memos share a file. Then it is not known who attached it to which.
    let other = office.memo().named("Another memo").create().await;
    office.attach_file(&other, uuid_of(Kind::File, &files[0])).await;
    office.sql("UPDATE memo_files SET attached_by = NULL").await;
    let shared = attachments(office.recipient(), &files[0]).await;
    assert!(shared.contains(&"MEMO Another memo by -".to_owned()), "{shared:?}");
    let preview = format!("query ($id: ID!) {{ memoDeletionPreview(memoId: $id) {{ {KEPT} }} }}");
    let shown = office.recipient().data(&preview, json!({ "id": memo.id })).await;
    let expected = format!("\"plan.txt\": {task}, MEMO Another memo by -");
    assert_eq!(keepers(&shown["memoDeletionPreview"]), [expected], "the memo itself is left out");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_files_costs_one_statement_for_their_attachments() {
    let office = Office::open().await;
    let mut costs = Vec::new();
    for number in [2, 20] {
        let memo = office.memo().create().await;
        for n in 0..number {
            office.attach(&memo, &format!("{n}.txt"), &format!("{number} {n}")).await;
        }
        let query = "query ($id: ID!) { memo(id: $id) { files { attachments { kind attachedBy { \
            fullName } } } } }";
        let before = office.statements();
        office.author().data(query, json!({ "id": memo.id })).await;
        costs.push(office.statements() - before);
    }
    assert_eq!(costs, [5, 5], "the person, the memo, its files, their attachments, people");
    office.close().await;
}
