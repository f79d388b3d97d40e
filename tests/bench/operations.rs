//! The requests of each operation.

use crate::{
    Result,
    http::{Request, Requests},
    office::{Memo, code, person},
    options::Part,
    plan::Plan,
    server,
};
use api::graphql::Kind;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

pub(crate) const INBOX: &str = "query { memos(box: INBOX, first: 20) { nodes { id name stage \
    createdAt author { id fullName } recipient { id fullName } tags { name } \
    subscribers { id fullName } task { id name } } } }";

const PAGE: &str = "query { memos(box: INBOX, first: 100) { nodes { id name description conclusion \
    stage draft reviewDate sentAt createdAt updatedAt version unread viewerRoles viewerCanDelete \
    viewerCannotDeleteReasons viewerCanUpdate viewerUpdatableFields commentCount \
    author { id fullName username } recipient { id fullName username } \
    deal { id name status } task { id name status } project { id name status } \
    resolution { id name } tags { id name } subscribers { id fullName } \
    files { id name size mediaType url } viewerReminders { id dueAt } } \
    pageInfo { hasNextPage endCursor } } }";

const MEMO: &str = "query ($id: ID!) { memo(id: $id) { id name description conclusion stage sentAt \
    reviewDate version unread viewerRoles viewerCanDelete viewerUpdatableFields commentCount \
    author { id fullName } recipient { id fullName } deal { id name } task { id name } \
    project { id name } tags { id name } subscribers { id fullName } files { id name size url } \
    comments(first: 20) { nodes { id body createdAt author { id fullName } } } } }";

const SEARCH: &str = "query ($text: String!) { memos(box: ALL_VISIBLE, first: 20, \
    filter: { text: $text }) { nodes { id name stage } } }";

const SEARCH_COUNT: &str = "query ($text: String!) { memos(box: ALL_VISIBLE, first: 20, \
    filter: { text: $text }) { totalCount nodes { id name stage } } }";

pub(crate) const PREVIEW: &str = "query ($id: ID!) { memoDeletionPreview(memoId: $id) { \
    memo { id name } viewerRoles verdict blockers { code message } warnings { code message } \
    removed(first: 20) { counts { kind count } nodes { kind label } } \
    kept(first: 20) { counts { kind count } nodes { kind label } } } }";

pub(crate) const DELETION: &str = "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) \
    { deletedMemoId userErrors { code message } } }";

const CREATION: &str = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { \
    memo { id name stage createdAt recipient { id fullName } } userErrors { code message } } }";

const COMMENT: &str = "mutation ($input: AddCommentInput!) { addComment(input: $input) { \
    comment { id } userErrors { code message } } }";

const REVIEW: &str = "mutation ($input: ReviewMemoInput!) { reviewMemo(input: $input) { \
    memo { id stage conclusion } userErrors { code message } } }";

/// An operation that is measured beside PostgreSQL alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Inbox,
    Page,
    Memo,
    Search,
    SearchCount,
    Preview,
    Deletion,
    Create,
    Comment,
    Review,
}

impl Operation {
    /// All, in the order in which they run: what changes memos comes last.
    pub(crate) const ALL: [Self; 10] = [
        Self::Inbox,
        Self::Page,
        Self::Memo,
        Self::Search,
        Self::SearchCount,
        Self::Preview,
        Self::Deletion,
        Self::Create,
        Self::Comment,
        Self::Review,
    ];

