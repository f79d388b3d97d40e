//! Deals, tasks and projects.

use super::{
    Converted,
    text::{kept_whole, name_of, some},
};
use crate::{
    oddity::Oddity,
    options::Options,
    staging::{DealRow, WorkSourceRow},
};
use chrono::{DateTime, Utc};
use entity::{WorkRole, WorkStatus, deal};
use service::{text::MAX_WORK_DESCRIPTION, work::WorkRow};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Converts a deal.
pub(crate) fn deal(
    row: &DealRow,
    id: impl FnOnce(DateTime<Utc>) -> Uuid,
    now: DateTime<Utc>,
) -> Converted<deal::Model> {
    let name = name_of(row.name.as_deref(), None);
    let whole = name.whole;
    let mut oddities: Vec<_> = name.oddity.map(|odd| (odd, whole)).into_iter().collect();
    if row.creation_date.is_none() {
        oddities.push((Oddity::NoDate, None));
    }
    let created_at = row.creation_date.unwrap_or(now);
    let stage = if row.is_success == Some(true) || row.closed_well == Some(true) {
        WorkStatus::Done
    } else if row.closed || row.active == Some(false) {
        WorkStatus::Cancelled
    } else if row.is_first == Some(true) {
        WorkStatus::Open
    } else {
        WorkStatus::InProgress
    };
    let row = deal::Model {
        id: id(created_at),
        name: name.name,
        status: stage,
        due_date: row.closing_date,
        created_at,
    };
    Converted { row, oddities }
}

/// The ids that a task or a project needs.
#[derive(Clone, Copy)]
pub(crate) struct WorkIds {
    pub(crate) id: Uuid,
    pub(crate) created_by: Uuid,
    pub(crate) source_memo_id: Option<Uuid>,
}

/// Converts a task or a project. The columns without a place here are texts of its description.
pub(crate) fn work(
    row: &WorkSourceRow,
    ids: WorkIds,
    options: &Options,
    now: DateTime<Utc>,
) -> Converted<WorkRow> {
    let name = name_of(row.name.as_deref(), row.description.as_deref());
    let mut oddities: Vec<_> = name.oddity.into_iter().map(|odd| (odd, None)).collect();
    let (stage, oddity) = stage(row, options);
    oddities.extend(oddity.map(|odd| (odd, None)));
    if row.creation_date.is_none() {
        oddities.push((Oddity::NoDate, None));
    }
    let conclusion = some(row.note.as_deref()).map(|note| format!("Conclusion:\n{note}"));
    let history = some(row.workflow.as_deref());
    let history = history.map(|lines| format!("History:\n{}", lines.trim_end()));
    let texts = [name.whole, some(row.description.as_deref()), conclusion, history];
    let description = texts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let (description, oddity) = kept_whole(description, MAX_WORK_DESCRIPTION);
    oddities.extend(oddity.map(|odd| (odd, None)));
    let row = WorkRow {
        id: ids.id,
        name: name.name,
        description,
        status: stage,
        due_date: row.due_date,
        created_by: ids.created_by,
        created_at: row.creation_date.unwrap_or(now),
        source_memo_id: ids.source_memo_id,
    };
    Converted { row, oddities }
}

/// The stage. The stages of the other system are freely named, and its flags tell three of ours.
fn stage(row: &WorkSourceRow, options: &Options) -> (WorkStatus, Option<Oddity>) {
    let name = row.stage.as_deref().unwrap_or_default();
    if let Some(stage) = options.stage_of(name) {
        return (stage, None);
    }
    if row.is_done == Some(true) {
        return (WorkStatus::Done, None);
    }
    if ["canceled", "cancelled"].iter().any(|word| name.eq_ignore_ascii_case(word)) {
        return (WorkStatus::Cancelled, None);
    }
    if row.active == Some(false) {
        return (WorkStatus::Cancelled, Some(Oddity::InactiveWork));
    }
    if row.is_in_progress == Some(true) {
        return (WorkStatus::InProgress, None);
    }
    (WorkStatus::Open, None)
}

/// The people of a task or a project, each once. Somebody who is responsible needs no subscription.
/// A co-owner subscribes.
pub(crate) fn members(
    responsible: &[Uuid],
    subscribers: &[Uuid],
    co_owner: Option<Uuid>,
) -> BTreeMap<Uuid, WorkRole> {
    let mut members = BTreeMap::new();
    for person in subscribers.iter().copied().chain(co_owner) {
        members.insert(person, WorkRole::Subscriber);
    }
    for person in responsible {
        members.insert(*person, WorkRole::Responsible);
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(stage: &str, flags: [bool; 2], active: bool) -> WorkSourceRow {
        let [is_done, is_in_progress] = flags.map(Some);
        WorkSourceRow {
            id: 1,
            name: Some("Task".to_owned()),
            description: Some("What".to_owned()),
            note: Some("So".to_owned()),
            workflow: Some("11/23/26 - created\n".to_owned()),
            creation_date: Some(DateTime::UNIX_EPOCH),
            due_date: None,
            active: Some(active),
            owner_id: None,
            co_owner_id: None,
            stage: Some(stage.to_owned()),
            is_done,
            is_in_progress,
            memo_id: None,
            memo_created: None,
            memo_updated: None,
        }
    }

    #[test]
    fn stages_follow_the_operator_then_the_flags() {
        let mut options = Options::new("x");
        options.stages = vec![("Postponed".to_owned(), WorkStatus::InProgress)];
        for (name, flags, active, expected) in [
            ("pending", [false, false], true, WorkStatus::Open),
            ("in progress", [false, true], true, WorkStatus::InProgress),
            ("completed", [true, false], false, WorkStatus::Done),
            ("canceled", [false, false], true, WorkStatus::Cancelled),
            ("postponed", [false, false], false, WorkStatus::InProgress),
            ("whatever", [false, false], true, WorkStatus::Open),
            ("whatever", [false, true], false, WorkStatus::Cancelled),
        ] {
            assert_eq!(stage(&row(name, flags, active), &options).0, expected, "{name}");
        }
    }

    #[test]
    fn what_has_no_column_here_is_in_the_description() {
        let ids = WorkIds { id: Uuid::nil(), created_by: Uuid::nil(), source_memo_id: None };
        let row = row("pending", [false, false], true);
        let work = work(&row, ids, &Options::new("x"), DateTime::UNIX_EPOCH).row;
        let description = "What\n\nConclusion:\nSo\n\nHistory:\n11/23/26 - created";
        assert_eq!(work.description, description);
    }

    #[test]
    fn each_person_has_one_role() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let members = members(&[a], &[a, b], Some(c));
        let expected =
            [(a, WorkRole::Responsible), (b, WorkRole::Subscriber), (c, WorkRole::Subscriber)];
        assert_eq!(members, expected.into());
    }
}
