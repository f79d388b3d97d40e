//! Files that people attach to memos, tasks and projects, and remove again.

use crate::{
    files::uploaded,
    files_read::get,
    work::{TWINS, events_of, file_id, row_of, user},
};
use entity::{MemoEventKind, MemoStage};
use memoranda_tests::{Actor, Office, codes, difference};
use serde_json::{Value, json};

async fn run(person: &Actor, verb: &str, target: &Value, files: &[&Value]) -> Value {
    let name = format!("{}{}", verb[..1].to_uppercase(), &verb[1..]);
    let query = format!(
        "mutation ($input: {name}FilesInput!) {{ answer: {verb}Files(input: $input) {{
            target {{ __typename ... on Memo {{ id files {{ id }} }} ... on Task {{ id files {{ id \
         }} }} ... on Project {{ id files {{ id }} }} }}
            files {{ id name url }} userErrors {{ code field message }} clientMutationId }} }}"
    );
    let input = json!({ "targetId": target, "fileIds": files, "clientMutationId": "7" });
    let payload = person.data(&query, json!({ "input": input })).await["answer"].take();
    assert_eq!(payload["clientMutationId"], "7");
    payload
}

pub async fn attach(person: &Actor, target: &Value, files: &[&Value]) -> Value {
    run(person, "attach", target, files).await
}

async fn detach(person: &Actor, target: &Value, files: &[&Value]) -> Value {
    run(person, "detach", target, files).await
}

