//! What `tasks` and `projects` share: their filter, their page, and what is fetched for it at once.

use crate::graphql::{
    connection::{COST_OF_COUNT, PageArguments, Scope, connection_with},
    enums::WorkStage,
    error::{ApiError, ApiResult},
    guard::viewer,
    id::Kind,
    loaders::{Batch, SourceOf, UserById, loaders, services},
};
use async_graphql::{
    Context, ID, InputObject, Object, ObjectType, OutputType, connection::Connection,
    dataloader::Loader,
};
use entity::{project, task};
use service::{
    text,
    work::{self, WorkKind, WorkRow},
};
use std::{hash::Hash, sync::Arc};
use uuid::Uuid;

/// Which of the tasks or projects that the viewer sees. Conditions add up; one that is left out or
/// null does not count.
#[derive(InputObject, Debug, Default)]
pub struct WorkFilter {
    /// In one of these stages.
    stages: Option<Vec<WorkStage>>,
    /// For which that person is responsible.
    responsible_id: Option<ID>,
    /// Whether the due date has passed (in UTC) and it is neither done nor cancelled.
    overdue: Option<bool>,
    /// What the name contains, in capitals or not; at most 250 characters. On SQLite, letters
    /// beyond a–z must match as they are.
    text: Option<String>,
    /// Whether it was created from a memo, which may be gone by now.
    has_source_memo: Option<bool>,
}

impl WorkFilter {
    fn into_service(self) -> ApiResult<work::WorkFilter> {
        let text = text::optional(self.text.as_deref(), text::MAX_NAME)
            .map_err(|problem| ApiError::bad_input("filter.text", format!("text {problem}.")))?;
        Ok(work::WorkFilter {
            stages: self.stages.map(|stages| stages.into_iter().map(Into::into).collect()),
            responsible_id: Kind::User
                .parse_optional("filter.responsibleId", self.responsible_id.as_ref())?,
            overdue: self.overdue,
            text,
            has_source_memo: self.has_source_memo,
        })
    }
}

/// The fields that tell of the people of a task or a project.
const PEOPLE: &[&str] = &["responsible", "subscribers", "viewerIsResponsible", "viewerCanUpdate"];

pub struct WorkConnectionFields {
    kind: Kind,
    filter: work::WorkFilter,
}

/// What a list of tasks or projects says beside its page.
#[Object]
impl WorkConnectionFields {
    /// How many the list has in all.
    #[graphql(complexity = "COST_OF_COUNT")]
    async fn total_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        let (services, viewer) = (services(ctx)?, viewer(ctx)?);
        Ok(match self.kind {
            Kind::Task => work::count::<task::Entity>(services, viewer, &self.filter).await?,
            _ => work::count::<project::Entity>(services, viewer, &self.filter).await?,
        })
    }
}

/// A page of one kind of work, as objects made by `node`; `people` and `files` make the keys with
/// which that kind's people and files are fetched.
pub async fn page<W, N, P, F>(
    ctx: &Context<'_>,
    kind: Kind,
    filter: Option<WorkFilter>,
    arguments: PageArguments,
    people: impl Fn(Uuid) -> P,
    files: impl Fn(Uuid) -> F,
    node: impl Fn(W::Model) -> N,
) -> ApiResult<Connection<String, N, WorkConnectionFields>>
where
    W: WorkKind,
    N: OutputType + ObjectType,
    P: Send + Sync + Hash + Eq + Clone + 'static,
    F: Send + Sync + Hash + Eq + Clone + 'static,
    Batch: Loader<P, Error = Arc<service::Error>> + Loader<F, Error = Arc<service::Error>>,
{
    let filter = filter.unwrap_or_default().into_service()?;
    let scope = Scope::new(W::KIND, &filter);
    let request = arguments.request(&scope)?;
    let page = work::list::<W>(services(ctx)?, viewer(ctx)?, &filter, &request).await?;
    let page = page.map(Into::<WorkRow>::into);
    // What the selection asks of every row is fetched here, so that the number of statements
    // depends on the selection alone.
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
    let fields = WorkConnectionFields { kind, filter };
    Ok(connection_with(page, &scope, fields, |row| row.id, |row| node(row.into())))
}
