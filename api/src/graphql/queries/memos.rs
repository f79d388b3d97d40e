//! `memos`

use crate::graphql::{
    connection::{COST_OF_COUNT, PageArguments, Scope, connection_with, weight},
    date::Date,
    enums::{MemoBox, MemoOrderField, MemoStage, OrderDirection},
    error::{ApiError, ApiResult},
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{
        DealById, FilesOf, ProjectById, RemindersOf, ResolutionById, SubscribedTo, SubscribersOf,
        TagsOf, TaskById, Unread, UserById, loaders, services,
    },
    objects::Memo,
};
use async_graphql::{Context, ID, InputObject, Lookahead, Object, connection::Connection};
use chrono::{DateTime, Utc};
use entity::memo;
use service::memos::{self, SearchText};
use uuid::Uuid;

#[derive(Default)]
pub struct MemosQuery;

/// Which memos of a box. Conditions add up; one that is left out or null does not count.
#[derive(InputObject, Debug, Default)]
pub struct MemoFilter {
    /// In one of these stages.
    stages: Option<Vec<MemoStage>>,
    /// Of that author.
    author_id: Option<ID>,
    /// To that recipient.
    recipient_id: Option<ID>,
    /// Whose author, recipient or subscriber is that person.
    person_id: Option<ID>,
    /// With that tag.
    tag_id: Option<ID>,
    /// About that deal.
    deal_id: Option<ID>,
    /// Written at or after that moment.
    created_from: Option<DateTime<Utc>>,
    /// Written before that moment.
    created_before: Option<DateTime<Utc>>,
    /// Sent at or after that moment.
    sent_from: Option<DateTime<Utc>>,
    /// Sent before that moment.
    sent_before: Option<DateTime<Utc>>,
    /// To be looked at on that day or later.
    review_from: Option<Date>,
    /// To be looked at on that day or earlier.
    review_until: Option<Date>,
    /// Whether the recipient has made a task of it.
    has_task: Option<bool>,
    /// Whether the recipient has made a project of it.
    has_project: Option<bool>,
    /// Whether files are attached to it.
    has_files: Option<bool>,
    /// Whether the day to look at it has passed (in UTC) and it is not reviewed.
    overdue: Option<bool>,
    /// Whether the viewer has not read it, or something new in it.
    unread: Option<bool>,
    /// Words to search in name, description and, for author and recipient, conclusion: at most 10,
    /// in 200 characters. Each is the beginning of a word; in double quotes, words stand in this
    /// order. Capitals and accents do not matter.
    text: Option<String>,
}

/// How a list of memos is sorted. Equal memos are sorted by their age.
#[derive(InputObject, Debug, Clone, Copy)]
pub struct MemoOrder {
    /// By what.
    field: MemoOrderField,
    /// In which direction.
    direction: OrderDirection,
}

pub struct MemoConnectionFields {
    memo_box: memos::MemoBox,
    filter: memos::MemoFilter,
}

/// What a list of memos says beside its page.
#[Object]
impl MemoConnectionFields {
    /// How many memos the list has in all.
    #[graphql(complexity = "COST_OF_COUNT")]
    async fn total_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        Ok(memos::count(services(ctx)?, viewer(ctx)?, self.memo_box, &self.filter).await?)
    }
}

#[Object]
impl MemosQuery {
    /// Memos of one of the viewer's boxes, the latest first unless told otherwise.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + cost_of_text(&filter) + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "box", desc = "Which box.", default_with = "MemoBox::Inbox")]
        memo_box: MemoBox,
        #[graphql(desc = "Which memos of the box; all if left out.")] filter: Option<MemoFilter>,
        #[graphql(desc = "How they are sorted; by RELEVANCE where a text is searched, else by \
                CREATED_AT, DESC, if left out.")]
        order_by: Option<MemoOrder>,
        #[graphql(desc = "How many of the first, 1–100; 20 if nothing is said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many of the last, 1–100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Memo, MemoConnectionFields>> {
        let filter = filter.unwrap_or_default().into_service()?;
        let order = order(order_by, filter.text.is_some())?;
        let memo_box = memo_box.into();
        let scope = Scope::new("memos", (memo_box, &filter, order));
        let request = PageArguments { first, after, last, before }
            .request_by(&scope, |key: &memos::MemoKey| order.field.fits(key))?;
        let page =
            memos::list(services(ctx)?, viewer(ctx)?, memo_box, &filter, order, &request).await?;
        let rows: Vec<&memo::Model> = page.rows.iter().map(|row| &row.memo).collect();
        prefetch(ctx, &rows).await?;
        let fields = MemoConnectionFields { memo_box, filter };
        Ok(connection_with(page, &scope, fields, |row| order.field.key(row), |row| Memo(row.memo)))
    }
}

/// What searching a text costs, in simple fields.
fn cost_of_text(filter: &Option<MemoFilter>) -> usize {
    if filter.as_ref().is_some_and(|filter| filter.text.is_some()) { 1_000 } else { 0 }
}

