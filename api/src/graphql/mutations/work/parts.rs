//! Pieces of input that several mutations of work take.

use super::answer::{Refused, Stop};
use crate::graphql::{date::Date, id::Kind};
use async_graphql::{ID, MaybeUndefined};
use service::{
    text::{self, MAX_NAME, TextProblem},
    work::Plan,
};
use uuid::Uuid;

/// Most ids of one list.
const MAX_IDS: usize = 100;

/// Ids of one kind, at most [`MAX_IDS`].
pub fn ids(kind: Kind, field: &str, ids: &[ID]) -> Result<Vec<Uuid>, Stop> {
    if ids.len() > MAX_IDS {
        let message = format!("{} ids were given: give at most {MAX_IDS}.", ids.len());
        return Err(Refused::input(field, message).into());
    }
    ids.iter().map(|id| Ok(kind.parse(field, id)?)).collect()
}

/// A name that must say something.
pub fn name(name: &str) -> Result<String, Stop> {
    Ok(text::required(name, MAX_NAME).map_err(|problem| text_refused("name", problem))?)
}

/// A description; nothing but white space is none.
pub fn description(description: Option<&str>) -> Result<String, Stop> {
    let description = text::optional(description, text::MAX_WORK_DESCRIPTION)
        .map_err(|problem| text_refused("description", problem))?;
    Ok(description.unwrap_or_default())
}

/// Why a text is not acceptable.
pub fn text_refused(field: &str, problem: TextProblem) -> Refused {
    Refused::input(field, format!("The {field} {problem}."))
}

/// What new work is to be.
pub fn plan(
    description: Option<&str>,
    due_date: Option<Date>,
    responsible: Option<&[ID]>,
    subscribers: Option<&[ID]>,
) -> Result<Plan, Stop> {
    Ok(Plan {
        responsible: responsible.map(|people| ids(Kind::User, "responsibleIds", people)).transpose()?,
        subscribers: ids(Kind::User, "subscriberIds", subscribers.unwrap_or_default())?,
        description: self::description(description)?,
        due_date: due_date.map(|date| date.0),
    })
}

/// A field that may stay as it is and cannot be cleared: null is refused.
pub fn present<T>(field: &str, value: MaybeUndefined<T>) -> Result<Option<T>, Refused> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => Err(Refused::input(
            field,
            format!("{field} cannot be null. Leave it out, and it stays as it is."),
        )),
    }
}
