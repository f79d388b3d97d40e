//! `memos`

use crate::graphql::{
    connection::{PageArguments, weight},
    enums::{MemoBox, MemoOrderField, MemoStage, OrderDirection},
    error::{ApiError, ApiResult},
    guard::{Requirement, auth, signed_in},
    id::Kind,
    objects::{MemoPage, memo_page},
    scalars::{Date, Moment},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memos::{self, SearchText};

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
    created_from: Option<Moment>,
    /// Created before this time.
    created_before: Option<Moment>,
    /// Sent at this time or later.
    sent_from: Option<Moment>,
    /// Sent before this time.
    sent_before: Option<Moment>,
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
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<MemoPage> {
        let filter = filter.unwrap_or_default().into_service()?;
        let order = order(order_by, filter.text.is_some())?;
        let arguments = PageArguments::of(ctx, first, after, last, before);
        memo_page(ctx, memo_box.into(), filter, order, &arguments).await
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
        let moment = |name: &str, moment: Option<Moment>| match moment.map(|moment| moment.0) {
            Some(moment) if !memos::is_searchable(moment) => Err(ApiError::bad_input(
                format!("filter.{name}"),
                format!("{name} is {moment:?}: give a moment of the years 1 to 9999."),
            )),
            moment => Ok(moment),
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
