//! `updateTask`, `updateProject`, `completeTask`, `completeProject`, `deleteTask`, `deleteProject`

use super::input;
use crate::graphql::{
    enums::WorkStatus,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::{Project, Task},
    scalars::Date,
    sentences,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::{project, task};
use service::work::{self, Changes, EndWorkError, UpdateWorkError, WorkDenial};

#[derive(Default)]
pub struct UpdateWork;

/// Completing and deleting have the same refusals.
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
        #[doc = concat!("The changes to a ", $word, ". A field that is left out stays as it is.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// The name, 1–250 characters. It cannot be null.
            name: MaybeUndefined<String>,
            /// What should be done or achieved, at most 20,000 characters; null clears it.
            description: MaybeUndefined<String>,
            /// The progress. It cannot be null.
            status: MaybeUndefined<WorkStatus>,
            /// The day by which it should be done; null removes it.
            due_date: MaybeUndefined<Date>,
            /// The global ids of all responsible people, 1–100. It cannot be null. New people are
            /// notified.
            responsible_ids: MaybeUndefined<Vec<ID>>,
            /// The global ids of all subscribers, at most 100; null removes all. Responsible people
            /// stay responsible.
            subscriber_ids: MaybeUndefined<Vec<ID>>,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist, or the viewer cannot see it.\n\
Or a person does not exist, or is not active any more.")]
                NotFound,
                #[doc = concat!("Only people responsible for the ", $word, " can change it.")]
                NotResponsible,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The ", $word, " as it is now; null if the mutation was refused.")]
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
                    status: input::present("status", self.status)?.map(Into::into),
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
        #[doc = concat!("The ", $word, " to complete.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist, or the viewer cannot see it.")]
                NotFound,
                #[doc = concat!("Only people responsible for the ", $word, " can complete it.")]
                NotResponsible,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The ", $word, " as it is now; null if the mutation was refused.")]
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
        #[doc = concat!("The ", $word, " to delete.")]
        #[derive(InputObject)]
        pub struct $input {
            #[doc = concat!("The ", $word, "'s global id.")]
            $id: ID,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                #[doc = concat!("The ", $word, " does not exist, or the viewer cannot see it.")]
                NotFound,
                #[doc = concat!("Only people responsible for the ", $word, " can delete it.")]
                NotResponsible,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The global id of the deleted ", $word, "; null if the mutation \
was refused.")]
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
    /// Changes a task. Only responsible people can do this.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes to the task.")] input: UpdateTaskInput,
    ) -> ApiResult<Payload<TaskUpdated>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Changes a project. Only responsible people can do this.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes to the project.")] input: UpdateProjectInput,
    ) -> ApiResult<Payload<ProjectUpdated>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Sets the status of a task to DONE. Only responsible people can do this. Repeating it changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn complete_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task to complete.")] input: CompleteTaskInput,
    ) -> ApiResult<Payload<TaskCompleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Sets the status of a project to DONE. Only responsible people can do this. Repeating it
    /// changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn complete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to complete.")] input: CompleteProjectInput,
    ) -> ApiResult<Payload<ProjectCompleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Deletes a task. Only responsible people can do this. The memo from which it was created is
    /// kept. Files that nothing else has are deleted after a day, unless somebody attaches them
    /// again.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task to delete.")] input: DeleteTaskInput,
    ) -> ApiResult<Payload<TaskDeleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Deletes a project. Only responsible people can do this. The memo from which it was created
    /// is kept. Files that nothing else has are deleted after a day, unless somebody attaches them
    /// again.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to delete.")] input: DeleteProjectInput,
    ) -> ApiResult<Payload<ProjectDeleted>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }
}
