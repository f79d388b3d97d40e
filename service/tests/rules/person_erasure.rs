//! The rules of erasing people, in every case.

use crate::{
    person_erasure_cases::{HEAD, Person, cases},
    snapshots::assert_snapshot,
};
use entity::UserRole;
use service::{
    people::policy::AccountState,
    person_erasure::policy::{BlockerCode, PersonErasureState, decide, verdict},
};
use uuid::Uuid;

#[test]
fn the_rules_decide_as_the_table_of_erasing_people_says() {
    let (administrator, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut table = HEAD.to_owned();
    for case in cases() {
        let person = case.person;
        let role = match person {
            Person::OneselfAlone | Person::Oneself | Person::Admin => UserRole::Admin,
            Person::Chief => UserRole::Chief,
            Person::Member | Person::Inactive | Person::Erased => UserRole::Member,
        };
        let blockers = decide(&PersonErasureState {
            administrator,
            account: AccountState {
                id: if person.is_oneself() { administrator } else { other },
                role,
                active: !matches!(person, Person::Inactive | Person::Erased),
                other_active_admins: u64::from(person != Person::OneselfAlone),
            },
            is_erased: person == Person::Erased,
            held_memos: case.hold.into(),
            open_memos: case.open_memo.into(),
            open_work: case.open_work.into(),
        });
        let codes: Vec<&str> =
            blockers.iter().map(|blocker| blocker.code).map(BlockerCode::as_str).collect();
        table.push_str(&case.row(verdict(&blockers).as_str(), &codes));
    }
    assert_snapshot("person_erasure_table", &table);
}
