//! A memo.

use super::{
    catalogue::{Deal, Resolution, Tag},
    comment::Comment,
    file::File,
    memo_deletion_preview::{MemoDeletionBlocker, MemoDeletionPreview, wanted_lists},
    reminder::Reminder,
    user::{User, user_by_id},
    work::{Project, Task},
};
use crate::{
    at_hand,
    graphql::{
        connection::{ListConnection, PageArguments, Scope, connection, weight},
        counted::Counted,
        enums::{
            DeletionVerdict, MemoDeletionBlockerCode, MemoField, MemoRole, MemoStage,
            MemoUpdateBlockerCode,
        },
        error::{ApiError, ApiResult},
        guard::{Requirement, auth, participant, viewer},
        id::Kind,
        loaders::{
            DealById, FilesOf, LossesOf, ProjectById, RemindersOf, ResolutionById, SubscribedTo,
            SubscribersOf, TagsOf, TaskById, Unread, deletion_settings, loaders, services,
        },
        order::{CommentOrderField, ListOrder},
        scalars::{Date, Moment},
    },
};
use async_graphql::{Context, ID, Object};
use entity::{memo, user};
use service::{
    access::MemoState,
    discussion,
    memo_deletion::{self, policy},
    memos::{self, MemoLinks},
};
use std::sync::Arc;
use uuid::Uuid;

/// The cost of a preview in a list, in simple fields: a page of 20 with previews is allowed, one of
/// 100 is not.
const COST_OF_PREVIEW: usize = 100;

pub struct Memo {
    row: memo::Model,
    /// What a list has read along with it.
    links: Box<MemoLinks>,
}

impl From<memo::Model> for Memo {
    fn from(row: memo::Model) -> Self {
        Self { row, links: Box::default() }
    }
}

/// A short office conclusion that an author sends to a recipient. Its subscribers can read it too.
#[Object]
impl Memo {
    /// The global id. It stays the same through deletion and restore.
    pub async fn id(&self) -> ID {
        Kind::Memo.id(self.row.id)
    }

