//! Concurrent operations on the catalogue end as if one had come after the other.

use crate::catalogue::{ALL, Kind, NAMED};
use memoranda_tests::{Actor, Office, codes, difference};
use serde_json::{Value, json};

impl Kind {
    /// Uses it in the person's memo, through the API.
    async fn use_it(self, person: &Actor, memo: &str, id: &Value) -> Value {
        let (verb, input) = match self.word {
            "tag" => ("addMemoTags", json!({ "memoId": memo, "tagIds": [id] })),
            word => ("updateMemo", json!({ "memoId": memo, format!("{word}Id"): id })),
        };
        let name = format!("{}{}", verb[..1].to_uppercase(), &verb[1..]);
        let document = format!(
            "mutation ($input: {name}Input!) {{ payload: {verb}(input: $input) {{ userErrors {{ \
             code }} }} }}"
        );
        person.data(&document, json!({ "input": input })).await["payload"].take()
    }
}

const ROUNDS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_that_want_the_same_name_one_gets_it() {
    let office = Office::open().await;
    let (chief, admin) = (office.chief(), office.admin());
    for round in 0..ROUNDS {
        for kind in NAMED {
            let (one, two) = (format!("Name {round}"), format!("nAME {round}"));
            let spare = kind.id(&office, &format!("Spare {round}")).await;
            let before = office.row_counts().await;
            let (created, other) = match round % 3 {
                // Both are spelled alike, so that the test also reaches the database's own key.
                0 => tokio::join!(kind.create(chief, &one), kind.create(admin, &one)),
                1 => tokio::join!(kind.create(chief, &one), kind.create(admin, &two)),
                _ => {
                    let rename = kind.update(admin, &spare, json!({ "name": two }));
                    tokio::join!(kind.create(chief, &one), rename)
                }
            };
            let refusals = [codes(&created), codes(&other)].concat();
            assert_eq!(refusals, ["NAME_TAKEN"], "round {round}: {created:#} {other:#}");
            let is_new = i64::from(round % 3 != 2 || codes(&created).is_empty());
            let expected =
                [(format!("{}s", kind.word), is_new)].into_iter().filter(|(_, n)| *n != 0);
            assert_eq!(difference(&before, &office.row_counts().await), expected.collect());
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_and_a_use_that_race_end_in_one_order() {
    let office = Office::open().await;
    let (chief, author) = (office.chief(), office.author());
    for round in 0..ROUNDS {
        for kind in ALL {
            let id = kind.id(&office, &format!("Raced {round}")).await;
            let memo = office.memo().create().await;
            let (deleted, used) = if round % 2 == 0 {
                tokio::join!(kind.delete(chief, &id), kind.use_it(author, &memo.id, &id))
            } else {
                let (used, deleted) =
                    tokio::join!(kind.use_it(author, &memo.id, &id), kind.delete(chief, &id));
                (deleted, used)
            };
            let expected: (&[&str], &[&str]) =
                if deleted["entry"] == id { (&[], &["NOT_FOUND"]) } else { (&["IN_USE"], &[]) };
            assert_eq!(
                (codes(&deleted).as_slice(), codes(&used).as_slice()),
                expected,
                "round {round}"
            );
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_and_a_change_that_race_end_in_one_order() {
    let office = Office::open().await;
    let (chief, admin) = (office.chief(), office.admin());
    for round in 0..ROUNDS {
        for kind in ALL {
            let id = kind.id(&office, &format!("Raced {round}")).await;
            let change = json!({ "name": format!("Changed {round}") });
            let (deleted, changed) =
                tokio::join!(kind.delete(chief, &id), kind.update(admin, &id, change));
            assert_eq!(deleted["entry"], id, "round {round}: {deleted:#}");
            assert!(
                codes(&changed).iter().all(|code| *code == "NOT_FOUND"),
                "round {round}: {changed:#}"
            );
            assert_eq!(kind.read(chief, &id).await, Value::Null);
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_somebody_else_that_comes_to_use_it_does_not_stop_a_deletion() {
    let office = Office::open().await;
    let (chief, author) = (office.chief(), office.author());
    for round in 0..ROUNDS {
        for kind in ALL {
            let id = kind.id(&office, &format!("Raced {round}")).await;
            let draft = office.memo().draft().create().await;
            let (deleted, used) = if round % 2 == 0 {
                tokio::join!(kind.delete(chief, &id), kind.use_it(author, &draft.id, &id))
            } else {
                let (used, deleted) =
                    tokio::join!(kind.use_it(author, &draft.id, &id), kind.delete(chief, &id));
                (deleted, used)
            };
            assert_eq!(deleted["entry"], id, "round {round}: {deleted:#}");
            assert!(
                codes(&used).iter().all(|code| *code == "NOT_FOUND"),
                "round {round}: {used:#}"
            );
            assert_eq!(kind.read(author, &id).await, Value::Null);
        }
    }
    office.close().await;
}
