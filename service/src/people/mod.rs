//! People.

mod add;
mod delete;
mod errors;
mod locked;
mod names;
pub mod policy;
mod pseudonym;
mod search;
mod update;

pub use add::{NewPerson, add, add_once};
pub use delete::delete;
pub use errors::{AddPersonError, DeletePersonError, UpdatePersonError};
pub(crate) use locked::{lock, state};
pub use names::{PersonProblem, Taken, is_email, is_username};
pub(crate) use names::{check_email, check_full_name, check_username, taken};
pub(crate) use pseudonym::give_pseudonym;
pub use search::{PeopleFilter, count, list, search_name};
pub use update::{PersonChanges, update};

use crate::{Result, Services, Viewer, database::sql::is_one_of};
use entity::{UserRole, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

/// The person with this username.
///
/// # Errors
/// Returns errors of the database.
pub async fn by_username(services: &Services, username: &str) -> Result<Option<user::Model>> {
    let query = user::Entity::find().filter(user::Column::Username.eq(username));
    Ok(query.one(services.database.connection()).await?)
}

/// The active administrators.
pub(crate) fn active_admins() -> Select<user::Entity> {
    user::Entity::find()
        .filter(user::Column::Role.eq(UserRole::Admin))
        .filter(user::Column::Active.eq(true))
}

/// People by their ids. Every signed-in person sees everybody.
///
/// # Errors
/// Returns errors of the database.
pub async fn by_ids(services: &Services, ids: &[Uuid]) -> Result<Vec<user::Model>> {
    Ok(user::Entity::find()
        .filter(is_one_of(services.database.backend(), user::Column::Id, ids))
        .all(services.database.connection())
        .await?)
}

impl From<&user::Model> for Viewer {
    fn from(person: &user::Model) -> Self {
        Self { id: person.id, role: person.role }
    }
}
