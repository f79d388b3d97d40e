//! The people of tasks and projects.

use super::{
    errors::PeopleProblem,
    kinds::{WorkKind, WorkRow},
};
use crate::{
    Error, Result, Services, VerbError, Viewer,
    database::{
        Parameters,
        sql::{column_names, is_one_of, linked},
    },
    notifications::{NotificationDraft, Subject, notify},
};
use entity::{NotificationKind, WorkRole, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    FromQueryResult, QueryFilter, QueryResult, QuerySelect, Statement,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The people of a task or project, with their roles.
pub(super) type Parts = BTreeMap<Uuid, WorkRole>;

/// A person of a task or a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub user: user::Model,
    /// Their role.
    pub part: WorkRole,
}

/// The people of each of the tasks or projects, by name. The viewer sees these.
///
/// # Errors
/// Returns errors of the database.
pub async fn people<W: WorkKind>(services: &Services, ids: &[Uuid]) -> Result<Vec<(Uuid, Person)>> {
    let database = &services.database;
    linked(database, work_people_statement(database.backend(), W::KIND, ids)).await
}

impl FromQueryResult for Person {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            user: user::Model::from_query_result(row, prefix)?,
            part: row.try_get(prefix, "part")?,
        })
    }
}

fn work_people_statement(backend: DbBackend, work: &str, ids: &[Uuid]) -> Statement {
    let columns = column_names::<user::Entity>("t.");
    Parameters::new(backend).bind_ids("work_ids", ids).statement(&format!(
        "SELECT l.{work}_id AS linked_to, l.part, {columns}
        FROM {work}_members l
        JOIN users t ON t.id = l.user_id
        WHERE l.{work}_id IN :work_ids
        ORDER BY t.full_name, t.id"
    ))
}

/// The people of a task or project.
pub(super) async fn parts_of<W: WorkKind>(
    transaction: &DatabaseTransaction,
    id: Uuid,
) -> Result<Parts> {
    let [work, person, part] = W::MEMBER;
    let rows: Vec<(Uuid, WorkRole)> = W::Member::find()
        .select_only()
        .column(person)
        .column(part)
        .filter(work.eq(id))
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The role of each person. A person in both lists is responsible.
pub(super) fn parts(responsible: &[Uuid], subscribers: &[Uuid]) -> Parts {
    let subscribers = subscribers.iter().map(|person| (*person, WorkRole::Subscriber));
    subscribers.chain(responsible.iter().map(|person| (*person, WorkRole::Responsible))).collect()
}

/// Checks that these people can have these roles. A person who already has the role keeps it.
///
/// # Errors
/// Nobody is responsible, or a person with a new role does not exist or is not active.
pub(super) async fn check<E: VerbError + From<PeopleProblem>>(
    transaction: &DatabaseTransaction,
    before: &Parts,
    after: &Parts,
) -> Result<(), E> {
    if !after.values().any(|part| *part == WorkRole::Responsible) {
        return Err(PeopleProblem::NobodyResponsible.into());
    }
    let new = additions(before, after);
    if new.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = new.keys().copied().collect();
    let known: BTreeMap<Uuid, user::Model> = user::Entity::find()
        .filter(is_one_of(transaction.get_database_backend(), user::Column::Id, &ids))
        .all(transaction)
        .await
        .map_err(Error::from)?
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    for (id, part) in new {
        match known.get(&id) {
            None => return Err(PeopleProblem::NotFound(part).into()),
            Some(person) if !person.active => {
                return Err(PeopleProblem::Inactive(part, person.full_name.clone()).into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Replaces the people of a locked task or project, and notifies those who become responsible.
pub(super) async fn replace<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    row: &WorkRow,
    (before, after): (&Parts, &Parts),
) -> Result<()> {
    let outdated = additions(after, before);
    if !outdated.is_empty() {
        let [work, person, _] = W::MEMBER;
        W::Member::delete_many()
            .filter(work.eq(row.id))
            .filter(person.is_in(outdated.keys().copied()))
            .exec(transaction)
            .await?;
    }
    let new = additions(before, after);
    if new.is_empty() {
        return Ok(());
    }
    let links = new.iter().map(|(person, part)| W::member(row.id, *person, *part));
    W::Member::insert_many(links).exec_without_returning(transaction).await?;
    let responsible = new.into_iter().filter(|(_, part)| *part == WorkRole::Responsible);
    let about = match W::ASSIGNED {
        NotificationKind::TaskAssigned => Subject::Task(row.id, row.source_memo_id),
        _ => Subject::Project(row.id, row.source_memo_id),
    };
    let draft = NotificationDraft { kind: W::ASSIGNED, actor: viewer.id, about, name: &row.name };
    notify(services, transaction, responsible.map(|(person, _)| person), &draft).await
}

/// People with a role in `after` that they do not have in `before`.
fn additions(before: &Parts, after: &Parts) -> Parts {
    after
        .iter()
        .filter(|(person, part)| before.get(person) != Some(part))
        .map(|(person, part)| (*person, *part))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        for work in ["task", "project"] {
            assert_statement(&format!("work_people.{work}"), |backend| {
                work_people_statement(backend, work, &[Uuid::nil()])
            });
        }
    }
}
