//! `createTask`, `createProject`, `createTaskFromMemo`, `createProjectFromMemo`

use super::input;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::{
        idempotency::create,
        respond::{MutationError, Payload, RefusesInput, Stop, codes, done},
    },
    objects::{Memo, Project, Task},
    scalars::Date,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{project, task};
use service::{
    idempotency::{Created, IdempotencyKey},
    memos::policy::{ActDenial, ConcludeDenial},
    text,
    work::{self, CreateFromMemoError, CreateWorkError, FromMemo, Then},
};

#[derive(Default)]
pub struct CreateWork;

macro_rules! create {
    (
        $word:literal, $object:ident($row:ident),
        $mutation:ident, $input:ident, $code:ident, $done:ident
    ) => {
        #[doc = concat!("The ", $word, " to create.")]
        #[derive(InputObject)]
        pub struct $input {
            /// The name, 1–250 characters.
            name: String,
            /// What should be done or achieved, at most 20,000 characters.
            description: Option<String>,
            /// The day by which it should be done.
            due_date: Option<Date>,
            /// The global ids of the responsible people, at most 100. They are notified. If left
            /// out or null, the viewer is responsible.
            responsible_ids: Option<Vec<ID>>,
            /// The global ids of the subscribers, at most 100.
            subscriber_ids: Option<Vec<ID>>,
            /// A key for this request, 1–128 characters. Repeating the request with the same key
            /// within 24 hours creates nothing again.
            idempotency_key: Option<String>,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) creates {
                /// A person with this id does not exist, or is not active any more.
                NotFound,
            }
        }

        done! {
            $done($code) creates {
                #[doc = concat!("The new ", $word, "; null if the mutation was refused.")]
                $row: Option<$object>,
            }
        }

        impl From<CreateWorkError> for Stop<$done> {
            fn from(error: CreateWorkError) -> Self {
                match error {
                    CreateWorkError::People(problem) => {
                        input::wrong_people(problem, $code::NotFound).into()
                    }
                    CreateWorkError::Failed(error) => error.into(),
                }
            }
        }

        impl $input {
            async fn run(
                self,
                ctx: &Context<'_>,
                key: Option<IdempotencyKey>,
            ) -> Result<$done, Stop<$done>> {
                let plan = input::plan(
                    self.description.as_deref(),
                    self.due_date,
                    self.responsible_ids.as_deref(),
                    self.subscriber_ids.as_deref(),
                )?;
                let name = input::name(&self.name)?;
                let (services, viewer) = (services(ctx)?, viewer(ctx)?);
                let Created { thing, replayed } =
                    work::create::<$row::Entity>(services, viewer, key.as_ref(), &name, &plan)
                        .await?;
                Ok($done { $row: Some($object(thing)), replayed })
            }
        }
    };
}

create!("task", Task(task), CreateTask, CreateTaskInput, CreateTaskErrorCode, TaskCreated);
create!(
    "project",
    Project(project),
    CreateProject,
    CreateProjectInput,
    CreateProjectErrorCode,
    ProjectCreated
);

