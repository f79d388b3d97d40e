//! `memos`

use crate::graphql::{
    at_hand::{Resolved, at_hand},
    connection::{AtHandPage, COST_OF_COUNT, PageArguments, Scope, connection_with, weight},
    date::Date,
    enums::{MemoBox, MemoOrderField, MemoStage, OrderDirection},
    error::{ApiError, ApiResult},
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{FilesOf, RemindersOf, loaders, services},
    objects::Memo,
};
use async_graphql::{Context, ID, InputObject, Lookahead, Object, connection::Connection};
use chrono::{DateTime, Utc};
use service::memos::{self, SearchText, WantedLinks};
use uuid::Uuid;

#[derive(Default)]
pub struct MemosQuery;

/// Selects memos of a box. A memo must meet all conditions. A condition that is left out or null is
/// ignored. If a Boolean condition is false, it selects the memos that do not meet it.
#[derive(InputObject, Debug, Default)]
pub struct MemoFilter {
    /// The memo is in one of these stages.
    stages: Option<Vec<MemoStage>>,
    /// The global id of the author.
    author_id: Option<ID>,
    /// The global id of the recipient.
    recipient_id: Option<ID>,
    /// The global id of a person who is author, recipient or subscriber.
    person_id: Option<ID>,
    /// The global id of a tag that the memo has.
    tag_id: Option<ID>,
    /// The global id of the deal that the memo is about.
    deal_id: Option<ID>,
    /// Created at this time or later.
    created_from: Option<DateTime<Utc>>,
    /// Created before this time.
    created_before: Option<DateTime<Utc>>,
    /// Sent at this time or later.
    sent_from: Option<DateTime<Utc>>,
    /// Sent before this time.
    sent_before: Option<DateTime<Utc>>,
    /// The review date is this day or later.
    review_from: Option<Date>,
    /// The review date is this day or earlier.
    review_until: Option<Date>,
    /// Whether the recipient has created a task from it.
    has_task: Option<bool>,
    /// Whether the recipient has created a project from it.
    has_project: Option<bool>,
    /// Whether files are attached to it.
    has_files: Option<bool>,
    /// Whether the review date has passed (in UTC) and it is not reviewed.
    overdue: Option<bool>,
    /// Whether the viewer has not read it, or has not read something new in it.
    unread: Option<bool>,
    /// Words to search for: at most 10 words and 200 characters. They are searched in name and
    /// description, and for author and recipient also in the conclusion. Each of them must be the
    /// beginning of a word there. Words in double quotes must appear in this order. Case and
    /// accents are ignored.
    text: Option<String>,
}

/// The order of a list of memos. Memos with equal values are sorted by age.
#[derive(InputObject, Debug, Clone, Copy)]
pub struct MemoOrder {
    /// The value to sort by.
    field: MemoOrderField,
    /// The direction of the order.
    direction: OrderDirection,
}

pub struct MemoConnectionFields {
    memo_box: memos::MemoBox,
    filter: memos::MemoFilter,
}

/// The additional fields of a connection of memos.
#[Object]
impl MemoConnectionFields {
    /// The number of memos in the whole list.
    #[graphql(complexity = "COST_OF_COUNT")]
    async fn total_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        Ok(memos::count(services(ctx)?, viewer(ctx)?, self.memo_box, &self.filter).await?)
    }
}

#[Object]
impl MemosQuery {
    /// The memos of one of the viewer's boxes. By default, the latest come first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + cost_of_text(&filter) + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "box", desc = "The box.", default_with = "MemoBox::Inbox")]
        memo_box: MemoBox,
        #[graphql(desc = "Conditions for the memos; all memos of the box if left out.")]
        filter: Option<MemoFilter>,
        #[graphql(
            desc = "The order. By default RELEVANCE if `filter.text` is given, else CREATED_AT;\n\
                both with DESC."
        )]
        order_by: Option<MemoOrder>,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Resolved<Connection<String, Memo, MemoConnectionFields>>> {
        let filter = filter.unwrap_or_default().into_service()?;
        let order = order(order_by, filter.text.is_some())?;
        let memo_box = memo_box.into();
        let scope = Scope::new("memos", (memo_box, &filter, order));
        let request = PageArguments { first, after, last, before }
            .request_by(&scope, |key: &memos::MemoKey| order.field.fits(key))?;
        let links = wanted_links(ctx);
        let page =
            memos::list(services(ctx)?, viewer(ctx)?, memo_box, &filter, order, &request, links)
                .await?;
        let field = order.field;
        let page = page.map(|row| {
            let key = field.key(&row.memo, row.rank);
            (Memo::listed(row.memo, row.links), key)
        });
        let page_at_hand = AtHandPage {
            page: &page,
            scope: &scope,
            of: "Memo",
            key: |(_, key)| key.clone(),
            node: |(memo, _)| memo,
        };
        if let Some(written) =
            at_hand(ctx, |ctx, json| page_at_hand.write(ctx, json, |_, _, _| None))
        {
            return Ok(written);
        }
        prefetch(ctx, page.rows.iter().map(|(memo, _)| memo.row().id)).await?;
        let fields = MemoConnectionFields { memo_box, filter };
        let memos = connection_with(page, &scope, fields, |(_, key)| key.clone(), |(memo, _)| memo);
        Ok(Resolved::Itself(memos))
    }
}

/// The cost, in simple fields, of searching a text.
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

/// Whether the selection of a list asks its memos for a field.
fn asks_memos(list: &Lookahead<'_>, field: &str) -> bool {
    asks(&list.field("nodes"), field) || asks(&list.field("edges").field("node"), field)
}

/// What the list reads along, because the selection asks for it.
fn wanted_links(ctx: &Context<'_>) -> WantedLinks {
    let list = ctx.look_ahead();
    let asked = |field: &str| asks_memos(&list, field);
    WantedLinks {
        parties: asked("author") || asked("recipient"),
        subscribers: asked("subscribers"),
        tags: asked("tags"),
        task: asked("task"),
        project: asked("project"),
        deal: asked("deal"),
        resolution: asked("resolution"),
        subscribed: asked("viewerRoles"),
        unread: asked("unread"),
    }
}

/// Fetches what the selection asks of every memo and the list has not read along. So the number of
/// statements depends only on the selection, and not on how the loaders form their batches.
async fn prefetch(ctx: &Context<'_>, memos: impl Iterator<Item = Uuid>) -> ApiResult<()> {
    let (list, loaders) = (ctx.look_ahead(), loaders(ctx)?);
    let memos: Vec<Uuid> = memos.collect();
    if asks_memos(&list, "files") {
        loaders.prefetch(memos.iter().copied().map(FilesOf)).await?;
    }
    if asks_memos(&list, "viewerReminders") {
        loaders.prefetch(memos.iter().copied().map(RemindersOf)).await?;
    }
    Ok(())
}

fn asks(node: &Lookahead<'_>, field: &str) -> bool {
    node.field(field).exists()
}