/// Uploads a file, and returns its id.
async fn own(person: &Actor, name: &str) -> Value {
    uploaded(person, name, name).await["id"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn author_and_recipient_attach_their_own_uploads_to_a_memo() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let target = json!(memo.id);
    for (n, person) in [office.author(), office.recipient()].into_iter().enumerate() {
        let file = own(person, &format!("of-{}.txt", person.name)).await;
        let before = office.row_counts().await;
        let done = attach(person, &target, &[&file, &file]).await;
        assert_eq!(codes(&done), [""; 0], "{done:#}");
        assert_eq!(done["target"]["__typename"], "Memo");
        assert_eq!(done["files"].as_array().unwrap().len(), n + 1);
        assert_eq!(done["target"]["files"].as_array().unwrap().len(), n + 1);
        assert_eq!(get(office.subscriber(), file.as_str().unwrap(), &[]).await.status(), 200);
        let after = office.row_counts().await;
        let expected = [("memo_files".to_owned(), 1), ("memo_events".to_owned(), 1)];
        assert_eq!(difference(&before, &after), expected.into());
        assert_eq!(
            codes(&attach(person, &target, &[&file]).await),
            [""; 0],
            "doing it again is harmless"
        );
        assert_eq!(office.row_counts().await, after);
    }
    assert_eq!(events_of(&office, &memo).await, [MemoEventKind::Updated; 2]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_attaches_what_is_not_theirs_or_where_they_may_not() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let target = json!(memo.id);
    let other = office.memo().create().await;
    let of_another = json!(file_id(&office.attach(&other, "other.txt", "other").await));
    let mut of = Vec::new();
    for name in ["author", "recipient", "subscriber", "stranger", "chief", "admin"] {
        of.push(own(office.person(name), &format!("of-{name}.txt")).await);
    }
    let before = office.row_counts().await;
    for (person, file, code, field) in [
        (office.subscriber(), &of[2], "NOT_A_PARTICIPANT", "targetId"),
        (office.chief(), &of[4], "NOT_A_PARTICIPANT", "targetId"),
        (office.stranger(), &of[3], "NOT_FOUND", "targetId"),
        (office.admin(), &of[5], "NOT_FOUND", "targetId"),
        (office.author(), &of[1], "NOT_FOUND", "fileIds"),
        (office.recipient(), &of_another, "NOT_FOUND", "fileIds"),
        (office.author(), &json!("file_x"), "NOT_FOUND", "fileIds"),
    ] {
        let refused = attach(person, &target, &[file]).await;
        assert_eq!(codes(&refused), [code], "{}: {refused:#}", person.name);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
        assert_eq!((&refused["target"], &refused["files"]), (&Value::Null, &Value::Null));
    }
    let refused = attach(office.author(), &target, &[&of[0], &of[1]]).await;
    assert_eq!(codes(&refused), ["NOT_FOUND"], "all or nothing");
    assert_eq!(office.row_counts().await, before);
    assert_eq!(codes(&attach(office.author(), &json!("memo_x"), &[&of[0]]).await), ["NOT_FOUND"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_takes_files_off_until_the_recipient_acts() {
    let office = Office::open().await;
    for (memo, person, code) in [
        (office.memo().create().await, office.author(), None),
        (office.memo().draft().create().await, office.author(), None),
        (office.memo().create().await, office.recipient(), Some("NOT_THE_AUTHOR")),
        (
            office.memo().in_stage(MemoStage::Postponed).create().await,
            office.author(),
            Some("RECIPIENT_HAS_ACTED"),
        ),
        (office.memo().on_hold().create().await, office.author(), Some("ON_HOLD")),
        (office.memo().create().await, office.chief(), Some("NOT_THE_AUTHOR")),
        (office.memo().create().await, office.stranger(), Some("NOT_FOUND")),
    ] {
        let (target, name) = (json!(memo.id), format!("{}.txt", memo.id));
        let file = json!(file_id(&office.attach(&memo, &name, &name).await));
        let before = (office.row_counts().await, row_of(&office, &memo).await.version);
        let done = detach(person, &target, &[&file, &file]).await;
        let after = office.row_counts().await;
        if let Some(code) = code {
            assert_eq!(codes(&done), [code], "{done:#}");
            assert_eq!(after, before.0);
            continue;
        }
        assert_eq!(codes(&done), [""; 0], "{done:#}");
        assert_eq!(done["files"], json!([]));
        let expected = [("memo_files".to_owned(), -1), ("memo_events".to_owned(), 1)];
        assert_eq!(difference(&before.0, &after), expected.into());
        assert_eq!(
            codes(&detach(person, &target, &[&file]).await),
            [""; 0],
            "doing it again is harmless"
        );
        assert_eq!(codes(&detach(person, &target, &[&json!("file_x")]).await), [""; 0]);
        assert_eq!(office.row_counts().await, after);
        // It is an unused upload again, and can be attached again.
        assert_eq!(get(office.recipient(), file.as_str().unwrap(), &[]).await.status(), 404);
        assert_eq!(codes(&attach(person, &target, &[&file]).await), [""; 0]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_responsible_attach_files_to_work_and_take_them_off() {
    let office = Office::open().await;
    for twin in TWINS {
        let input =
            json!({ "name": "Paint the walls", "subscriberIds": [user(office.subscriber())] });
        let work = twin.create(office.recipient(), input).await["work"]["id"].take();
        let file = own(office.recipient(), &format!("of-{}.txt", twin.word)).await;
        let before = office.row_counts().await;
        for (person, code) in [
            (office.subscriber(), "NOT_RESPONSIBLE"),
            (office.chief(), "NOT_RESPONSIBLE"),
            (office.author(), "NOT_FOUND"),
        ] {
            let mine = json!(file_id(&office.upload(person, "mine.txt", "the same").await));
            for refused in
                [attach(person, &work, &[&mine]).await, detach(person, &work, &[&mine]).await]
            {
                assert_eq!(codes(&refused), [code], "{}: {refused:#}", person.name);
            }
        }
        let links = format!("{}_files", twin.word);
        let before_it = office.row_counts().await;
        assert_eq!(before_it[&links], before[&links]);
        let done = attach(office.recipient(), &work, &[&file]).await;
        assert_eq!(codes(&done), [""; 0], "{done:#}");
        assert_eq!(done["target"]["__typename"], twin.name);
        assert_eq!(done["target"]["files"], json!([{ "id": file }]));
        assert_eq!(get(office.subscriber(), file.as_str().unwrap(), &[]).await.status(), 200);
        let after = office.row_counts().await;
        assert_eq!(difference(&before_it, &after), [(links, 1)].into());
        assert_eq!(codes(&attach(office.recipient(), &work, &[&file]).await), [""; 0]);
        assert_eq!(office.row_counts().await, after);
        let done = detach(office.recipient(), &work, &[&file]).await;
        assert_eq!((codes(&done).len(), &done["files"]), (0, &json!([])));
        assert_eq!(office.row_counts().await, before_it);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_has_at_most_a_hundred_files_and_a_list_at_most_a_hundred_ids() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let target = json!(memo.id);
    let many = vec![json!("file_x"); 101];
    let many: Vec<&Value> = many.iter().collect();
    for refused in [
        attach(office.author(), &target, &many).await,
        detach(office.author(), &target, &many).await,
    ] {
        assert_eq!(codes(&refused), ["INVALID_INPUT"], "{refused:#}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "fileIds"]));
    }
    let mut files = Vec::new();
    for _ in 0..101 {
        files.push(json!(file_id(&office.upload(office.author(), "x.txt", "the same").await)));
    }
    let files: Vec<&Value> = files.iter().collect();
    assert_eq!(codes(&attach(office.author(), &target, &files[..99]).await), [""; 0]);
    assert_eq!(codes(&attach(office.author(), &target, &files[99..]).await), ["INVALID_INPUT"]);
    let full = attach(office.author(), &target, &files[99..100]).await;
    assert_eq!(full["files"].as_array().map(Vec::len), Some(100), "{full:#}");
    assert_eq!(
        codes(&attach(office.author(), &target, &files[..1]).await),
        [""; 0],
        "it is there already"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_attached_to_memos_tasks_and_projects_alone() {
    let office = Office::open().await;
    for target in [user(office.author()), "nonsense".to_owned()] {
        for verb in ["attach", "detach"] {
            let query = format!(
                "mutation ($id: ID!) {{ {verb}Files(input: {{ targetId: $id, fileIds: [] }}) {{ \
                 userErrors {{ code field }} }} }}"
            );
            let answer = office.author().data(&query, json!({ "id": target })).await;
            let error = &answer[format!("{verb}Files")]["userErrors"][0];
            assert_eq!(*error, json!({ "code": "INVALID_INPUT", "field": ["input", "targetId"] }));
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_becomes_part_of_a_new_memo_and_goes_on_to_its_task() {
    let office = Office::open().await;
    let file = own(office.author(), "plan.txt").await;
    let create = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { memo { id \
        files { id } } userErrors { code } } }";
    let input = json!({ "name": "Order new chairs", "recipientId": user(office.recipient()),
        "fileIds": [file] });
    let memo =
        office.author().data(create, json!({ "input": input })).await["createMemo"]["memo"].take();
    assert_eq!(memo["files"], json!([{ "id": file }]), "{memo:#}");
    let input = json!({ "memoId": memo["id"], "fileIds": [file] });
    let created = TWINS[0].create_from(office.recipient(), input).await;
    assert_eq!(created["work"]["files"], json!([{ "name": "plan.txt" }]));
    office.close().await;
}
