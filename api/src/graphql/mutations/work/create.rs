//! `createTask`, `createProject`, `createTaskFromMemo`, `createProjectFromMemo`

use super::input;
use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::{Memo, Project, Task},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{project, task};
use service::{
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

        codes! {
            $mutation($code) or InvalidInput {
                /// Somebody who was named does not exist, or is not active any more.
                NotFound,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The new ", $word, "; null if it was refused.")]
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
            async fn run(self, ctx: &Context<'_>) -> Result<$done, Stop<$done>> {
                let plan = input::plan(
                    self.description.as_deref(),
                    self.due_date,
                    self.responsible_ids.as_deref(),
                    self.subscriber_ids.as_deref(),
                )?;
                let name = input::name(&self.name)?;
                let row = work::create::<$row::Entity>(services(ctx)?, viewer(ctx)?, &name, &plan)
                    .await?;
                Ok($done { $row: Some($object(row)) })
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
        #[doc = concat!("The ", $word, " to create from a memo, and what becomes of the memo.")]
        #[derive(InputObject)]
        pub struct $input {
            /// The memo's global id.
            memo_id: ID,
            /// The name, 1–250 characters; the memo's if left out or null. Needed where somebody is
            /// named who does not see the memo.
            name: Option<String>,
            /// What is to be done or reached, at most 20,000 characters. The memo's text is not
            /// copied: not everybody of the work may read it.
            description: Option<String>,
            /// When it should be done.
            due_date: Option<Date>,
            /// Who does it, at most 100 people; the viewer if left out or null. They are told.
            responsible_ids: Option<Vec<ID>>,
            /// Who reads it along, at most 100 people. The memo's author does in any case, unless
            /// they are responsible.
            subscriber_ids: Option<Vec<ID>>,
            /// Files of the memo that are transferred, at most 100. They stay when the memo is
            /// deleted.
            file_ids: Option<Vec<ID>>,
            /// Whether the memo is reviewed. Otherwise it is postponed, unless it was reviewed
            /// before.
            #[graphql(default)]
            review_memo: bool,
            /// The conclusion, at most 20,000 characters, only with `reviewMemo`; left out or null,
            /// it stays as it is.
            note: Option<String>,
            /// The day on which the recipient wants to look at the memo again: today or later, in
            /// UTC, only without `reviewMemo`. If left out or null, the due date, or else the day
            /// that the memo has.
            review_date: Option<Date>,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        codes! {
            $mutation($code) or InvalidInput {
                /// The memo, or one of the files or people that were named, does not exist for the
                /// viewer, or is not active any more.
                NotFound,
                /// Only the memo's recipient does this.
                NotTheRecipient,
                /// The memo is a draft: send it first.
                Draft,
                /// The memo is on hold: its conclusion stays as it is.
                OnHold,
                #[doc = concat!("The memo has a ", $word, " already.")]
                $already,
            }
        }

        done! {
            $done($code) {
                #[doc = concat!("The new ", $word, "; null if it was refused.")]
                $row: Option<$object>,
                /// The memo as it is now; null if it was refused.
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
                        ($code::OnHold, sentences::NOTE_ON_HOLD.to_owned())
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
            async fn run(self, ctx: &Context<'_>) -> Result<$done, Stop<$done>> {
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
                    then: then(self.review_memo, self.note.as_deref(), self.review_date)?,
                };
                let (services, viewer) = (services(ctx)?, viewer(ctx)?);
                let created =
                    work::create_from_memo::<$row::Entity>(services, viewer, &wanted).await?;
                Ok($done { $row: Some($object(created.work)), memo: Some(Memo(created.memo)) })
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

/// What becomes of the memo: a conclusion belongs to a review, a day to a postponement.
fn then<C: RefusesInput>(
    review: bool,
    note: Option<&str>,
    until: Option<Date>,
) -> Result<Then, MutationError<C>> {
    let note = text::optional(note, text::MAX_NOTE)
        .map_err(|problem| MutationError::text("note", problem))?;
    match (review, note, until) {
        (true, _, Some(_)) => {
            Err(MutationError::input("reviewDate", sentences::REVIEWED_HAS_NO_DAY))
        }
        (true, note, None) => Ok(Then::Review { note }),
        (false, Some(_), _) => Err(MutationError::input("note", sentences::NOTE_BELONGS_TO_REVIEW)),
        (false, None, until) => Ok(Then::Postpone { until: until.map(|date| date.0) }),
    }
}

#[Object]
impl CreateWork {
    /// Creates a task that comes from no memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create.")] input: CreateTaskInput,
    ) -> ApiResult<Payload<TaskCreated>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Creates a project that comes from no memo.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create.")] input: CreateProjectInput,
    ) -> ApiResult<Payload<ProjectCreated>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Creates a task from a memo, for its recipient; a memo has at most one. The author subscribes
    /// to the task, and may not delete the memo any more.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_task_from_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create, and from which memo.")] input: CreateTaskFromMemoInput,
    ) -> ApiResult<Payload<TaskCreatedFromMemo>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }

    /// Creates a project from a memo, for its recipient; a memo has at most one. The author
    /// subscribes to the project, and may not delete the memo any more.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_project_from_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create, and from which memo.")] input: CreateProjectFromMemoInput,
    ) -> ApiResult<Payload<ProjectCreatedFromMemo>> {
        respond(input.client_mutation_id.clone(), input.run(ctx)).await
    }
}
