//! Pieces of input that several mutations of work take.

pub use crate::graphql::mutations::answer::{ids, name, present, text_refused};

use super::answer::Stop;
use crate::graphql::{date::Date, id::Kind};
use async_graphql::ID;
use service::{text, work::Plan};

/// A description; nothing but white space is none.
pub fn description(description: Option<&str>) -> Result<String, Stop> {
    let description = text::optional(description, text::MAX_WORK_DESCRIPTION)
        .map_err(|problem| text_refused("description", problem))?;
    Ok(description.unwrap_or_default())
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
