//! `deleteTask`, `deleteProject`

use super::answer::{Stop, answer, refused};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{project, task};
use service::work::{self, WorkKind};

#[derive(Default)]
pub struct DeleteWork;

macro_rules! delete {
    ($word:literal, $object:ident($row:ident, $id:ident, $id_name:literal, $deleted:ident), $input:ident, $error:ident, $code:ident, $payload:ident) => {
        #[doc = concat!("Which ", $word, " is deleted.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why a ", $word, " was not deleted.")]
            $error,
            #[doc = concat!("The codes with which deleting a ", $word, " is refused.")]
            $code {
                #[doc = concat!("The ", $word, " does not exist for the viewer.")]
                NotFound = NotFound,
                #[doc = concat!("Only those responsible for the ", $word, " delete it.")]
                NotResponsible = NotResponsible,
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput = InvalidInput,
            }
            $payload {
                #[doc = concat!("The id that the ", $word, " had; null if it was refused.")]
                $deleted: Option<ID>,
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$payload, Stop> {
                let id = Kind::$object.parse($id_name, &self.$id)?;
                let deleted = work::delete::<$row::Entity>(services(ctx)?, viewer(ctx)?, id).await?;
                deleted.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload { $deleted: Some(Kind::$object.id(id)), ..$payload::default() })
            }
        }
    };
}

delete!(
    "task",
    Task(task, task_id, "taskId", deleted_task_id),
    DeleteTaskInput,
    DeleteTaskUserError,
    DeleteTaskErrorCode,
    DeleteTaskPayload
);
delete!(
    "project",
    Project(project, project_id, "projectId", deleted_project_id),
    DeleteProjectInput,
    DeleteProjectUserError,
    DeleteProjectErrorCode,
    DeleteProjectPayload
);

#[Object]
impl DeleteWork {
    /// Deletes a task, for those responsible for it. The memo from which it was created stays, and so do the files; those that nothing else has go after a day, unless somebody attaches them again.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] input: DeleteTaskInput,
    ) -> ApiResult<DeleteTaskPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        DeleteTaskPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Deletes a project, for those responsible for it. The memo from which it was created stays, and so do the files; those that nothing else has go after a day, unless somebody attaches them again.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] input: DeleteProjectInput,
    ) -> ApiResult<DeleteProjectPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        DeleteProjectPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