    /// The title, 1–250 characters.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The author's text; empty if there is none.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// The recipient's conclusion; null if there is none. Only author and recipient can read it.
    #[graphql(guard = "participant(self.row.author_id, \
        self.row.recipient_id)", directive = auth::apply(Requirement::Participant))]
    async fn conclusion(&self) -> Option<&str> {
        self.row.conclusion.as_deref()
    }

    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> ApiResult<User> {
        person(ctx, self.links.author.as_ref(), self.row.author_id).await
    }

    /// The person who gets it. This can be the author, who then has a to-do for themselves.
    async fn recipient(&self, ctx: &Context<'_>) -> ApiResult<User> {
        person(ctx, self.links.recipient.as_ref(), self.row.recipient_id).await
    }

    /// How far the recipient has dealt with it.
    async fn stage(&self) -> MemoStage {
        self.row.stage.into()
    }

    /// Whether it is a draft, which has not been sent. Only its author can see a draft.
    async fn draft(&self) -> bool {
        self.row.draft
    }

    /// The day on which the recipient should look at it (again); null if none is set.
    async fn review_date(&self) -> Option<Date> {
        self.row.review_date.map(Date)
    }

    /// The deal that it is about; null if none is set.
    async fn deal(&self, ctx: &Context<'_>) -> ApiResult<Option<Deal>> {
        if let Some(deal) = &self.links.deal {
            return Ok(deal.clone().map(Deal));
        }
        let Some(id) = self.row.deal_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(DealById(id)).await?.map(Deal::from))
    }

    /// The task that the recipient created from it. Null if there is none or the viewer cannot see
    /// it.
    async fn task(&self, ctx: &Context<'_>) -> ApiResult<Option<Task>> {
        if let Some(task) = &self.links.task {
            return Ok(task.clone().map(Task));
        }
        let Some(id) = self.row.task_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(TaskById(id)).await?.map(Task))
    }

    /// The project that the recipient created from it. Null if there is none or the viewer cannot
    /// see it.
    async fn project(&self, ctx: &Context<'_>) -> ApiResult<Option<Project>> {
        if let Some(project) = &self.links.project {
            return Ok(project.clone().map(Project));
        }
        let Some(id) = self.row.project_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(ProjectById(id)).await?.map(Project))
    }

    /// What its author wants it for, for example "For approval"; null if none is set.
    async fn resolution(&self, ctx: &Context<'_>) -> ApiResult<Option<Resolution>> {
        if let Some(resolution) = &self.links.resolution {
            return Ok(resolution.clone().map(Resolution));
        }
        let Some(id) = self.row.resolution_id else { return Ok(None) };
        Ok(loaders(ctx)?.load(ResolutionById(id)).await?.map(Resolution::from))
    }

    /// Its tags, sorted by name.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn tags(&self, ctx: &Context<'_>) -> ApiResult<Vec<Tag>> {
        if let Some(tags) = &self.links.tags {
            return Ok(tags.iter().cloned().map(Tag).collect());
        }
        let tags = loaders(ctx)?.load(TagsOf(self.row.id)).await?.unwrap_or_default();
        Ok(tags.into_iter().map(Tag::from).collect())
    }

    /// The people who subscribe to it.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn subscribers(&self, ctx: &Context<'_>) -> ApiResult<Vec<User>> {
        if let Some(people) = &self.links.subscribers {
            return Ok(people.iter().cloned().map(User).collect());
        }
        let people = loaders(ctx)?.load(SubscribersOf(self.row.id)).await?.unwrap_or_default();
        Ok(people.into_iter().map(User::from).collect())
    }

    /// Its files, the oldest first.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn files(&self, ctx: &Context<'_>) -> ApiResult<Vec<File>> {
        let files = loaders(ctx)?.load(FilesOf(self.row.id)).await?.unwrap_or_default();
        Ok(files.into_iter().map(File).collect())
    }

    /// The number of comments in its discussion.
    async fn comment_count(&self) -> i64 {
        self.row.comment_count
    }

    /// Its discussion.
    #[graphql(complexity = "5 + weight(first, last) * child_complexity")]
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<CommentOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Comment>> {
        let scope = Scope::new("comments", (self.row.id, order_by));
        let page = PageArguments::of(ctx, first, after, last, before).request(&scope)?;
        let page = order_by.apply(page);
        let comments = discussion::comments(services(ctx)?, self.row.id, &page).await?;
        let counted = Counted::Comments(self.row.comment_count);
        Ok(connection(comments, &scope, counted, |comment| comment.id, Comment))
    }

    /// The viewer's own reminders of it, the earliest first. Dismissed reminders are left out.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn viewer_reminders(&self, ctx: &Context<'_>) -> ApiResult<Vec<Reminder>> {
        let reminders = loaders(ctx)?.load(RemindersOf(self.row.id)).await?.unwrap_or_default();
        Ok(reminders.into_iter().map(Reminder).collect())
    }

    /// When it was sent; null while it is a draft.
    async fn sent_at(&self) -> Option<Moment> {
        self.row.sent_at.map(Moment)
    }

    /// When it was created.
    async fn created_at(&self) -> Moment {
        Moment(self.row.created_at)
    }

    /// When its own fields last changed.
    async fn updated_at(&self) -> Moment {
        Moment(self.row.updated_at)
    }

    /// A number that grows with every change of its own fields. Send it to `updateMemo`, `sendMemo`
    /// and `deleteMemo` as `expectedVersion`.
    async fn version(&self) -> i64 {
        self.row.version
    }

    /// Whether the viewer has not read it, or has not read something new in it.
    async fn unread(&self, ctx: &Context<'_>) -> ApiResult<bool> {
        if let Some(unread) = self.links.unread {
            return Ok(unread);
        }
        Ok(loaders(ctx)?.load(Unread(self.row.id)).await?.unwrap_or_default())
    }

    /// The viewer's roles in the memo.
    async fn viewer_roles(&self, ctx: &Context<'_>) -> ApiResult<Vec<MemoRole>> {
        let viewer = viewer(ctx)?;
        let subscribed = match self.links.subscribed {
            Some(subscribed) => subscribed,
            None => loaders(ctx)?.load(SubscribedTo(self.row.id)).await?.unwrap_or_default(),
        };
        Ok(MemoState::of(&self.row, viewer, subscribed)
            .access()
            .roles()
            .into_iter()
            .map(Into::into)
            .collect())
    }

    /// Whether the viewer may delete it now. Use this to show or hide a button: `deleteMemo` checks
    /// again, and may require a confirmation.
    pub async fn viewer_can_delete(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        Ok(self.blockers(ctx)?.is_empty())
    }

    /// Why the viewer may not delete it; empty if they may.
    pub async fn viewer_cannot_delete_reasons(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<MemoDeletionBlockerCode>, ApiError> {
        Ok(self.blockers(ctx)?.into_iter().map(|blocker| blocker.code.into()).collect())
    }

    /// The verdict of the rules if the viewer deleted it now: use this to draw an icon in a list.
    /// `deletionPreview` says why.
    async fn viewer_deletion_verdict(&self, ctx: &Context<'_>) -> ApiResult<DeletionVerdict> {
        let losses = match self.links.losses {
            Some(losses) => losses,
            None => loaders(ctx)?.load(LossesOf(self.row.id)).await?.unwrap_or_default(),
        };
        Ok(memo_deletion::verdict(&self.row, viewer(ctx)?, losses).into())
    }

    /// What forbids the viewer to delete it; empty if nothing does.
    async fn viewer_deletion_blockers(
        &self,
        ctx: &Context<'_>,
    ) -> ApiResult<Vec<MemoDeletionBlocker>> {
        let blockers = self.blockers(ctx)?;
        if blockers.is_empty() {
            return Ok(Vec::new());
        }
        let recipient = person(ctx, self.links.recipient.as_ref(), self.row.recipient_id).await?;
        let inactive = (!recipient.0.active).then(|| recipient.0.full_name.clone());
        let blocker = |blocker| MemoDeletionBlocker(blocker, inactive.clone());
        Ok(blockers.into_iter().map(blocker).collect())
    }

    /// What would happen if the viewer deleted it now, as from `memoDeletionPreview`. Null if
    /// somebody has just deleted it. Each preview is read on its own, so it is dear in a list;
    /// `memosDeletionPreview` previews several memos as one.
    #[graphql(complexity = "COST_OF_PREVIEW + child_complexity")]
    async fn deletion_preview(&self, ctx: &Context<'_>) -> ApiResult<Option<MemoDeletionPreview>> {
        let lists = wanted_lists(&ctx.look_ahead());
        let (services, settings) = (services(ctx)?, deletion_settings(ctx)?);
        let preview =
            memo_deletion::preview(services, settings, viewer(ctx)?, self.row.id, lists).await?;
        Ok(preview.map(MemoDeletionPreview))
    }

    /// Whether the viewer may change at least one field now. Use this to show or hide a button:
    /// `updateMemo` checks again.
    async fn viewer_can_update(&self, ctx: &Context<'_>) -> ApiResult<bool> {
        Ok(memos::may_update(&MemoState::of(&self.row, viewer(ctx)?, false)).is_ok())
    }

    /// Why the viewer cannot change any field; empty if they can change at least one.
    async fn viewer_cannot_update_reasons(
        &self,
        ctx: &Context<'_>,
    ) -> ApiResult<Vec<MemoUpdateBlockerCode>> {
        let denial = memos::may_update(&MemoState::of(&self.row, viewer(ctx)?, false)).err();
        Ok(denial.into_iter().map(Into::into).collect())
    }

    /// The fields that the viewer may change now. Use this to build a form: `updateMemo` checks
    /// again.
    async fn viewer_updatable_fields(&self, ctx: &Context<'_>) -> ApiResult<Vec<MemoField>> {
        let fields = memos::updatable(&MemoState::of(&self.row, viewer(ctx)?, false));
        Ok(fields.into_iter().map(Into::into).collect())
    }
}

