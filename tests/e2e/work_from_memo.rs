//! Tasks and projects that come from a memo, and the files that it gives them.

use crate::work::{TWINS, Twin, events_of, file_id, row_of, told, user};
use entity::{MemoEventKind, MemoStage, memo};
use memoranda_tests::{Actor, Office, codes, difference, uuid_of};
use serde_json::{Value, json};

impl Twin {
    async fn create_from(self, person: &Actor, input: Value) -> Value {
        self.run(person, "create", "FromMemo", input).await
    }

    fn already(self) -> String {
        format!("ALREADY_HAS_{}", self.word.to_uppercase())
    }
}

const TRANSFER: &str = "mutation ($input: TransferFilesInput!) { transferFiles(input: $input) {
    memo { id } task { files { name } } project { files { name } } userErrors { code field message } } }";

async fn transfer(person: &Actor, input: Value) -> Value {
    person.data(TRANSFER, json!({ "input": input })).await["transferFiles"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recipient_creates_work_from_a_memo_which_is_put_off_until_it_is_due() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        let before = office.row_counts().await;
        let input = json!({ "memoId": memo.id, "description": "Six.", "dueDate": "2026-03-20", "clientMutationId": "c" });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(codes(&created), [""; 0], "{created:#}");
        let work = &created["work"];
        assert_eq!(
            *work,
            json!({ "id": work["id"], "name": "Order new chairs", "description": "Six.", "stage": "OPEN", "dueDate": "2026-03-20",
                "responsible": [{ "username": "recipient" }], "subscribers": [{ "username": "author" }], "files": [],
                "sourceMemo": { "__typename": "Memo", "id": memo.id }, "createdBy": { "username": "recipient" },
                "viewerCanUpdate": true, "viewerIsResponsible": true })
        );
        assert_eq!(
            created["memo"],
            json!({ "id": memo.id, "stage": "POSTPONED", "reviewDate": "2026-03-20", "note": null })
        );
        let row = row_of(&office, &memo).await;
        let id = uuid_of(twin.kind, work["id"].as_str().unwrap());
        assert_eq!(if twin.word == "task" { row.task_id } else { row.project_id }, Some(id));
        assert_eq!((row.acted_stage, row.version), (Some(MemoStage::Postponed), 2));
        assert_eq!(events_of(&office, &memo).await, [MemoEventKind::StageChanged]);
        let expected = [
            (format!("{}s", twin.word), 1),
            (format!("{}_members", twin.word), 2),
            ("memo_events".to_owned(), 1),
        ];
        assert_eq!(difference(&before, &office.row_counts().await), expected.into(), "nobody is told");
        assert_eq!(codes(&office.author().delete(&memo.id).await), ["RECIPIENT_HAS_ACTED"]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_creates_work_from_a_memo_nor_anybody_from_a_draft() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let draft = office.memo().draft().to(office.author().id).create().await;
    let others = office.memo().draft().create().await;
    let before = (office.row_counts().await, row_of(&office, &memo).await);
    for twin in TWINS {
        for (person, memo, code) in [
            (office.author(), &memo, "NOT_THE_RECIPIENT"),
            (office.subscriber(), &memo, "NOT_THE_RECIPIENT"),
            (office.chief(), &memo, "NOT_THE_RECIPIENT"),
            (office.stranger(), &memo, "NOT_FOUND"),
            (office.admin(), &memo, "NOT_FOUND"),
            (office.author(), &draft, "DRAFT"),
            (office.recipient(), &others, "NOT_FOUND"),
        ] {
            let refused = twin.create_from(person, json!({ "memoId": memo.id })).await;
            assert_eq!(codes(&refused), [code], "{}", person.name);
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", "memoId"]));
            assert_eq!((&refused["work"], &refused["memo"]), (&Value::Null, &Value::Null));
        }
    }
    assert_eq!((office.row_counts().await, row_of(&office, &memo).await), before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_has_at_most_one_task_and_one_project() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    for twin in TWINS {
        let first =
            twin.create_from(office.recipient(), json!({ "memoId": memo.id, "name": "The first" })).await;
        assert_eq!(codes(&first), [""; 0]);
        let before = (office.row_counts().await, row_of(&office, &memo).await);
        let second = twin.create_from(office.recipient(), json!({ "memoId": memo.id })).await;
        assert_eq!(codes(&second), [twin.already()]);
        let message = second["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("\"The first\""), "{message}");
        assert_eq!((office.row_counts().await, row_of(&office, &memo).await), before);
        // After its deletion the memo may have another.
        twin.delete(office.recipient(), &first["work"]["id"]).await;
        let third = twin.create_from(office.recipient(), json!({ "memoId": memo.id })).await;
        assert_eq!(codes(&third), [""; 0]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_the_recipient_may_not_see_is_not_named() {
    let office = Office::open().await;
    for (twin, column) in TWINS.into_iter().zip([memo::Column::TaskId, memo::Column::ProjectId]) {
        let memo = office.memo().create().await;
        let secret = twin.create(office.stranger(), json!({ "name": "Secret" })).await["work"]["id"].clone();
        office.link(&memo, column, uuid_of(twin.kind, secret.as_str().unwrap())).await;
        let refused = twin.create_from(office.recipient(), json!({ "memoId": memo.id })).await;
        assert_eq!(codes(&refused), [twin.already()]);
        assert!(!refused.to_string().contains("Secret"), "{refused:#}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_may_be_reviewed_in_the_same_step() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        let input =
            json!({ "memoId": memo.id, "reviewMemo": true, "note": " We do it. ", "dueDate": "2026-03-20" });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(
            created["memo"],
            json!({ "id": memo.id, "stage": "REVIEWED", "reviewDate": null, "note": "We do it." })
        );
        assert_eq!(events_of(&office, &memo).await, [MemoEventKind::StageChanged]);
        for person in [office.author(), office.subscriber()] {
            assert_eq!(told(person).await[0].0, "MEMO_REVIEWED", "{}", person.name);
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reviewed_memo_stays_reviewed() {
    let office = Office::open().await;
    for (twin, review) in TWINS.into_iter().zip([false, true]) {
        let memo = office.memo().in_stage(MemoStage::Reviewed).create().await;
        let created = twin
            .create_from(
                office.recipient(),
                json!({ "memoId": memo.id, "reviewMemo": review, "dueDate": "2026-03-20" }),
            )
            .await;
        assert_eq!(
            created["memo"],
            json!({ "id": memo.id, "stage": "REVIEWED", "reviewDate": null, "note": null })
        );
        assert_eq!(events_of(&office, &memo).await, [MemoEventKind::Updated]);
    }
    assert_eq!(told(office.author()).await, [], "nobody is told a second time that it is reviewed");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_to_look_at_it_again_is_the_one_given_or_the_due_date_or_the_memos_own() {
    let office = Office::open().await;
    for (input, day) in [
        (json!({ "reviewDate": "2026-03-10", "dueDate": "2026-03-20" }), json!("2026-03-10")),
        (json!({ "reviewDate": "2026-03-02" }), json!("2026-03-02")),
        (json!({ "dueDate": "2026-03-20" }), json!("2026-03-20")),
        (json!({ "dueDate": "2026-03-01" }), Value::Null),
        (json!({}), Value::Null),
    ] {
        let memo = office.memo().create().await;
        let mut input = input;
        input["memoId"] = json!(memo.id);
        let created = TWINS[0].create_from(office.recipient(), input).await;
        assert_eq!(created["memo"]["reviewDate"], day, "{created:#}");
    }
    let memo = office.memo().create().await;
    office.sql("UPDATE memos SET review_date = '2026-04-01'").await;
    let created = TWINS[0].create_from(office.recipient(), json!({ "memoId": memo.id })).await;
    assert_eq!(created["memo"]["reviewDate"], "2026-04-01");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_of_unacceptable_input_is_not_created_and_the_memo_stays_as_it_is() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let other = office.memo().create().await;
    let foreign = office.attach(&other, "other.txt", "of another memo").await;
    let own = office.attach(&memo, "own.txt", "its own").await;
    office.sql("UPDATE users SET active = FALSE WHERE username = 'stranger'").await;
    let before = (office.row_counts().await, row_of(&office, &memo).await);
    for twin in TWINS {
        for (mut input, code, field) in [
            (json!({ "name": " " }), "INVALID_INPUT", "name"),
            (json!({ "description": "a\0b" }), "INVALID_INPUT", "description"),
            (json!({ "note": "Done." }), "INVALID_INPUT", "note"),
            (json!({ "reviewMemo": true, "note": "a\0b" }), "INVALID_INPUT", "note"),
            (json!({ "reviewMemo": true, "reviewDate": "2026-03-10" }), "INVALID_INPUT", "reviewDate"),
            (json!({ "reviewDate": "2026-03-01" }), "INVALID_INPUT", "reviewDate"),
            (json!({ "responsibleIds": [] }), "INVALID_INPUT", "responsibleIds"),
            (json!({ "responsibleIds": [user(office.stranger())] }), "NOT_FOUND", "responsibleIds"),
            (json!({ "subscriberIds": [user(office.stranger())] }), "NOT_FOUND", "subscriberIds"),
            (json!({ "fileIds": [file_id(&own), file_id(&foreign)] }), "NOT_FOUND", "fileIds"),
            (json!({ "fileIds": vec![file_id(&own); 101] }), "INVALID_INPUT", "fileIds"),
        ] {
            input["memoId"] = json!(memo.id);
            let refused = twin.create_from(office.recipient(), input).await;
            assert_eq!(codes(&refused), [code], "{refused:#}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
        }
    }
    assert_eq!((office.row_counts().await, row_of(&office, &memo).await), before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_responsible_are_told_and_an_author_who_is_responsible_does_not_subscribe() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().create().await;
        let input = json!({ "memoId": memo.id, "responsibleIds": [user(office.author()), user(office.recipient())],
            "subscriberIds": [user(office.author()), user(office.subscriber())] });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(
            created["work"]["responsible"],
            json!([{ "username": "author" }, { "username": "recipient" }])
        );
        assert_eq!(created["work"]["subscribers"], json!([{ "username": "subscriber" }]));
        let assigned = format!("{}_ASSIGNED", twin.word.to_uppercase());
        let news = (assigned, "recipient".to_owned(), "Order new chairs".to_owned());
        assert!(told(office.author()).await.contains(&news));
    }
    assert_eq!((told(office.author()).await.len(), told(office.recipient()).await.len()), (2, 0));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_of_work_is_the_memo_or_what_remains_of_it_for_those_who_may_see_it() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().create().await;
        let input = json!({ "memoId": memo.id, "subscriberIds": [user(office.stranger())] });
        let id = twin.create_from(office.recipient(), input).await["work"]["id"].clone();
        let source = async |person: &Actor| twin.read(person, &id).await["sourceMemo"].take();
        let as_type = |name: &str| json!({ "__typename": name, "id": memo.id });
        for person in [office.author(), office.recipient(), office.chief()] {
            assert_eq!(source(person).await, as_type("Memo"), "{}", person.name);
        }
        assert_eq!(source(office.stranger()).await, Value::Null, "sees the work and not the memo");
        let deleted = office.recipient().delete_confirmed(&memo.id).await;
        for person in [office.author(), office.recipient()] {
            assert_eq!(source(person).await, as_type("DeletedMemo"), "{}", person.name);
        }
        for person in [office.stranger(), office.chief()] {
            assert_eq!(source(person).await, Value::Null, "{}", person.name);
        }
        let restored = office.recipient().restore(deleted["receipt"]["id"].as_str().unwrap()).await;
        assert_eq!(restored["missing"], json!([]));
        assert_eq!(source(office.author()).await, as_type("Memo"));
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transferred_files_stay_when_the_memo_is_deleted() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().create().await;
        let chosen = office.attach(&memo, "chosen.txt", &format!("chosen for the {}", twin.word)).await;
        let later = office.attach(&memo, "later.txt", &format!("later for the {}", twin.word)).await;
        office.attach(&memo, "left.txt", &format!("left by the {}", twin.word)).await;
        let input = json!({ "memoId": memo.id, "fileIds": [file_id(&chosen), file_id(&chosen)] });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(created["work"]["files"], json!([{ "name": "chosen.txt" }]));
        let token = office.recipient().preview(&memo.id).await["confirmationToken"].clone();

        let before = (office.row_counts().await, row_of(&office, &memo).await.version);
        let target = format!("{}Id", twin.word);
        let input = json!({ "memoId": memo.id, "fileIds": [file_id(&later)], target: created["work"]["id"] });
        let transferred = transfer(office.author(), input.clone()).await;
        assert_eq!(codes(&transferred), [""; 0], "{transferred:#}");
        assert_eq!(transferred[twin.word]["files"].as_array().unwrap().len(), 2);
        let expected = [(format!("{}_files", twin.word), 1), ("memo_events".to_owned(), 1)];
        assert_eq!(difference(&before.0, &office.row_counts().await), expected.into());
        assert_eq!(events_of(&office, &memo).await, [MemoEventKind::StageChanged, MemoEventKind::Updated]);
        let after = office.row_counts().await;
        assert_eq!(codes(&transfer(office.recipient(), input).await), [""; 0], "doing it again is harmless");
        assert_eq!((office.row_counts().await, row_of(&office, &memo).await.version), (after, before.1));

        let stale = json!({ "memoId": memo.id, "confirmationToken": token });
        assert_eq!(codes(&office.recipient().delete_with(stale).await), ["CONFIRMATION_STALE"]);
        let preview = office.recipient().preview(&memo.id).await;
        let reason = format!("TRANSFERRED_TO_{}", twin.word.to_uppercase());
        let kept: Vec<&Value> = preview["kept"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| item["reason"] == json!(reason))
            .collect();
        let mut names: Vec<&str> = kept.iter().map(|item| item["label"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["chosen.txt", "later.txt"]);
        office.recipient().delete_confirmed(&memo.id).await;
        assert_eq!(
            twin.read(office.recipient(), &created["work"]["id"]).await["files"].as_array().unwrap().len(),
            2
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_to_the_memos_own_work_or_to_work_for_which_the_viewer_is_responsible() {
    let office = Office::open().await;
    for (twin, column) in TWINS.into_iter().zip([memo::Column::TaskId, memo::Column::ProjectId]) {
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        let file = office.attach(&memo, "plan.txt", "the plan").await;
        let other = office.attach(&office.memo().create().await, "other.txt", "of another memo").await;
        let target = format!("{}Id", twin.word);
        let own = twin
            .create(office.recipient(), json!({ "name": "Own", "subscriberIds": [user(office.author())] }))
            .await;
        let secret = twin.create(office.stranger(), json!({ "name": "Secret" })).await["work"]["id"].clone();
        let own = own["work"]["id"].clone();
        let before = office.row_counts().await;
        let to = |work: &Value, file: &entity::file::Model| json!({ "memoId": memo.id, "fileIds": [file_id(file)], target.as_str(): work });
        for (person, input, code, field) in [
            (office.subscriber(), to(&own, &file), "NOT_A_PARTICIPANT", "memoId"),
            (office.chief(), to(&own, &file), "NOT_A_PARTICIPANT", "memoId"),
            (office.stranger(), to(&secret, &file), "NOT_FOUND", "memoId"),
            (office.author(), to(&own, &file), "NOT_RESPONSIBLE", target.as_str()),
            (office.author(), to(&secret, &file), "NOT_FOUND", target.as_str()),
            (office.recipient(), to(&own, &other), "NOT_FOUND", "fileIds"),
        ] {
            let refused = transfer(person, input).await;
            assert_eq!(codes(&refused), [code], "{}: {refused:#}", person.name);
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
        }
        assert_eq!(office.row_counts().await, before);
        assert_eq!(codes(&transfer(office.recipient(), to(&own, &file)).await), [""; 0]);
        // Now it is the memo's own.
        office.link(&memo, column, uuid_of(twin.kind, own.as_str().unwrap())).await;
        assert_eq!(codes(&transfer(office.author(), to(&own, &file)).await), [""; 0]);
        // Its own that the viewer may not see.
        office.link(&memo, column, uuid_of(twin.kind, secret.as_str().unwrap())).await;
        assert_eq!(codes(&transfer(office.author(), to(&secret, &file)).await), ["NOT_FOUND"]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_transferred_to_one_piece_of_work() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let (task, project) = ("task_00000000000000000000000000", "project_00000000000000000000000000");
    for input in [
        json!({ "memoId": memo.id, "fileIds": [] }),
        json!({ "memoId": memo.id, "fileIds": [], "taskId": task, "projectId": project }),
    ] {
        let refused = transfer(office.author(), input).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["field"], Value::Null);
    }
    let many = json!({ "memoId": memo.id, "fileIds": vec!["file_x"; 101], "taskId": task });
    assert_eq!(codes(&transfer(office.author(), many).await), ["INVALID_INPUT"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_creations_at_once_exactly_one_succeeds() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let recipient = office.recipient();
    for round in 0..ROUNDS {
        let twin = TWINS[round % 2];
        let memo = office.memo().create().await;
        let input = json!({ "memoId": memo.id });
        let (one, two) = tokio::join!(
            twin.create_from(recipient, input.clone()),
            twin.create_from(recipient, input.clone())
        );
        let mut outcomes = [codes(&one), codes(&two)].concat();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [twin.already()], "round {round}");
        assert_eq!(events_of(&office, &memo).await.len(), 1);
    }
    let counts = office.row_counts().await;
    assert_eq!((counts["tasks"], counts["projects"]), (10, 10));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_and_a_deletion_that_race_never_both_succeed() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let (author, recipient) = (office.author(), office.recipient());
    for round in 0..ROUNDS {
        let twin = TWINS[round / 2 % 2];
        let memo = office.memo().create().await;
        let input = json!({ "memoId": memo.id });
        let (deletion, creation) = if round % 2 == 0 {
            tokio::join!(author.delete(&memo.id), twin.create_from(recipient, input))
        } else {
            let (creation, deletion) =
                tokio::join!(twin.create_from(recipient, input), author.delete(&memo.id));
            (deletion, creation)
        };
        if creation["work"].is_null() {
            assert_eq!(codes(&creation), ["NOT_FOUND"], "round {round}: {creation:#}");
            assert_eq!(deletion["deletedMemoId"], json!(memo.id), "round {round}");
        } else {
            assert_eq!(codes(&deletion), ["RECIPIENT_HAS_ACTED"], "round {round}: {deletion:#}");
            assert_eq!(author.type_of(&memo.id).await, "Memo");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_is_deleted_while_files_are_transferred_to_it_ends_in_one_order() {
    const ROUNDS: usize = 20;
    let office = Office::open().await;
    let recipient = office.recipient();
    for round in 0..ROUNDS {
        let twin = TWINS[round / 2 % 2];
        let (memo, other) = (office.memo().create().await, office.memo().create().await);
        let file = office.attach(&memo, "plan.txt", &format!("plan {round}")).await;
        office.attach_file(&other, file.id).await;
        let id = twin.create_from(recipient, json!({ "memoId": other.id })).await["work"]["id"].clone();
        let input = json!({ "memoId": memo.id, "fileIds": [file_id(&file)], format!("{}Id", twin.word): id });
        let (deletion, transferred) = if round % 2 == 0 {
            tokio::join!(twin.delete(recipient, &id), transfer(recipient, input))
        } else {
            let (transferred, deletion) =
                tokio::join!(transfer(recipient, input), twin.delete(recipient, &id));
            (deletion, transferred)
        };
        assert_eq!(deletion["deleted"], id, "round {round}: {deletion:#}");
        assert!(
            codes(&transferred).iter().all(|code| *code == "NOT_FOUND"),
            "round {round}: {transferred:#}"
        );
    }
    let counts = office.row_counts().await;
    assert_eq!(
        (counts["tasks"], counts["projects"], counts["task_files"], counts["project_files"]),
        (0, 0, 0, 0)
    );
    office.close().await;
}
