//! What `tasks` and `projects` share: their filter, their page, and what is prefetched for it.

use super::catalogue::search_text;
use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection},
    counted::Counted,
    enums::WorkStatus,
    error::ApiResult,
    guard::viewer,
    id::Kind,
    loaders::{Batch, SourceOf, UserById, loaders, services},
    order::{ListOrder, WorkOrderField},
};
use async_graphql::{Context, ID, InputObject, ObjectType, OutputType, dataloader::Loader};
use service::{
    page::SortBy,
    work::{self, WorkKind, WorkRow},
};
use std::{hash::Hash, sync::Arc};
use uuid::Uuid;

/// Selects tasks or projects. They must meet all conditions. A condition that is left out or null
/// is ignored. If a Boolean condition is false, it selects those that do not meet it.
#[derive(InputObject, Debug, Default)]
pub struct WorkFilter {
    /// The task or project is in one of these statuses.
    statuses: Option<Vec<WorkStatus>>,
    /// The global id of a responsible person.
    responsible_id: Option<ID>,
    /// Whether the due date has passed (in UTC) and it is neither done nor cancelled.
    overdue: Option<bool>,
    /// A part of the name, ignoring case; at most 250 characters. Servers with SQLite ignore case
    /// only for the letters a–z.
    text: Option<String>,
    /// Whether it was created from a memo, even if that memo is deleted by now.
    has_source_memo: Option<bool>,
}

impl WorkFilter {
    fn into_service(self) -> ApiResult<work::WorkFilter> {
        Ok(work::WorkFilter {
            statuses: self.statuses.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            responsible_id: Kind::User
                .parse_optional("filter.responsibleId", self.responsible_id.as_ref())?,
            overdue: self.overdue,
            text: search_text(self.text.as_deref())?,
            has_source_memo: self.has_source_memo,
        })
    }
}

/// The fields that need the people of a task or a project.
const PEOPLE: &[&str] = &["responsible", "subscribers", "viewerIsResponsible", "viewerCanUpdate"];

/// A page of one kind of work. `counted` is its list; `people` and `files` make the keys of the
/// loaders for its people and files; `node` makes the objects.
pub async fn page<W, N, P, F>(
    ctx: &Context<'_>,
    counted: fn(work::WorkFilter) -> Counted,
    (filter, order): (Option<WorkFilter>, ListOrder<WorkOrderField>),
    arguments: PageArguments,
    people: impl Fn(Uuid) -> P,
    files: impl Fn(Uuid) -> F,
    node: impl Fn(W::Model) -> N,
) -> ApiResult<ListConnection<N>>
where
    W: WorkKind,
    N: OutputType + ObjectType,
    P: Send + Sync + Hash + Eq + Clone + 'static,
    F: Send + Sync + Hash + Eq + Clone + 'static,
    Batch: Loader<P, Error = Arc<service::Error>> + Loader<F, Error = Arc<service::Error>>,
{
    let filter = filter.unwrap_or_default().into_service()?;
    let sort = SortBy::from(order.field);
    let scope = Scope::new(W::KIND, (&filter, order));
    let request = order.apply(arguments.request_by(&scope, |key| sort.fits(key))?);
    let page = work::list::<W>(services(ctx)?, viewer(ctx)?, &filter, sort, &request).await?;
    let page = page.map(Into::<WorkRow>::into);
    // What the selection asks of every row is fetched here. So the number of statements depends
    // only on the selection.
    let list = ctx.look_ahead();
    let nodes = [list.field("nodes"), list.field("edges").field("node")];
    let asked = |field: &str| nodes.iter().any(|node| node.field(field).exists());
    let loaders = loaders(ctx)?;
    if asked("createdBy") {
        loaders.prefetch(page.rows.iter().map(|row| UserById(row.created_by))).await?;
    }
    if asked("sourceMemo") {
        loaders
            .prefetch(page.rows.iter().filter_map(|row| row.source_memo_id).map(SourceOf))
            .await?;
    }
    if PEOPLE.iter().any(|field| asked(field)) {
        loaders.prefetch(page.rows.iter().map(|row| people(row.id))).await?;
    }
    if asked("files") {
        loaders.prefetch(page.rows.iter().map(|row| files(row.id))).await?;
    }
    let key = |row: &WorkRow| sort.key(row.id, &row.name, row.due_date);
    Ok(connection(page, &scope, counted(filter), key, |row| node(row.into())))
}
