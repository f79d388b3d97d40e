//! Tasks and projects that come from a memo.

use crate::work::{TWINS, Twin, events_of, file_id, notified, row_of, user};
use entity::{MemoEventKind, MemoStage, memo};
use memoranda_tests::{Actor, Office, codes, difference, uuid_of};
use serde_json::{Value, json};

impl Twin {
    /// Creates work from a memo.
    pub async fn create_from(self, person: &Actor, input: Value) -> Value {
        self.run(person, "create", "FromMemo", input).await
    }

    /// The code with which a second one is refused.
    pub fn already(self) -> String {
        format!("ALREADY_HAS_{}", self.word.to_uppercase())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recipient_creates_work_from_a_memo_which_is_put_off_until_it_is_due() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        let before = office.row_counts().await;
        let input = json!({ "memoId": memo.id, "description": "Six.", "dueDate": "2026-03-20",
            "clientMutationId": "c" });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(codes(&created), [""; 0], "{created:#}");
        let work = &created["work"];
        assert_eq!(work["sourceMemo"]["id"], memo.id);
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(
                *work, { ".id" => "[work]", ".sourceMemo.id" => "[memo]" }, @r#"
            {
              "createdBy": {
                "username": "recipient"
              },
              "description": "Six.",
              "dueDate": "2026-03-20",
              "files": [],
              "id": "[work]",
              "name": "Order new chairs",
              "responsible": [
                {
                  "username": "recipient"
                }
              ],
              "sourceMemo": {
                "__typename": "Memo",
                "id": "[memo]"
              },
              "status": "OPEN",
              "subscribers": [
                {
                  "username": "author"
                }
              ],
              "viewerCanUpdate": true,
              "viewerIsResponsible": true
            }
            "#
            );
        }
        assert_eq!(
            created["memo"],
            json!({ "id": memo.id, "stage": "POSTPONED", "reviewDate": "2026-03-20",
                "conclusion": null })
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
        assert_eq!(
            difference(&before, &office.row_counts().await),
            expected.into(),
            "nobody is notified"
        );
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
        let first = twin
            .create_from(office.recipient(), json!({ "memoId": memo.id, "name": "The first" }))
            .await;
        assert_eq!(codes(&first), [""; 0]);
        let before = (office.row_counts().await, row_of(&office, &memo).await);
        let second = twin.create_from(office.recipient(), json!({ "memoId": memo.id })).await;
        assert_eq!(codes(&second), [twin.already()]);
        let message = second["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("\"The first\""), "{message}");
        assert_eq!((office.row_counts().await, row_of(&office, &memo).await), before);
        // After its deletion, the memo may have another one.
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
        let secret =
            twin.create(office.stranger(), json!({ "name": "Secret" })).await["work"]["id"].clone();
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
        let input = json!({ "memoId": memo.id, "reviewMemo": true, "conclusion": " We do it. ",
            "dueDate": "2026-03-20" });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(
            created["memo"],
            json!({ "id": memo.id, "stage": "REVIEWED", "reviewDate": null,
                "conclusion": "We do it." })
        );
        assert_eq!(events_of(&office, &memo).await, [MemoEventKind::StageChanged]);
        for person in [office.author(), office.subscriber()] {
            assert_eq!(notified(person).await[0].0, "MEMO_REVIEWED", "{}", person.name);
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
            json!({ "id": memo.id, "stage": "REVIEWED", "reviewDate": null, "conclusion": null })
        );
        assert_eq!(events_of(&office, &memo).await, [MemoEventKind::Updated]);
    }
    assert_eq!(
        notified(office.author()).await,
        [],
        "nobody is notified a second time that it is reviewed"
    );
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
            (json!({ "conclusion": "Done." }), "INVALID_INPUT", "conclusion"),
            (json!({ "reviewMemo": true, "conclusion": "a\0b" }), "INVALID_INPUT", "conclusion"),
            (
                json!({ "reviewMemo": true, "reviewDate": "2026-03-10" }),
                "INVALID_INPUT",
                "reviewDate",
            ),
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
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        let input = json!({ "memoId": memo.id, "responsibleIds": [user(office.author()),
            user(office.recipient())],
            "subscriberIds": [user(office.author()), user(office.subscriber())] });
        let created = twin.create_from(office.recipient(), input).await;
        assert_eq!(
            created["work"]["responsible"],
            json!([{ "username": "author" }, { "username": "recipient" }])
        );
        assert_eq!(created["work"]["subscribers"], json!([{ "username": "subscriber" }]));
        let assigned = format!("{}_ASSIGNED", twin.word.to_uppercase());
        let news = (assigned, "recipient".to_owned(), "Order new chairs".to_owned());
        assert!(notified(office.author()).await.contains(&news));
    }
    assert_eq!(
        (notified(office.author()).await.len(), notified(office.recipient()).await.len()),
        (2, 0)
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_of_work_is_the_memo_or_what_remains_of_it_for_those_who_may_see_it() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().create().await;
        let input =
            json!({ "memoId": memo.id, "name": "Buy", "subscriberIds": [user(office.stranger())] });
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
async fn work_has_the_name_of_its_memo_only_where_all_its_people_see_the_memo() {
    let office = Office::open().await;
    for twin in TWINS {
        let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
        let recipient = office.recipient();
        for person in [office.stranger(), office.admin()] {
            let before = office.row_counts().await;
            for part in ["responsibleIds", "subscriberIds"] {
                let mut input = json!({ "memoId": memo.id });
                input[part] = json!([user(person)]);
                let refused = twin.create_from(recipient, input).await;
                assert_eq!(
                    codes(&refused),
                    ["INVALID_INPUT"],
                    "{} {part}: {refused:#}",
                    person.name
                );
                assert_eq!(refused["userErrors"][0]["field"], json!(["input", "name"]));
            }
            assert_eq!(office.row_counts().await, before);
        }
        let seeing =
            json!([user(office.subscriber()), user(office.chief()), user(office.author())]);
        let input = json!({ "memoId": memo.id, "responsibleIds": seeing });
        let created = twin.create_from(recipient, input).await;
        assert_eq!(
            (codes(&created), &created["work"]["name"]),
            (vec![], &json!("Order new chairs"))
        );
        let memo = office.memo().create().await;
        let people = json!([user(office.stranger())]);
        let input = json!({ "memoId": memo.id, "name": "Buy", "responsibleIds": people });
        let created = twin.create_from(recipient, input).await;
        assert_eq!((codes(&created), &created["work"]["name"]), (vec![], &json!("Buy")));
    }
    office.close().await;
}
