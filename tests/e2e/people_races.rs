//! Concurrent operations on people end as if one had come after the other.

use crate::people::{document, run, run_for};
use entity::UserRole;
use memoranda_tests::{Actor, Office, codes};
use serde_json::{Value, json};

const ROUNDS: usize = 10;

/// With two active administrators, both requests are accepted before either is done.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_who_end_each_others_part_at_once_one_stays() {
    let office = Office::open().await;
    let (one, two) = (office.admin(), &office.hire("second", UserRole::Admin).await);
    for round in 0..ROUNDS {
        for (verb, input) in [
            ("updateUser", json!({ "role": "MEMBER" })),
            ("deactivateUser", json!({})),
            ("updateUser", json!({ "role": "CHIEF" })),
        ] {
            let end = async |who: &Actor, whom: &Actor| {
                let mut input = input.clone();
                input["userId"] = json!(whom.user_id());
                who.send(&document(verb), json!({ "input": input })).await
            };
            let (first, second) = tokio::join!(end(one, two), end(two, one));
            let done = |answer: &Value| !answer["data"]["payload"]["user"].is_null();
            assert!(done(&first) != done(&second), "round {round}: {first:#} {second:#}");
            let refused = if done(&first) { &second } else { &first };
            match refused["errors"][0]["extensions"]["code"].as_str() {
                // The request came after the other one was done.
                Some(code) => {
                    assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&code), "{refused:#}")
                }
                None => assert_eq!(codes(&refused["data"]["payload"]), ["LAST_ADMIN"]),
            }
            let (left, gone) = if done(&first) { (one, two) } else { (two, one) };
            run_for(left, "reactivateUser", gone).await;
            let again =
                run(left, "updateUser", json!({ "userId": gone.user_id(), "role": "ADMIN" })).await;
            assert_eq!(
                [&again["user"]["role"], &again["user"]["active"]],
                [&json!("ADMIN"), &json!(true)]
            );
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_who_want_the_same_name_or_address_one_gets_it() {
    let office = Office::open().await;
    let (one, two) = (office.admin(), &office.hire("second", UserRole::Admin).await);
    for round in 0..ROUNDS {
        let new = |username: String, email: String| {
            json!({ "username": username,
            "fullName": "New", "email": email, "role": "MEMBER" })
        };
        for (first, second, code) in [
            (
                new(format!("a{round}"), format!("b{round}@example.org")),
                new(format!("A{round}"), format!("c{round}@example.org")),
                "USERNAME_TAKEN",
            ),
            (
                new(format!("d{round}"), format!("e{round}@example.org")),
                new(format!("f{round}"), format!("E{round}@example.org")),
                "EMAIL_TAKEN",
            ),
        ] {
            let (first, second) =
                tokio::join!(run(one, "createUser", first), run(two, "createUser", second));
            assert_eq!([codes(&first), codes(&second)].concat(), [code], "round {round}");
        }
    }
    assert_eq!(office.row_counts().await["users"], 7 + 2 * i64::try_from(ROUNDS).unwrap());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_and_a_memo_that_race_end_in_one_order() {
    let office = Office::open().await;
    let create = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { memo { id } \
        userErrors { code } } }";
    for round in 0..ROUNDS {
        let person = office.hire(&format!("raced{round}"), UserRole::Member).await;
        let input = json!({ "input": { "name": "Hello", "recipientId": person.user_id(),
            "draft": false } });
        let send = async || office.author().data(create, input.clone()).await["createMemo"].take();
        let (deleted, sent) = if round % 2 == 0 {
            tokio::join!(run_for(office.admin(), "deleteUser", &person), send())
        } else {
            let (sent, deleted) =
                tokio::join!(send(), run_for(office.admin(), "deleteUser", &person));
            (deleted, sent)
        };
        let expected: (&[&str], &[&str]) =
            if sent["memo"].is_null() { (&[], &["NOT_FOUND"]) } else { (&["HAS_HISTORY"], &[]) };
        assert_eq!(
            (codes(&deleted).as_slice(), codes(&sent).as_slice()),
            expected,
            "round {round}"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_whom_a_deletion_names_stays_also_while_it_happens() {
    let office = Office::open().await;
    for round in 0..ROUNDS {
        let person = office.hire(&format!("named{round}"), UserRole::Member).await;
        let memo = office.memo().to(person.id).create().await;
        let delete = async || office.author().delete_confirmed(&memo.id).await;
        let (leaving, deletion) = if round % 2 == 0 {
            tokio::join!(run_for(office.admin(), "deleteUser", &person), delete())
        } else {
            let (deletion, leaving) =
                tokio::join!(delete(), run_for(office.admin(), "deleteUser", &person));
            (leaving, deletion)
        };
        assert_eq!(codes(&deletion), [""; 0], "round {round}");
        assert_eq!(codes(&leaving), ["HAS_HISTORY"], "round {round}");
    }
    office.close().await;
}
