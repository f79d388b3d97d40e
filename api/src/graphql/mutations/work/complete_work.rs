//! `completeTask`, `completeProject`

use super::answer::{Stop, answer, refused};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::{Project, Task},
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{WorkStage, project, task};
use service::work::{self, Changes, WorkKind};

#[derive(Default)]
pub struct CompleteWork;

macro_rules! complete {
    ($word:literal, $object:ident($row:ident, $id:ident, $id_name:literal), $input:ident, $error:ident, $code:ident, $payload:ident) => {
        #[doc = concat!("Which ", $word, " is completed.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why a ", $word, " was not completed.")]
            $error,
            #[doc = concat!("The codes with which completing a ", $word, " is refused.")]
            $code {
                #[doc = concat!("The ", $word, " does not exist for the viewer.")]
                NotFound = NotFound,
                #[doc = concat!("Only those responsible for the ", $word, " complete it.")]
                NotResponsible = NotResponsible,
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput = InvalidInput,
            }
            $payload {
                #[doc = concat!("The ", $word, " as it is now; null if it was refused.")]
                $row: Option<$object>,
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$payload, Stop> {
                let id = Kind::$object.parse($id_name, &self.$id)?;
                let done = Changes { stage: Some(WorkStage::Done), ..Changes::default() };
                let changed = work::update::<$row::Entity>(services(ctx)?, viewer(ctx)?, id, &done).await?;
                let row = changed.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload { $row: Some($object(row)), ..$payload::default() })
            }
        }
    };
}

complete!(
    "task",
    Task(task, task_id, "taskId"),
    CompleteTaskInput,
    CompleteTaskUserError,
    CompleteTaskErrorCode,
    CompleteTaskPayload
);
complete!(
    "project",
    Project(project, project_id, "projectId"),
    CompleteProjectInput,
    CompleteProjectUserError,
    CompleteProjectErrorCode,
    CompleteProjectPayload
);

#[Object]
impl CompleteWork {
    /// Sets the stage of a task to DONE, for those responsible for it. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn complete_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] input: CompleteTaskInput,
    ) -> ApiResult<CompleteTaskPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CompleteTaskPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Sets the stage of a project to DONE, for those responsible for it. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn complete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] input: CompleteProjectInput,
    ) -> ApiResult<CompleteProjectPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CompleteProjectPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
