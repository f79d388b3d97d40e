//! The table of erasing people through HTTP.

use crate::{
    person_erasure::{erase, preview},
    snapshots,
};
use entity::{UserRole, memo_subscriber};
use memoranda_tests::{Actor, Office, codes};

/// `service` tests the same cases with the rules themselves.
#[path = "../../service/tests/rules/person_erasure_cases.rs"]
mod cases;

use cases::{Case, HEAD, Person, cases};

#[tokio::test(flavor = "multi_thread")]
async fn the_api_decides_as_the_table_of_erasing_people_says() {
    let mut table = HEAD.to_owned();
    let mut office = Office::open().await;
    for (n, case) in cases().enumerate() {
        if case.person.is_oneself() {
            // What speaks against the erasure of the administrator would stay.
            office.close().await;
            office = Office::open().await;
        }
        let person = create(&office, case, n).await;
        table.push_str(&ask(&office, &person, case).await);
    }
    office.close().await;
    snapshots::assert_table("person_erasure_table", &table);
}

/// A person in that state.
async fn create(office: &Office, case: Case, n: usize) -> Actor {
    if case.person == Person::Oneself {
        office.hire("auditor", UserRole::Admin).await;
    }
    let role = match case.person {
        Person::Admin => UserRole::Admin,
        Person::Chief => UserRole::Chief,
        _ => UserRole::Member,
    };
    let person = if case.person.is_oneself() {
        office.admin().clone()
    } else {
        office.hire(&format!("person-{n}"), role).await
    };
    if case.person == Person::Erased {
        assert_eq!(codes(&erase(office.admin(), &person).await), [""; 0]);
    }
    if case.hold {
        let memo = office.memo().create().await;
        let (memo_id, created_at) = (memo.uuid, office.services.now());
        office.insert(memo_subscriber::Model { memo_id, user_id: person.id, created_at }).await;
        office.hold(&memo, "").await.unwrap();
    }
    if case.open_memo {
        office.memo().to(person.id).create().await;
    }
    if case.open_work {
        let task = office.task("Paint the walls").await;
        office.sql("DELETE FROM task_members").await;
        office.make_responsible(&person, task).await;
    }
    if case.person == Person::Inactive {
        office.deactivate(&person).await;
    }
    person
}

/// The row of the case. The mutation refuses for the same reasons as the preview.
async fn ask(office: &Office, person: &Actor, case: Case) -> String {
    let preview = preview(office.admin(), person).await;
    let verdict = preview["verdict"].as_str().unwrap();
    assert_eq!(preview["confirmationToken"].is_null(), verdict == "DENIED");
    let blockers = preview["blockers"].as_array().unwrap().iter();
    let blockers: Vec<&str> = blockers.map(|blocker| blocker["code"].as_str().unwrap()).collect();
    let payload = erase(office.admin(), person).await;
    if case.person == Person::Erased {
        assert_eq!((codes(&payload), &payload["replayed"]), (vec![], &true.into()));
    } else {
        assert_eq!(codes(&payload), blockers, "{payload:#}");
    }
    case.row(verdict, &blockers)
}