macro_rules! create_from_memo {
    (
        $word:literal, $object:ident($row:ident), $mutation:ident, $input:ident,
        $code:ident($already:ident), $done:ident
    ) => {
        #[doc = concat!("The ", $word, " to create from a memo, and what happens to the memo.")]
        #[derive(InputObject)]
        pub struct $input {
            /// The memo's global id.
            memo_id: ID,
            /// The name, 1–250 characters. If left out or null, the name of the memo. Required if
            /// one of the people cannot see the memo.
            name: Option<String>,
            /// What should be done or achieved, at most 20,000 characters. The memo's text is not
            /// copied, since some of the people may not be able to read it.
            description: Option<String>,
            /// The day by which it should be done.
            due_date: Option<Date>,
            /// The global ids of the responsible people, at most 100. They are notified. If left
            /// out or null, the viewer is responsible.
            responsible_ids: Option<Vec<ID>>,
            /// The global ids of the subscribers, at most 100. The memo's author always subscribes,
            /// unless they are responsible.
            subscriber_ids: Option<Vec<ID>>,
            /// The global ids of the memo's files to transfer, at most 100. They are kept when the
            /// memo is deleted.
            file_ids: Option<Vec<ID>>,
            /// Whether to mark the memo as reviewed. Otherwise it is postponed, unless it is
            /// already reviewed.
            #[graphql(default)]
            review_memo: bool,
            /// The conclusion, at most 20,000 characters. Only allowed with `reviewMemo`. If left
            /// out or null, it stays as it is.
            conclusion: Option<String>,
            /// The day on which the recipient wants to look at the memo again: today or later, in
            /// UTC. Not allowed with `reviewMemo`. If left out or null, the due date is used if it
            /// has not passed. Otherwise the memo keeps its review date.
            review_date: Option<Date>,
            /// A key for this request, 1–128 characters. Repeating the request with the same key
            /// within 24 hours creates nothing again.
            idempotency_key: Option<String>,
            /// Any text of the client. The payload returns it.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) creates {
                /// The memo does not exist, or the viewer cannot see it. Or a file is not attached
                /// to the memo. Or a person does not exist, or is not active any more.
                NotFound,
                /// Only the memo's recipient can do this.
                NotTheRecipient,
                /// The memo is a draft. Send it first.
                Draft,
                /// The memo is on hold, so its conclusion cannot change. Leave out `conclusion`.
                OnHold,
                #[doc = concat!("The memo already has a ", $word, ".")]
                $already,
            }
        }

        done! {
            $done($code) creates {
                #[doc = concat!("The new ", $word, "; null if the mutation was refused.")]
                $row: Option<$object>,
                /// The memo as it is now. Null if the mutation was refused, or if a repetition
                /// comes after the memo was deleted.
                memo: Option<Memo>,
            }
        }

        impl From<CreateFromMemoError> for Stop<$done> {
            fn from(error: CreateFromMemoError) -> Self {
                let (code, message) = match error {
                    CreateFromMemoError::NoSuchMemo => {
                        ($code::NotFound, sentences::NO_SUCH_MEMO.to_owned())
                    }
                    CreateFromMemoError::Denied(denial) => {
                        let code = match denial {
                            ActDenial::NotTheRecipient => $code::NotTheRecipient,
                            ActDenial::Draft => $code::Draft,
                        };
                        (code, sentences::denial(denial))
                    }
                    CreateFromMemoError::NoteDenied(denial @ ConcludeDenial::NotTheRecipient) => {
                        ($code::NotTheRecipient, sentences::denial(denial))
                    }
                    CreateFromMemoError::NoteDenied(ConcludeDenial::OnHold) => {
                        ($code::OnHold, sentences::LATE_CONCLUSION_ON_HOLD.to_owned())
                    }
                    CreateFromMemoError::AlreadyHas(name) => {
                        ($code::$already, sentences::already_has($word, name.as_deref()))
                    }
                    CreateFromMemoError::PastDate => {
                        return MutationError::input("reviewDate", sentences::PAST_DAY).into();
                    }
                    CreateFromMemoError::NoSuchFile => {
                        let message = sentences::NOT_A_FILE_OF_THE_MEMO;
                        return MutationError::at("fileIds", $code::NotFound, message).into();
                    }
                    CreateFromMemoError::People(problem) => {
                        return input::wrong_people(problem, $code::NotFound).into();
                    }
                    CreateFromMemoError::NameOfUnseenMemo => {
                        return MutationError::input("name", sentences::NAME_OF_UNSEEN_MEMO).into();
                    }
                    CreateFromMemoError::Failed(error) => return error.into(),
                };
                MutationError::at("memoId", code, message).into()
            }
        }

        impl $input {
            async fn run(
                self,
                ctx: &Context<'_>,
                key: Option<IdempotencyKey>,
            ) -> Result<$done, Stop<$done>> {
                let wanted = FromMemo {
                    plan: input::plan(
                        self.description.as_deref(),
                        self.due_date,
                        self.responsible_ids.as_deref(),
                        self.subscriber_ids.as_deref(),
                    )?,
                    files: input::ids(Kind::File, "fileIds", &self.file_ids.unwrap_or_default())?,
                    memo_id: Kind::Memo.parse("memoId", &self.memo_id)?,
                    name: self.name.as_deref().map(input::name).transpose()?,
                    then: then(self.review_memo, self.conclusion.as_deref(), self.review_date)?,
                };
                let (services, viewer) = (services(ctx)?, viewer(ctx)?);
                let Created { thing: (work, memo), replayed } =
                    work::create_from_memo::<$row::Entity>(services, viewer, key.as_ref(), &wanted)
                        .await?;
                Ok($done { $row: Some($object(work)), memo: memo.map(Memo::from), replayed })
            }
        }
    };
}

create_from_memo!(
    "task",
    Task(task),
    CreateTaskFromMemo,
    CreateTaskFromMemoInput,
    CreateTaskFromMemoErrorCode(AlreadyHasTask),
    TaskCreatedFromMemo
);
create_from_memo!(
    "project",
    Project(project),
    CreateProjectFromMemo,
    CreateProjectFromMemoInput,
    CreateProjectFromMemoErrorCode(AlreadyHasProject),
    ProjectCreatedFromMemo
);

/// What happens to the memo: a conclusion belongs to a review, a day to a postponement.
fn then<C: RefusesInput>(
    review: bool,
    conclusion: Option<&str>,
    until: Option<Date>,
) -> Result<Then, MutationError<C>> {
    let conclusion = text::optional(conclusion, text::MAX_CONCLUSION)
        .map_err(|problem| MutationError::text("conclusion", problem))?;
    match (review, conclusion, until) {
        (true, _, Some(_)) => {
            Err(MutationError::input("reviewDate", sentences::REVIEWED_HAS_NO_DAY))
        }
        (true, conclusion, None) => Ok(Then::Review { conclusion }),
        (false, Some(_), _) => {
            Err(MutationError::input("conclusion", sentences::CONCLUSION_BELONGS_TO_REVIEW))
        }
        (false, None, until) => Ok(Then::Postpone { until: until.map(|date| date.0) }),
    }
}

#[Object]
impl CreateWork {
    /// Creates a task that does not come from a memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task to create.")] input: CreateTaskInput,
    ) -> ApiResult<Payload<TaskCreated>> {
        create(ctx, input, async |input: CreateTaskInput, key| input.run(ctx, key).await).await
    }

    /// Creates a project that does not come from a memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to create.")] input: CreateProjectInput,
    ) -> ApiResult<Payload<ProjectCreated>> {
        create(ctx, input, async |input, key| input.run(ctx, key).await).await
    }

    /// Creates a task from a memo. Only the memo's recipient can do this. A memo has at most one
    /// task. The author subscribes to the task, and can no longer delete the memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_task_from_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task to create, and the memo.")] input: CreateTaskFromMemoInput,
    ) -> ApiResult<Payload<TaskCreatedFromMemo>> {
        create(ctx, input, async |input, key| input.run(ctx, key).await).await
    }

    /// Creates a project from a memo. Only the memo's recipient can do this. A memo has at most one
    /// project. The author subscribes to the project, and can no longer delete the memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_project_from_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to create, and the memo.")] input: CreateProjectFromMemoInput,
    ) -> ApiResult<Payload<ProjectCreatedFromMemo>> {
        create(ctx, input, async |input, key| input.run(ctx, key).await).await
    }
}
