//! `updateTask`, `updateProject`

use super::{
    answer::{Stop, answer, refused},
    parts::{self, present},
};
use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::{Project, Task},
    words::WorkStage,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::{project, task};
use service::work::{self, Changes, WorkKind};

#[derive(Default)]
pub struct UpdateWork;

macro_rules! update {
    ($word:literal, $object:ident($row:ident, $id:ident, $id_name:literal), $input:ident, $error:ident, $code:ident, $payload:ident) => {
        #[doc = concat!("What to change of a ", $word, ". What is left out stays as it is.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// The name, 1–250 characters.
            name: MaybeUndefined<String>,
            /// What is to be done or reached, at most 20,000 characters; null empties it.
            description: MaybeUndefined<String>,
            /// How far it is.
            stage: MaybeUndefined<WorkStage>,
            /// When it should be done; null for no day.
            due_date: MaybeUndefined<Date>,
            /// Everybody who does it, 1–100 people. Who is new among them is told.
            responsible_ids: MaybeUndefined<Vec<ID>>,
            /// Everybody who reads it along, at most 100 people; null for nobody. Whoever is responsible stays so.
            subscriber_ids: MaybeUndefined<Vec<ID>>,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why a ", $word, " stayed as it was.")]
            $error,
            #[doc = concat!("The codes with which changing a ", $word, " is refused.")]
            $code {
                #[doc = concat!("The ", $word, " does not exist for the viewer; or somebody who was named does not exist, or is not active any more.")]
                NotFound = NotFound,
                #[doc = concat!("Only those responsible for the ", $word, " change it.")]
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
                let people = |field: &str, people: Option<Vec<ID>>| {
                    people.map(|people| parts::ids(Kind::User, field, &people)).transpose()
                };
                let changes = Changes {
                    responsible: people("responsibleIds", present("responsibleIds", self.responsible_ids)?)?,
                    subscribers: people("subscriberIds", or_empty(self.subscriber_ids))?,
                    name: present("name", self.name)?.as_deref().map(parts::name).transpose()?,
                    description: or_empty(self.description)
                        .map(|description| parts::description(Some(&description)))
                        .transpose()?,
                    stage: present("stage", self.stage)?.map(Into::into),
                    due_date: self.due_date.map_value(|date| date.0).into(),
                };
                let id = Kind::$object.parse($id_name, &self.$id)?;
                let changed = work::update::<$row::Entity>(services(ctx)?, viewer(ctx)?, id, &changes).await?;
                let row = changed.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload { $row: Some($object(row)), ..$payload::default() })
            }
        }
    };
}

update!(
    "task",
    Task(task, task_id, "taskId"),
    UpdateTaskInput,
    UpdateTaskUserError,
    UpdateTaskErrorCode,
    UpdateTaskPayload
);
update!(
    "project",
    Project(project, project_id, "projectId"),
    UpdateProjectInput,
    UpdateProjectUserError,
    UpdateProjectErrorCode,
    UpdateProjectPayload
);

/// A field that may stay as it is; null empties it.
fn or_empty<T: Default>(value: MaybeUndefined<T>) -> Option<T> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(T::default()),
        MaybeUndefined::Value(value) => Some(value),
    }
}

#[Object]
impl UpdateWork {
    /// Changes a task, for those responsible for it.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateTaskInput,
    ) -> ApiResult<UpdateTaskPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        UpdateTaskPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Changes a project, for those responsible for it.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateProjectInput,
    ) -> ApiResult<UpdateProjectPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        UpdateProjectPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