at_hand!(Memo {
    "id" => id,
    "name" => name,
    "description" => description,
    "author" => author,
    "recipient" => recipient,
    "stage" => stage,
    "draft" => draft,
    "reviewDate" => review_date,
    "deal" => deal,
    "task" => task,
    "project" => project,
    "resolution" => resolution,
    "tags" => tags,
    "subscribers" => subscribers,
    "commentCount" => comment_count,
    "sentAt" => sent_at,
    "createdAt" => created_at,
    "updatedAt" => updated_at,
    "version" => version,
    "unread" => unread,
    "viewerRoles" => viewer_roles,
    "viewerCanDelete" => viewer_can_delete,
    "viewerCannotDeleteReasons" => viewer_cannot_delete_reasons,
    "viewerDeletionVerdict" => viewer_deletion_verdict,
    "viewerDeletionBlockers" => viewer_deletion_blockers,
    "viewerCanUpdate" => viewer_can_update,
    "viewerCannotUpdateReasons" => viewer_cannot_update_reasons,
    "viewerUpdatableFields" => viewer_updatable_fields,
});

/// The person, if a list has read them along; otherwise by the id.
async fn person(ctx: &Context<'_>, known: Option<&Arc<user::Model>>, id: Uuid) -> ApiResult<User> {
    match known {
        Some(person) => Ok(User(person.clone())),
        None => user_by_id(ctx, id).await,
    }
}

impl Memo {
    /// A memo of a list, with what the list has read along.
    pub fn listed(row: memo::Model, links: MemoLinks) -> Self {
        Self { row, links: Box::new(links) }
    }

    /// Its row.
    pub fn row(&self) -> &memo::Model {
        &self.row
    }

    fn blockers(&self, ctx: &Context<'_>) -> ApiResult<Vec<policy::Blocker>> {
        Ok(policy::blockers(&MemoState::of(&self.row, viewer(ctx)?, false)))
    }
}
