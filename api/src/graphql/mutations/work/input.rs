//! Input fields that several mutations of tasks and projects share, and their errors.

pub use crate::graphql::mutations::input::{ids, name, present};

use crate::graphql::{
    id::Kind,
    mutations::respond::{MutationError, RefusesInput},
    scalars::Date,
    sentences,
};
use async_graphql::{ID, MaybeUndefined};
use entity::WorkRole;
use service::{
    text,
    work::{NewWork, PeopleProblem},
};

/// A description. A text of white space alone counts as empty.
pub fn description<C: RefusesInput>(description: Option<&str>) -> Result<String, MutationError<C>> {
    let description = text::optional(description, text::MAX_WORK_DESCRIPTION)
        .map_err(|problem| MutationError::text("description", problem))?;
    Ok(description.unwrap_or_default())
}

/// The content of a new task or project.
pub fn plan<C: RefusesInput>(
    description: Option<&str>,
    due_date: Option<Date>,
    responsible: Option<&[ID]>,
    subscribers: Option<&[ID]>,
) -> Result<NewWork, MutationError<C>> {
    Ok(NewWork {
        responsible: responsible
            .map(|people| ids(Kind::User, "responsibleIds", people))
            .transpose()?,
        subscribers: ids(Kind::User, "subscriberIds", subscribers.unwrap_or_default())?,
        description: self::description(description)?,
        due_date: due_date.map(|date| date.0),
    })
}

/// A field that may be left out; null clears it.
pub fn or_empty<T: Default>(value: MaybeUndefined<T>) -> Option<T> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(T::default()),
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// People cannot have the roles that the input gives them.
pub fn wrong_people<C: RefusesInput>(problem: PeopleProblem, not_found: C) -> MutationError<C> {
    match problem {
        PeopleProblem::NotFound(part) => {
            MutationError::at(field_of(part), not_found, sentences::NOBODY_WITH_ONE_OF_THESE_IDS)
        }
        PeopleProblem::Inactive(part, name) => {
            MutationError::at(field_of(part), not_found, sentences::inactive(&name))
        }
        PeopleProblem::NobodyResponsible => {
            MutationError::input(field_of(WorkRole::Responsible), sentences::NOBODY_RESPONSIBLE)
        }
    }
}

fn field_of(part: WorkRole) -> &'static str {
    match part {
        WorkRole::Responsible => "responsibleIds",
        WorkRole::Subscriber => "subscriberIds",
    }
}
