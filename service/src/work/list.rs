//! Finds tasks and projects that exist for a viewer, by id and in lists.

use super::kinds::{Columns, WorkKind};
use crate::{
    Result, Services, Viewer,
    database::sql::{contains_text, is_one_of},
    page::{Page, PageRequest, RowKey, SortBy, SortColumns},
};
use chrono::NaiveDate;
use entity::{WorkRole, WorkStatus};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait, Select, sea_query::SelectStatement,
};
use uuid::Uuid;

/// Which tasks or projects to list. They must fulfil all conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkFilter {
    /// The status is one of these.
    pub statuses: Option<Vec<WorkStatus>>,
    /// This person is responsible.
    pub responsible_id: Option<Uuid>,
    /// Whether the due date has passed while it is neither done nor cancelled.
    pub overdue: Option<bool>,
    /// The name contains this text, ignoring case.
    pub text: Option<String>,
    /// Whether it was created from a memo.
    pub has_source_memo: Option<bool>,
}

/// A subquery for the ids of the work in which the person has a role.
fn with_member<W: WorkKind>(person: Uuid, part: Option<WorkRole>) -> SelectStatement {
    let [work, member, of_part] = W::MEMBER;
    let mut links = W::Member::find().select_only().column(work).filter(member.eq(person));
    if let Some(part) = part {
        links = links.filter(of_part.eq(part));
    }
    links.into_query()
}

/// Those of the tasks or projects with these ids that the viewer sees.
///
/// # Errors
/// Returns errors of the database.
pub async fn by_ids<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<W::Model>> {
    by_ids_in::<W, _>(services.database.connection(), viewer, ids).await
}

/// The same within a transaction.
pub(super) async fn by_ids_in<W: WorkKind, C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<W::Model>> {
    Ok(W::find()
        .filter(is_one_of(connection.get_database_backend(), W::COLUMNS.id, ids))
        .filter(W::VISIBLE(viewer))
        .all(connection)
        .await?)
}

/// A page of the tasks or projects that the viewer sees.
///
/// # Errors
/// Returns errors of the database.
pub async fn list<W: WorkKind>(
    services: &Services,
    viewer: Viewer,
    filter: &WorkFilter,
    sort: SortBy,
    page: &PageRequest<RowKey>,
) -> Result<Page<W::Model>> {
    let query = sorted::<W>(query(services, viewer, filter), sort, page);
    Ok(Page::of(page, query.all(services.database.connection()).await?))
}

/// How many tasks or projects match the filter.
///
/// # Errors
/// Returns errors of the database.
pub async fn count<W: WorkKind<Model: Sync>>(
    services: &Services,
    viewer: Viewer,
    filter: &WorkFilter,
) -> Result<u64> {
    Ok(query::<W>(services, viewer, filter).count(services.database.connection()).await?)
}

fn sorted<W: WorkKind>(query: Select<W>, sort: SortBy, page: &PageRequest<RowKey>) -> Select<W> {
    let Columns { id, name, due_date, .. } = W::COLUMNS;
    page.sorted(query, sort, SortColumns { id, name, due_date: Some(due_date) })
}

fn query<W: WorkKind>(services: &Services, viewer: Viewer, filter: &WorkFilter) -> Select<W> {
    select(services.database.backend(), viewer, filter, services.now().date_naive())
}

fn select<W: WorkKind>(
    backend: DbBackend,
    viewer: Viewer,
    filter: &WorkFilter,
    today: NaiveDate,
) -> Select<W> {
    let Columns { id, name, status, due_date, source_memo_id, .. } = W::COLUMNS;
    let mut all = Condition::all();
    if let Some(statuses) = &filter.statuses {
        all = all.add(status.is_in(statuses.iter().copied()));
    }
    if let Some(person) = filter.responsible_id {
        all = all.add(id.in_subquery(with_member::<W>(person, Some(WorkRole::Responsible))));
    }
    if let Some(overdue) = filter.overdue {
        let ended = [WorkStatus::Done, WorkStatus::Cancelled];
        all = all.add(if overdue {
            Condition::all().add(due_date.lt(today)).add(status.is_not_in(ended))
        } else {
            Condition::any()
                .add(due_date.is_null())
                .add(due_date.gte(today))
                .add(status.is_in(ended))
        });
    }
    if let Some(text) = &filter.text {
        all = all.add(contains_text(backend, name, text));
    }
    if let Some(from_memo) = filter.has_source_memo {
        all = all.add(if from_memo {
            source_memo_id.is_not_null()
        } else {
            source_memo_id.is_null()
        });
    }
    W::find().filter(W::VISIBLE(viewer)).filter(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::{UserRole, project, task};

    #[test]
    fn statements_are_the_committed_ones() {
        let member = Viewer { id: Uuid::nil(), role: UserRole::Member };
        let chief = Viewer { role: UserRole::Chief, ..member };
        let after = Some(RowKey::Age(Uuid::nil()));
        let page = PageRequest { after, ..PageRequest::first(20) };
        let everything = WorkFilter {
            statuses: Some(vec![WorkStatus::Done]),
            responsible_id: Some(Uuid::nil()),
            overdue: Some(true),
            text: Some("oak".to_owned()),
            has_source_memo: Some(true),
        };
        let filters = [("all", WorkFilter::default()), ("filtered", everything)];
        for (name, filter) in &filters {
            for (who, viewer) in [("member", member), ("chief", chief)] {
                assert_statement(&format!("tasks.{who}.{name}"), |backend| {
                    let tasks = select::<task::Entity>(backend, viewer, filter, NaiveDate::MIN);
                    sorted(tasks, SortBy::Age, &page).build(backend)
                });
            }
        }
        let (_, everything) = &filters[1];
        assert_statement("projects.member.filtered", |backend| {
            let projects = select::<project::Entity>(backend, member, everything, NaiveDate::MIN);
            sorted(projects, SortBy::Age, &page).build(backend)
        });
        let after = Some(RowKey::Day(NaiveDate::MIN, Uuid::nil()));
        let page = PageRequest { after, reversed: true, ..PageRequest::first(20) };
        assert_statement("tasks.chief.by_due_date", |backend| {
            let all = WorkFilter::default();
            let tasks = select::<task::Entity>(backend, chief, &all, NaiveDate::MIN);
            sorted(tasks, SortBy::DueDate, &page).build(backend)
        });
    }
}
