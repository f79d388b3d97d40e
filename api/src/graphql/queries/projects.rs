//! `projects`

use super::work::{WorkConnectionFields, WorkFilter, page};
use crate::graphql::{
    connection::{PageArguments, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    id::Kind,
    loaders::{FilesOfProject, PeopleOfProject},
    objects::Project,
};
use async_graphql::{Context, Object, connection::Connection};
use entity::project;

#[derive(Default)]
pub struct ProjectsQuery;

#[Object]
impl ProjectsQuery {
    /// The projects that the viewer sees, the newest first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all if left out.")] filter: Option<WorkFilter>,
        #[graphql(desc = "How many of the first, 1–100; 20 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many of the last, 1–100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Project, WorkConnectionFields>> {
        let arguments = PageArguments { first, after, last, before };
        page::<project::Entity, _, _, _>(
            ctx,
            Kind::Project,
            filter,
            arguments,
            PeopleOfProject,
            FilesOfProject,
            Project,
        )
        .await
    }
}