/// How the list is sorted.
fn order(order: Option<MemoOrder>, is_search: bool) -> ApiResult<memos::MemoOrder> {
    use memos::MemoOrderField::Relevance;
    Ok(match order {
        None if is_search => memos::MemoOrder { field: Relevance, descending: true },
        None => memos::MemoOrder::default(),
        Some(MemoOrder { field: MemoOrderField::Relevance, .. }) if !is_search => {
            return Err(ApiError::bad_input(
                "orderBy.field",
                "orderBy is RELEVANCE, and no text is searched: give one in the filter, or another \
                 order.",
            ));
        }
        Some(MemoOrder { field, direction }) => {
            memos::MemoOrder { field: field.into(), descending: direction == OrderDirection::Desc }
        }
    })
}

impl MemoFilter {
    fn into_service(self) -> ApiResult<memos::MemoFilter> {
        let id = |kind: Kind, name: &str, id: Option<ID>| {
            kind.parse_optional(&format!("filter.{name}"), id.as_ref())
        };
        let moment = |name: &str, moment: Option<DateTime<Utc>>| match moment {
            Some(moment) if !memos::is_searchable(moment) => Err(ApiError::bad_input(
                format!("filter.{name}"),
                format!("{name} is {moment:?}: give a moment of the years 1 to 9999."),
            )),
            _ => Ok(moment),
        };
        let text = self.text.as_deref().map(SearchText::parse);
        Ok(memos::MemoFilter {
            stages: self.stages.map(|stages| stages.into_iter().map(Into::into).collect()),
            author_id: id(Kind::User, "authorId", self.author_id)?,
            recipient_id: id(Kind::User, "recipientId", self.recipient_id)?,
            person_id: id(Kind::User, "personId", self.person_id)?,
            tag_id: id(Kind::Tag, "tagId", self.tag_id)?,
            deal_id: id(Kind::Deal, "dealId", self.deal_id)?,
            created_from: moment("createdFrom", self.created_from)?,
            created_before: moment("createdBefore", self.created_before)?,
            sent_from: moment("sentFrom", self.sent_from)?,
            sent_before: moment("sentBefore", self.sent_before)?,
            review_from: self.review_from.map(|day| day.0),
            review_until: self.review_until.map(|day| day.0),
            has_task: self.has_task,
            has_project: self.has_project,
            has_files: self.has_files,
            overdue: self.overdue,
            unread: self.unread,
            text: text.transpose().map_err(|problem| {
                ApiError::bad_input("filter.text", format!("text {problem}."))
            })?,
        })
    }
}

/// Fetches what the selection asks of every memo, so that the number of statements depends on the
/// selection alone, and not on how the loaders' batches happen to fall.
async fn prefetch(ctx: &Context<'_>, memos: &[&memo::Model]) -> ApiResult<()> {
    let list = ctx.look_ahead();
    let asked = |field: &str| {
        asks(&list.field("nodes"), field) || asks(&list.field("edges").field("node"), field)
    };
    let ids = |of: fn(&memo::Model) -> Option<Uuid>| memos.iter().copied().filter_map(of);
    let loaders = loaders(ctx)?;
    let mut people: Vec<Uuid> = Vec::new();
    if asked("author") {
        people.extend(memos.iter().map(|memo| memo.author_id));
    }
    if asked("recipient") {
        people.extend(memos.iter().map(|memo| memo.recipient_id));
    }
    loaders.prefetch(people.into_iter().map(UserById)).await?;
    if asked("subscribers") {
        loaders.prefetch(memos.iter().map(|memo| SubscribersOf(memo.id))).await?;
    }
    if asked("tags") {
        loaders.prefetch(memos.iter().map(|memo| TagsOf(memo.id))).await?;
    }
    if asked("files") {
        loaders.prefetch(memos.iter().map(|memo| FilesOf(memo.id))).await?;
    }
    if asked("viewerRoles") {
        loaders.prefetch(memos.iter().map(|memo| SubscribedTo(memo.id))).await?;
    }
    if asked("unread") {
        loaders.prefetch(memos.iter().map(|memo| Unread(memo.id))).await?;
    }
    if asked("viewerReminders") {
        loaders.prefetch(memos.iter().map(|memo| RemindersOf(memo.id))).await?;
    }
    if asked("task") {
        loaders.prefetch(ids(|memo| memo.task_id).map(TaskById)).await?;
    }
    if asked("project") {
        loaders.prefetch(ids(|memo| memo.project_id).map(ProjectById)).await?;
    }
    if asked("deal") {
        loaders.prefetch(ids(|memo| memo.deal_id).map(DealById)).await?;
    }
    if asked("resolution") {
        loaders.prefetch(ids(|memo| memo.resolution_id).map(ResolutionById)).await?;
    }
    Ok(())
}

fn asks(node: &Lookahead<'_>, field: &str) -> bool {
    node.field(field).exists()
}
