//! `updateTask`, `updateProject`, `completeTask`, `completeProject`, `deleteTask`, `deleteProject`

use super::input;
use crate::graphql::{
    date::Date,
    enums::WorkStage,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::{Project, Task},
    sentences,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::{project, task};
use service::work::{self, Changes, EndWorkError, UpdateWorkError, WorkDenial};

#[derive(Default)]
pub struct UpdateWork;

/// Completing and deleting work are refused alike.
macro_rules! refuses_end {
    ($word:literal, $id_name:literal, $done:ident, $code:ident) => {
        impl From<EndWorkError> for Stop<$done> {
            fn from(error: EndWorkError) -> Self {
                let (code, message) = match error {
                    EndWorkError::NotFound => ($code::NotFound, sentences::no_such_work($word)),
                    EndWorkError::Denied(WorkDenial::NotResponsible) => {
                        ($code::NotResponsible, sentences::not_responsible($word))
                    }
                    EndWorkError::Failed(error) => return error.into(),
                };
                MutationError::at($id_name, code, message).into()
            }
        }
    };
}

macro_rules! update {
    (
        $word:literal, $object:ident($row:ident, $id:ident, $id_name:literal),
        $mutation:ident, $input:ident, $code:ident, $done:ident
    ) => {
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
            /// Everybody who reads it along, at most 100 people; null for nobody. Whoever is
            /// responsible stays so.
            subscriber_ids: MaybeUndefined<Vec<ID>>,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist for the viewer; or somebody who \
was named does not exist, or is not active any more.")]
                NotFound,
                #[doc = concat!("Only those responsible for the ", $word, " change it.")]
                NotResponsible,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The ", $word, " as it is now; null if it was refused.")]
                $row: Option<$object>,
            }
        }

        impl From<UpdateWorkError> for Stop<$done> {
            fn from(error: UpdateWorkError) -> Self {
                let (code, message) = match error {
                    UpdateWorkError::NotFound => ($code::NotFound, sentences::no_such_work($word)),
                    UpdateWorkError::Denied(WorkDenial::NotResponsible) => {
                        ($code::NotResponsible, sentences::not_responsible($word))
                    }
                    UpdateWorkError::People(problem) => {
                        return input::wrong_people(problem, $code::NotFound).into();
                    }
                    UpdateWorkError::Failed(error) => return error.into(),
                };
                MutationError::at($id_name, code, message).into()
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$done, Stop<$done>> {
                let people = |field: &str, people: Option<Vec<ID>>| {
                    people.map(|people| input::ids(Kind::User, field, &people)).transpose()
                };
                let changes = Changes {
                    responsible: people(
                        "responsibleIds",
                        input::present("responsibleIds", self.responsible_ids)?,
                    )?,
                    subscribers: people("subscriberIds", input::or_empty(self.subscriber_ids))?,
                    name: input::present("name", self.name)?
                        .as_deref()
                        .map(input::name)
                        .transpose()?,
                    description: input::or_empty(self.description)
                        .map(|description| input::description(Some(&description)))
                        .transpose()?,
                    stage: input::present("stage", self.stage)?.map(Into::into),
                    due_date: self.due_date.map_value(|date| date.0).into(),
                };
                let id = Kind::$object.parse($id_name, &self.$id)?;
                let row = work::update::<$row::Entity>(services(ctx)?, viewer(ctx)?, id, &changes)
                    .await?;
                Ok($done { $row: Some($object(row)) })
            }
        }
    };
}

update!(
    "task",
    Task(task, task_id, "taskId"),
    UpdateTask,
    UpdateTaskInput,
    UpdateTaskErrorCode,
    TaskUpdated
);
update!(
    "project",
    Project(project, project_id, "projectId"),
    UpdateProject,
    UpdateProjectInput,
    UpdateProjectErrorCode,
    ProjectUpdated
);

macro_rules! complete {
    (
        $word:literal, $object:ident($row:ident, $id:ident, $id_name:literal),
        $mutation:ident, $input:ident, $code:ident, $done:ident
    ) => {
        #[doc = concat!("Which ", $word, " is completed.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist for the viewer.")]
                NotFound,
                #[doc = concat!("Only those responsible for the ", $word, " complete it.")]
                NotResponsible,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The ", $word, " as it is now; null if it was refused.")]
                $row: Option<$object>,
            }
        }

        refuses_end!($word, $id_name, $done, $code);

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$done, Stop<$done>> {
                let id = Kind::$object.parse($id_name, &self.$id)?;
                let row = work::complete::<$row::Entity>(services(ctx)?, viewer(ctx)?, id).await?;
                Ok($done { $row: Some($object(row)) })
            }
        }
    };
}

complete!(
    "task",
    Task(task, task_id, "taskId"),
    CompleteTask,
    CompleteTaskInput,
    CompleteTaskErrorCode,
    TaskCompleted
);
complete!(
    "project",
    Project(project, project_id, "projectId"),
    CompleteProject,
    CompleteProjectInput,
    CompleteProjectErrorCode,
    ProjectCompleted
);

macro_rules! delete {
    (
        $word:literal,
        $object:ident($row:ident, $id:ident, $id_name:literal, $deleted:ident),
        $mutation:ident, $input:ident, $code:ident, $done:ident
    ) => {
        #[doc = concat!("Which ", $word, " is deleted.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist for the viewer.")]
                NotFound,
                #[doc = concat!("Only those responsible for the ", $word, " delete it.")]
                NotResponsible,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The id that the ", $word, " had; null if it was refused.")]
                $deleted: Option<ID>,
            }
        }

        refuses_end!($word, $id_name, $done, $code);

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$done, Stop<$done>> {
                let id = Kind::$object.parse($id_name, &self.$id)?;
                work::delete::<$row::Entity>(services(ctx)?, viewer(ctx)?, id).await?;
                Ok($done { $deleted: Some(Kind::$object.id(id)) })
            }
        }
    };
}

delete!(
    "task",
    Task(task, task_id, "taskId", deleted_task_id),
    DeleteTask,
    DeleteTaskInput,
    DeleteTaskErrorCode,
    TaskDeleted
);
delete!(
    "project",
    Project(project, project_id, "projectId", deleted_project_id),
    DeleteProject,
    DeleteProjectInput,
    DeleteProjectErrorCode,
    ProjectDeleted
);

#[Object]
impl UpdateWork {
    /// Changes a task, for those responsible for it.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateTaskInput,
    ) -> ApiResult<Payload<TaskUpdated>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Changes a project, for those responsible for it.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateProjectInput,
    ) -> ApiResult<Payload<ProjectUpdated>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Sets the stage of a task to DONE, for those responsible for it. Doing it again changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn complete_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] input: CompleteTaskInput,
    ) -> ApiResult<Payload<TaskCompleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Sets the stage of a project to DONE, for those responsible for it. Doing it again changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn complete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] input: CompleteProjectInput,
    ) -> ApiResult<Payload<ProjectCompleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Deletes a task, for those responsible for it. The memo from which it was created stays, and
    /// so do the files; those that nothing else has go after a day, unless somebody attaches them
    /// again.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] input: DeleteTaskInput,
    ) -> ApiResult<Payload<TaskDeleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Deletes a project, for those responsible for it. The memo from which it was created stays,
    /// and so do the files; those that nothing else has go after a day, unless somebody attaches
    /// them again.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] input: DeleteProjectInput,
    ) -> ApiResult<Payload<ProjectDeleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }
}
