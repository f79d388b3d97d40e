//! `task`, `tasks`

use super::work::{WorkFilter, page};
use crate::graphql::{
    connection::{ListConnection, PageArguments, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    id::Kind,
    loaders::{FilesOfTask, PeopleOfTask, TaskById, loaders},
    objects::Task,
    order::{ListOrder, WorkOrderField},
};
use async_graphql::{Context, ID, Object};
use entity::task;

#[derive(Default)]
pub struct TasksQuery;

#[Object]
impl TasksQuery {
    /// The task with this id. Null if it does not exist, or if the viewer cannot see it.
    async fn task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task's global id.")] id: ID,
    ) -> ApiResult<Option<Task>> {
        let id = Kind::Task.parse("id", &id)?;
        Ok(loaders(ctx)?.load(TaskById(id)).await?.map(Task))
    }

    /// The tasks that the viewer can see, the newest first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the tasks; all if left out.")] filter: Option<WorkFilter>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<WorkOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Task>> {
        let arguments = PageArguments::of(ctx, first, after, last, before);
        page::<task::Entity, _, _, _>(
            ctx,
            Counted::Tasks,
            (filter, order_by),
            arguments,
            PeopleOfTask,
            FilesOfTask,
            Task,
        )
        .await
    }
}