    /// Its name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox of 20",
            Self::Page => "page of 100, everything",
            Self::Memo => "memo with its discussion",
            Self::Search => "search",
            Self::SearchCount => "search with totalCount",
            Self::Preview => "preview",
            Self::Deletion => "deletion",
            Self::Create => "createMemo",
            Self::Comment => "addComment",
            Self::Review => "reviewMemo",
        }
    }

    /// Its name on the command line.
    pub(crate) fn part(self) -> Part {
        match self {
            Self::Inbox => Part::Inbox,
            Self::Page => Part::Page,
            Self::Memo => Part::Memo,
            Self::Search => Part::Search,
            Self::SearchCount => Part::SearchCount,
            Self::Preview => Part::Preview,
            Self::Deletion => Part::Deletion,
            Self::Create => Part::Create,
            Self::Comment => Part::Comment,
            Self::Review => Part::Review,
        }
    }

    /// Whether it changes the database.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::Deletion | Self::Create | Self::Comment | Self::Review)
    }

    /// Text that every good answer contains.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Inbox => "\"subscribers\"",
            Self::Page => "\"viewerReminders\"",
            Self::Memo => "\"comments\":{",
            Self::Search => "\"nodes\":[{",
            Self::SearchCount => "\"totalCount\":",
            Self::Preview => "\"verdict\":\"",
            Self::Deletion => "\"deletedMemoId\":\"memo_",
            Self::Create => "\"memo\":{",
            Self::Comment => "\"comment\":{",
            Self::Review => "\"stage\":\"REVIEWED\"",
        }
    }

    /// A question about one memo, by somebody who may see it. `Inbox` asks for the page of its
    /// recipient.
    pub(crate) fn question_about(self, memo: &Memo) -> (i64, &'static str, Value) {
        let id = || json!({ "id": Kind::Memo.id(memo.id).0 });
        let text = || json!({ "text": code(memo.number) });
        match self {
            Self::Memo => (memo.recipient, MEMO, id()),
            Self::Search => (memo.recipient, SEARCH, text()),
            Self::SearchCount => (memo.recipient, SEARCH_COUNT, text()),
            Self::Preview => (memo.deleter(), PREVIEW, id()),
            _ => (memo.recipient, INBOX, Value::Null),
        }
    }

    /// The person, the document and the variables of each number.
    fn question(self, plan: &Plan, number: usize) -> Option<(i64, &'static str, Value)> {
        Some(match self {
            Self::Inbox => (plan.viewer(number), INBOX, Value::Null),
            Self::Page => (plan.viewer(number), PAGE, Value::Null),
            Self::Memo | Self::Search | Self::SearchCount | Self::Preview => {
                return Some(self.question_about(&plan.sent(number)));
            }
            Self::Deletion => {
                let one = plan.confirmed.get(number)?;
                let input = json!({
                    "memoId": Kind::Memo.id(one.memo.id).0, "confirmationToken": one.token,
                });
                (one.memo.deleter(), DELETION, json!({ "input": input }))
            }
            Self::Create => {
                let new = plan.new_memo(number);
                let ids = |kind: Kind, ids: &[Uuid]| -> Vec<String> {
                    ids.iter().map(|id| kind.id(*id).0).collect()
                };
                let input = json!({
                    "name": new.name, "description": new.description, "draft": false,
                    "recipientId": Kind::User.id(new.recipient).0,
                    "subscriberIds": ids(Kind::User, &new.subscribers),
                    "tagIds": ids(Kind::Tag, &new.tags),
                });
                (plan.viewer(number), CREATION, json!({ "input": input }))
            }
            Self::Comment => {
                let memo = plan.sent(number);
                let input = json!({
                    "memoId": Kind::Memo.id(memo.id).0, "body": Plan::comment(number),
                });
                (memo.recipient, COMMENT, json!({ "input": input }))
            }
            Self::Review => {
                let memo = plan.reviewed(number)?;
                let input = json!({
                    "memoId": Kind::Memo.id(memo.id).0, "conclusion": "Done as discussed.",
                });
                (memo.recipient, REVIEW, json!({ "input": input }))
            }
        })
    }

    /// The request of each number.
    pub(crate) fn requests(self, plan: &Arc<Plan>, tokens: &Tokens) -> Requests {
        let (plan, tokens) = (plan.clone(), tokens.clone());
        Arc::new(move |number| Some(tokens.request(self.question(&plan, number)?)))
    }
}

/// The header `Authorization` of everybody. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Tokens(Arc<[Arc<str>]>);

impl Tokens {
    /// Signs the tokens of so many people.
    ///
    /// # Errors
    /// A token cannot be signed.
    pub(crate) fn sign(people: i64) -> Result<Self> {
        Self::sign_with(people, server::token)
    }

    /// The same tokens in every run.
    ///
    /// # Errors
    /// A token cannot be signed.
    pub(crate) fn counted(people: i64) -> Result<Self> {
        Self::sign_with(people, server::counted_token)
    }

    fn sign_with(people: i64, sign: fn(Uuid) -> Result<String>) -> Result<Self> {
        let sign =
            |number| -> Result<Arc<str>> { Ok(format!("Bearer {}", sign(person(number))?).into()) };
        Ok(Self((0..people).map(sign).collect::<Result<_>>()?))
    }

    /// A person's request with a document and its variables.
    pub(crate) fn request(&self, (person, document, variables): (i64, &str, Value)) -> Request {
        let body = json!({ "query": document, "variables": variables }).to_string();
        Request { authorization: self.of(person), body }
    }

    /// That of one person.
    pub(crate) fn of(&self, person: i64) -> Arc<str> {
        let person = usize::try_from(person).unwrap_or_default();
        self.0.get(person).cloned().unwrap_or_default()
    }
}
