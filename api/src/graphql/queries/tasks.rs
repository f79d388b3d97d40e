//! `tasks`

use super::work::{WorkConnectionFields, WorkFilter, page};
use crate::graphql::{
    connection::{PageArguments, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    id::Kind,
    loaders::{FilesOfTask, PeopleOfTask},
    objects::Task,
};
use async_graphql::{Context, Object, connection::Connection};
use entity::task;

#[derive(Default)]
pub struct TasksQuery;

#[Object]
impl TasksQuery {
    /// The tasks that the viewer can see, the newest first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the tasks; all if left out.")] filter: Option<WorkFilter>,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Task, WorkConnectionFields>> {
        let arguments = PageArguments { first, after, last, before };
        page::<task::Entity, _, _, _>(
            ctx,
            Kind::Task,
            filter,
            arguments,
            PeopleOfTask,
            FilesOfTask,
            Task,
        )
        .await
    }
}
