//! Tasks and projects.

use super::{
    deleted_memo::DeletedMemo,
    file::File,
    memo::Memo,
    user::{User, user_by_id},
};
use crate::{
    at_hand,
    graphql::{
        enums::WorkStatus,
        error::ApiResult,
        guard::viewer,
        id::Kind,
        loaders::{
            FilesOfProject, FilesOfTask, PeopleOfProject, PeopleOfTask, Source, SourceOf, loaders,
        },
        scalars::{Date, Moment},
    },
};
use async_graphql::{Context, ID, Object, Union};
use entity::{WorkRole, project, task};
use uuid::Uuid;

/// The memo from which a task or a project was created, or what remains of it.
#[derive(Union)]
pub enum SourceMemo {
    /// The memo.
    Memo(Memo),
    /// What remains of it after its deletion.
    DeletedMemo(DeletedMemo),
}

/// The object of one kind of work. Both kinds have the same fields.
macro_rules! work_object {
    (
        $(#[$doc:meta])*
        $object:ident($row:ident::Model), $word:literal, $people:ident, $files:ident
    ) => {
        pub struct $object(pub $row::Model);

        $(#[$doc])*
        #[Object]
        impl $object {
            /// The global id.
            pub async fn id(&self) -> ID {
                Kind::$object.id(self.0.id)
            }

            /// The name, 1–250 characters.
            async fn name(&self) -> &str {
                &self.0.name
            }

            /// What should be done or achieved; empty if there is no description.
            async fn description(&self) -> &str {
                &self.0.description
            }

            /// The progress.
            async fn status(&self) -> WorkStatus {
                self.0.status.into()
            }

            /// The day by which it should be done; null if none is set.
            async fn due_date(&self) -> Option<Date> {
                self.0.due_date.map(Date)
            }

            /// The responsible people, sorted by name. Only they can change and delete it.
            #[graphql(complexity = "5 + 5 * child_complexity")]
            async fn responsible(&self, ctx: &Context<'_>) -> ApiResult<Vec<User>> {
                self.people(ctx, WorkRole::Responsible).await
            }

            /// The people who subscribe to it, sorted by name.
            #[graphql(complexity = "5 + 5 * child_complexity")]
            async fn subscribers(&self, ctx: &Context<'_>) -> ApiResult<Vec<User>> {
                self.people(ctx, WorkRole::Subscriber).await
            }

            #[doc = concat!("The files that are attached to \
                the ", $word, ", or were transferred to it.")]
            #[graphql(complexity = "5 + 5 * child_complexity")]
            async fn files(&self, ctx: &Context<'_>) -> ApiResult<Vec<File>> {
                let files = loaders(ctx)?.load($files(self.0.id)).await?.unwrap_or_default();
                Ok(files.into_iter().map(File).collect())
            }

            /// The memo from which it was created, or what remains of that memo. Null if there is
            /// none, or if the viewer cannot see it.
            async fn source_memo(&self, ctx: &Context<'_>) -> ApiResult<Option<SourceMemo>> {
                source_memo(ctx, self.0.source_memo_id).await
            }

            /// Who created it.
            async fn created_by(&self, ctx: &Context<'_>) -> ApiResult<User> {
                user_by_id(ctx, self.0.created_by).await
            }

            /// When it was created.
            async fn created_at(&self) -> Moment {
                Moment(self.0.created_at)
            }

            /// Whether the viewer is one of the responsible people.
            async fn viewer_is_responsible(&self, ctx: &Context<'_>) -> ApiResult<bool> {
                self.is_for(ctx).await
            }

            /// Whether the viewer may change, complete and delete it now. Use this to show or hide
            /// buttons: the mutations check again.
            async fn viewer_can_update(&self, ctx: &Context<'_>) -> ApiResult<bool> {
                self.is_for(ctx).await
            }
        }

        at_hand!($object {
            "id" => id,
            "name" => name,
            "description" => description,
            "status" => status,
            "dueDate" => due_date,
            "createdAt" => created_at,
        });

        impl $object {
            async fn people(&self, ctx: &Context<'_>, part: WorkRole) -> ApiResult<Vec<User>> {
                let people = loaders(ctx)?.load($people(self.0.id)).await?.unwrap_or_default();
                let people = people.into_iter().filter(|person| person.part == part);
                Ok(people.map(|person| User::from(person.user)).collect())
            }

            async fn is_for(&self, ctx: &Context<'_>) -> ApiResult<bool> {
                let viewer = viewer(ctx)?;
                let responsible = self.people(ctx, WorkRole::Responsible).await?;
                Ok(responsible.iter().any(|person| person.0.id == viewer.id))
            }
        }
    };
}

work_object! {
    /// A piece of work, often created from a memo. Responsible people, subscribers, the creator and
    /// company management can see it.
    Task(task::Model), "task", PeopleOfTask, FilesOfTask
}

work_object! {
    /// A larger piece of work, often created from a memo. Responsible people, subscribers, the
    /// creator and company management can see it.
    Project(project::Model), "project", PeopleOfProject, FilesOfProject
}

async fn source_memo(ctx: &Context<'_>, memo_id: Option<Uuid>) -> ApiResult<Option<SourceMemo>> {
    let Some(memo_id) = memo_id else { return Ok(None) };
    Ok(loaders(ctx)?.load(SourceOf(memo_id)).await?.flatten().map(|source| match source {
        Source::Memo(memo) => SourceMemo::Memo(Memo::from(*memo)),
        Source::Deleted(record) => SourceMemo::DeletedMemo(DeletedMemo(*record)),
    }))
}
