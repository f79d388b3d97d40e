//! Managing people, for administrators.

mod create_user;
mod delete_user;
mod set_active;
mod update_user;

use super::answer::{Refused, Word};
use async_graphql::MergedObject;
use service::people::{PeopleRefusal, PersonRefusal, policy::Denial};

/// People.
#[derive(MergedObject, Default)]
pub struct PeopleMutation(
    create_user::CreateUser,
    update_user::UpdateUser,
    set_active::SetActive,
    delete_user::DeleteUser,
    super::deletion::ReassignMemos,
);

/// The service's refusal of something with a person.
fn refused(refusal: PeopleRefusal) -> Refused {
    match refusal {
        PeopleRefusal::Person(refusal) => of_person(&refusal),
        PeopleRefusal::NotFound => {
            Refused::at("userId", Word::NotFound, "There is no person with this id. Check the id.")
        }
        PeopleRefusal::Forbidden(Denial::Oneself) => Refused::at(
            "userId",
            Word::Oneself,
            "Nobody takes away their own part in running the system. Ask another administrator.",
        ),
        PeopleRefusal::Forbidden(Denial::LastAdmin) => Refused::at(
            "userId",
            Word::LastAdmin,
            "This is the last active administrator. Make somebody else an administrator first.",
        ),
        PeopleRefusal::HasHistory => Refused::at(
            "userId",
            Word::HasHistory,
            "Memos, work or records refer to this person, and they stay. Deactivate the person instead with `deactivateUser`.",
        ),
    }
}

fn of_person(refusal: &PersonRefusal) -> Refused {
    match refusal {
        PersonRefusal::Username(_) => Refused::input(
            "username",
            "This is no username. Give 1 to 64 letters a–z, digits, dots, hyphens or underscores.",
        ),
        PersonRefusal::FullName(problem) => Refused::input("fullName", format!("The full name {problem}.")),
        PersonRefusal::Email(_) => {
            Refused::input("email", "This is no address. Give one such as name@example.org.")
        }
        PersonRefusal::UsernameTaken(_) => {
            Refused::at("username", Word::UsernameTaken, "Somebody has this username. Choose another.")
        }
        PersonRefusal::EmailTaken(_) => {
            Refused::at("email", Word::EmailTaken, "This address belongs to somebody else. Give another.")
        }
    }
}
