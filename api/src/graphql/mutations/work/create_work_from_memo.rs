//! `createTaskFromMemo`, `createProjectFromMemo`

use super::{
    answer::{Refused, Stop, answer, refused},
    parts,
};
use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::{Memo, Project, Task},
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::{project, task};
use service::{
    text,
    work::{self, FromMemo, Then, WorkKind},
};

#[derive(Default)]
pub struct CreateWorkFromMemo;

macro_rules! create_from_memo {
    ($word:literal, $object:ident($row:ident), $input:ident, $error:ident, $code:ident($already:ident), $payload:ident) => {
        #[doc = concat!("The ", $word, " to create from a memo, and what becomes of the memo.")]
        #[derive(InputObject)]
        pub struct $input {
            /// The memo's global id.
            memo_id: ID,
            /// The name, 1–250 characters; the memo's if left out or null. Needed where somebody is named who does not see the memo.
            name: Option<String>,
            /// What is to be done or reached, at most 20,000 characters. The memo's text is not copied: not everybody of the work may read it.
            description: Option<String>,
            /// When it should be done.
            due_date: Option<Date>,
            /// Who does it, at most 100 people; the viewer if left out or null. They are told.
            responsible_ids: Option<Vec<ID>>,
            /// Who reads it along, at most 100 people. The memo's author does in any case, unless they are responsible.
            subscriber_ids: Option<Vec<ID>>,
            /// Files of the memo that are transferred, at most 100. They stay when the memo is deleted.
            file_ids: Option<Vec<ID>>,
            /// Whether the memo is reviewed. Otherwise it is postponed, unless it was reviewed before.
            #[graphql(default)]
            review_memo: bool,
            /// The conclusion, at most 20,000 characters, only with `reviewMemo`; left out or null, it stays as it is.
            note: Option<String>,
            /// The day on which the recipient wants to look at the memo again: today or later, in UTC, only without `reviewMemo`. If left out or
            /// null, the due date, or else the day that the memo has.
            review_date: Option<Date>,
            /// Anything that the client wants back in the payload.
            client_mutation_id: Option<String>,
        }

        answer! {
            #[doc = concat!("Why no ", $word, " was created.")]
            $error,
            #[doc = concat!("The codes with which creating a ", $word, " from a memo is refused.")]
            $code {
                /// The memo, or one of the files or people that were named, does not exist for the viewer, or is not active any more.
                NotFound = NotFound,
                /// Only the memo's recipient does this.
                NotTheRecipient = NotTheRecipient,
                /// The memo is a draft: send it first.
                Draft = Draft,
                /// The memo is on hold: its conclusion stays as it is.
                OnHold = OnHold,
                #[doc = concat!("The memo has a ", $word, " already.")]
                $already = AlreadyHas,
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput = InvalidInput,
            }
            $payload {
                #[doc = concat!("The new ", $word, "; null if it was refused.")]
                $row: Option<$object>,
                /// The memo as it is now; null if it was refused.
                memo: Option<Memo>,
            }
        }

        impl $input {
            async fn run(self, ctx: &Context<'_>) -> Result<$payload, Stop> {
                let wanted = FromMemo {
                    plan: parts::plan(
                        self.description.as_deref(),
                        self.due_date,
                        self.responsible_ids.as_deref(),
                        self.subscriber_ids.as_deref(),
                    )?,
                    files: parts::ids(Kind::File, "fileIds", &self.file_ids.unwrap_or_default())?,
                    memo_id: Kind::Memo.parse("memoId", &self.memo_id)?,
                    name: self.name.as_deref().map(parts::name).transpose()?,
                    then: then(self.review_memo, self.note.as_deref(), self.review_date)?,
                };
                let created =
                    work::create_from_memo::<$row::Entity>(services(ctx)?, viewer(ctx)?, &wanted).await?;
                let created = created.map_err(|refusal| refused($row::Entity::WORD, refusal))?;
                Ok($payload {
                    $row: Some($object(created.work)),
                    memo: Some(Memo(created.memo)),
                    ..$payload::default()
                })
            }
        }
    };
}

create_from_memo!(
    "task",
    Task(task),
    CreateTaskFromMemoInput,
    CreateTaskFromMemoUserError,
    CreateTaskFromMemoErrorCode(AlreadyHasTask),
    CreateTaskFromMemoPayload
);
create_from_memo!(
    "project",
    Project(project),
    CreateProjectFromMemoInput,
    CreateProjectFromMemoUserError,
    CreateProjectFromMemoErrorCode(AlreadyHasProject),
    CreateProjectFromMemoPayload
);

/// What becomes of the memo: a conclusion belongs to a review, a day to a postponement.
fn then(review: bool, note: Option<&str>, until: Option<Date>) -> Result<Then, Stop> {
    let note =
        text::optional(note, text::MAX_NOTE).map_err(|problem| parts::text_refused("note", problem))?;
    match (review, note, until) {
        (true, _, Some(_)) => Err(Refused::input(
            "reviewDate",
            "A memo that is reviewed is not looked at again. Leave out either reviewDate or reviewMemo.",
        )
        .into()),
        (true, note, None) => Ok(Then::Review { note }),
        (false, Some(_), _) => {
            Err(Refused::input("note", "The conclusion belongs to a review. Set reviewMemo as well.").into())
        }
        (false, None, until) => Ok(Then::Postpone { until: until.map(|date| date.0) }),
    }
}

#[Object]
impl CreateWorkFromMemo {
    /// Creates a task from a memo, for its recipient; a memo has at most one. The author subscribes to the task, and may not delete the memo any more.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_task_from_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create, and from which memo.")] input: CreateTaskFromMemoInput,
    ) -> ApiResult<CreateTaskFromMemoPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateTaskFromMemoPayload::of(input.run(ctx).await, client_mutation_id)
    }

    /// Creates a project from a memo, for its recipient; a memo has at most one. The author subscribes to the project, and may not delete the memo any more.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_project_from_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to create, and from which memo.")] input: CreateProjectFromMemoInput,
    ) -> ApiResult<CreateProjectFromMemoPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateProjectFromMemoPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
