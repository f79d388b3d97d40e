//! `createTask`, `createProject`

use super::{
    answer::{Stop, answer, refused},
    parts,
};
use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    objects::{Project, Task},
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{project, task};
use service::work::{self, WorkKind};

#[derive(Default)]
pub struct CreateWork;

macro_rules! create {
    ($word:literal, $object:ident($row:ident), $input:ident, $error:ident, $code:ident, $payload:ident) => {
        #[doc = concat!("The ", $word, " to create.")]
        #[derive(InputObject)]
        pub struct $input {
            /// The name, 1–250 characters.
            name: String,
            /// What is to be done or reached, at most 20,000 characters.
            description: Option<String>,
            /// When it should be done.
            due_date: Option<Date>,
            /// Who does it, at most 100 people; the viewer if left out or null. They are told.
            responsible_ids: Option<Vec<ID>>,
            /// Who reads it along, at most 100 people.
            subscriber_ids: Option<Vec<ID>>,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why no ", $word, " was created.")]
            $error,
            #[doc = concat!("The codes with which creating a ", $word, " is refused.")]
            $code {
                /// Somebody who was named does not exist, or is not active any more.
                NotFound = NotFound,
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput = InvalidInput,
            }
            $payload {
                #[doc = concat!("The new ", $word, "; null if it was refused.")]
                $row: Option<$object>,
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$payload, Stop> {
                let plan = parts::plan(
                    self.description.as_deref(),
                    self.due_date,
                    self.responsible_ids.as_deref(),
                    self.subscriber_ids.as_deref(),
                )?;
                let name = parts::name(&self.name)?;
                let created =
                    work::create::<$row::Entity>(services(ctx)?, viewer(ctx)?, &name, &plan).await?;
                let row = created.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload { $row: Some($object(row)), ..$payload::default() })
            }
        }
    };
}

create!("task", Task(task), CreateTaskInput, CreateTaskUserError, CreateTaskErrorCode, CreateTaskPayload);
create!(
    "project",
    Project(project),
    CreateProjectInput,
    CreateProjectUserError,
    CreateProjectErrorCode,
    CreateProjectPayload
);

#[Object]
impl CreateWork {
    /// Creates a task that comes from no memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create.")] input: CreateTaskInput,
    ) -> ApiResult<CreateTaskPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateTaskPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Creates a project that comes from no memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create.")] input: CreateProjectInput,
    ) -> ApiResult<CreateProjectPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateProjectPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
