//! The people of the office.

use super::{Ids, morning};
use crate::{Result, Services, clock::new_id, database::in_transaction, people::search_name};
use entity::{
    UserRole::{self, Admin, Chief, Member},
    user,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::Expr,
};

struct Person {
    username: &'static str,
    full_name: &'static str,
    email: &'static str,
    role: UserRole,
    /// Days since the person's first day.
    joined: i64,
}

const fn person(
    joined: i64,
    username: &'static str,
    full_name: &'static str,
    email: &'static str,
    role: UserRole,
) -> Person {
    Person { username, full_name, email, role, joined }
}

const PEOPLE: [Person; 12] = [
    person(2400, "chief", "Charlotte Wren", "charlotte.wren@example.org", Chief),
    person(2210, "recipient", "Robert Okafor", "robert.okafor@example.org", Member),
    person(1985, "nadia", "Nadia Rahman", "nadia.rahman@example.org", Member),
    person(1730, "tom", "Tom Whitaker", "tom.whitaker@example.org", Member),
    person(1405, "author", "Amelia Hartley", "amelia.hartley@example.org", Member),
    person(1220, "henry", "Henry Castle", "henry.castle@example.org", Member),
    person(1010, "subscriber", "Sofia Lindqvist", "sofia.lindqvist@example.org", Member),
    person(845, "admin", "Arjun Mehta", "arjun.mehta@example.org", Admin),
    person(610, "grace", "Grace Adeyemi", "grace.adeyemi@example.org", Member),
    person(420, "lukas", "Lukas Brenner", "lukas.brenner@example.org", Member),
    person(255, "stranger", "Stefan Novak", "stefan.novak@example.org", Member),
    person(130, "ines", "Inês Carvalho", "ines.carvalho@example.org", Member),
];

/// Adds the people, not active yet, if the database has none. Returns their ids. `None` if the
/// office is open already or there are other people.
pub(super) async fn employ(services: &Services) -> Result<Option<Ids>> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let present = user::Entity::find().limit(PEOPLE.len() as u64 + 1).all(transaction).await?;
        if !present.is_empty() {
            return Ok(waiting(&present));
        }
        let people: Vec<user::Model> = PEOPLE.iter().map(|person| row(services, person)).collect();
        let ids = waiting(&people);
        let rows = people.into_iter().map(IntoActiveModel::into_active_model);
        user::Entity::insert_many::<user::ActiveModel, _>(rows)
            .exec_without_returning(transaction)
            .await?;
        Ok(ids)
    })
    .await
}

/// Activates the people. Returns whether they were inactive.
pub(super) async fn let_in(transaction: &DatabaseTransaction, people: &Ids) -> Result<bool> {
    let update = user::Entity::update_many()
        .col_expr(user::Column::Active, Expr::value(true))
        .filter(user::Column::Active.eq(false))
        .filter(user::Column::Id.is_in(people.values().copied()));
    Ok(update.exec(transaction).await?.rows_affected > 0)
}

fn row(services: &Services, person: &Person) -> user::Model {
    let created_at = morning(services.now(), person.joined);
    user::Model {
        id: new_id(created_at, services.randomness.as_ref()),
        username: person.username.to_owned(),
        full_name: person.full_name.to_owned(),
        email: person.email.to_owned(),
        role: person.role,
        active: false,
        created_at,
        search_name: search_name(person.full_name, person.username),
        erased_at: None,
    }
}

/// The ids of the office's people. `None` unless exactly these people exist and all are inactive.
fn waiting(present: &[user::Model]) -> Option<Ids> {
    let id = |person: &Person| {
        present
            .iter()
            .find(|user| user.username == person.username && !user.active)
            .map(|user| user.id)
    };
    let ids: Option<Ids> =
        PEOPLE.iter().map(|person| Some((person.username, id(person)?))).collect();
    ids.filter(|_| present.len() == PEOPLE.len())
}
