//! `project`, `projects`

use super::work::{WorkFilter, page};
use crate::graphql::{
    connection::{ListConnection, PageArguments, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    id::Kind,
    loaders::{FilesOfProject, PeopleOfProject, ProjectById, loaders},
    objects::Project,
    order::{ListOrder, WorkOrderField},
};
use async_graphql::{Context, ID, Object};
use entity::project;

#[derive(Default)]
pub struct ProjectsQuery;

#[Object]
impl ProjectsQuery {
    /// The project with this id. Null if it does not exist, or if the viewer cannot see it.
    async fn project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project's global id.")] id: ID,
    ) -> ApiResult<Option<Project>> {
        let id = Kind::Project.parse("id", &id)?;
        Ok(loaders(ctx)?.load(ProjectById(id)).await?.map(Project))
    }

    /// The projects that the viewer can see, the newest first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the projects; all if left out.")] filter: Option<
            WorkFilter,
        >,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<WorkOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Project>> {
        let arguments = PageArguments::of(ctx, first, after, last, before);
        page::<project::Entity, _, _, _>(
            ctx,
            Counted::Projects,
            (filter, order_by),
            arguments,
            PeopleOfProject,
            FilesOfProject,
            Project,
        )
        .await
    }
}
