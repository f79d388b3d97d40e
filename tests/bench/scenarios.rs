//! The requests of each scenario. They are prepared before the measurement.

use crate::{
    Result,
    fill::{Content, FilledMemo},
    options::{Options, Part},
    server,
};
use api::graphql::Kind;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

pub(crate) const INBOX: &str = "query { memos(box: INBOX, first: 20) { nodes { id name stage \
    createdAt author { id fullName } \
    recipient { id fullName } tags { id name } task { id name } viewerCanDelete } pageInfo { \
    hasNextPage endCursor } } }";

pub(crate) const PREVIEW: &str = "query ($id: ID!) { memoDeletionPreview(memoId: $id) { verdict \
    confirmationToken bytesFreed \
    blockers { code } warnings { code count } removed(first: 20) { totalCount nodes { kind label } \
    } \
    kept(first: 20) { totalCount nodes { kind label reason } } } }";

pub(crate) const DELETION: &str = "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) \
    { deletedMemoId replayed \
    userErrors { code message } receipt { id restorableUntil } } }";

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The header of that name.
    pub(crate) authorization: Arc<str>,
    /// JSON.
    pub(crate) body: String,
}

/// Requests of one kind.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// Text that every good answer contains.
    pub(crate) expected: &'static str,
    /// CPU milliseconds per request of the best hand-written server.
    pub(crate) yardstick: Option<f64>,
    /// Sent before the measurement, to open connections, prepare statements and fill caches.
    pub(crate) warm_up: Arc<[Request]>,
    pub(crate) measured: Arc<[Request]>,
}

/// The selected scenarios.
///
/// # Errors
/// A token cannot be created.
pub(crate) fn all(options: &Options, content: &Content) -> Result<Vec<Scenario>> {
    let mut desk = Desk { options, tokens: HashMap::new() };
    let mut scenarios = Vec::new();
    if options.wants(Part::Inbox) {
        let people = content.people.iter().cycle();
        let requests = people.map(|person| (*person, INBOX, Value::Null));
        scenarios.push(desk.scenario(
            "inbox of 20 memos",
            "\"hasNextPage\":true",
            Some(1.30),
            requests,
        )?);
    }
    if options.wants(Part::Preview) {
        let requests = spread(&content.memos).map(|memo| preview(memo.recipient, memo.id));
        scenarios.push(desk.scenario("preview", "\"verdict\":\"", Some(0.55), requests)?);
    }
    if options.wants(Part::Deletion) {
        let deletable: Vec<&FilledMemo> =
            content.memos.iter().filter(|memo| memo.deletable).collect();
        let requests = deletable.into_iter().map(|memo| {
            let input = json!({ "memoId": Kind::Memo.id(memo.id).0, "confirmationToken": null });
            (memo.author, DELETION, json!({ "input": input }))
        });
        scenarios.push(desk.scenario(
            "deletion",
            "\"replayed\":false,\"userErrors\":[]",
            Some(0.86),
            requests,
        )?);
    }
    if options.wants(Part::Discussion) {
        let names = ["preview, 10 comments", "preview, 100,000 comments"];
        for (name, memo) in names.into_iter().zip(&content.discussed) {
            let requests = std::iter::repeat_with(|| preview(memo.author, memo.id));
            scenarios.push(desk.scenario(name, "\"code\":\"HAS_DISCUSSION\"", None, requests)?);
        }
    }
    Ok(scenarios)
}

fn preview(person: Uuid, memo: Uuid) -> (Uuid, &'static str, Value) {
    (person, PREVIEW, json!({ "id": Kind::Memo.id(memo).0 }))
}

/// Repeats the memos in a mixed order, so that neighbours in the database are not requested
/// together.
fn spread(memos: &[FilledMemo]) -> impl Iterator<Item = &FilledMemo> {
    (0_usize..).filter_map(|index| memos.get(index.wrapping_mul(7_919) % memos.len()))
}

struct Desk<'o> {
    options: &'o Options,
    tokens: HashMap<Uuid, Arc<str>>,
}

impl Desk<'_> {
    fn scenario(
        &mut self,
        name: &'static str,
        expected: &'static str,
        yardstick: Option<f64>,
        requests: impl Iterator<Item = (Uuid, &'static str, Value)>,
    ) -> Result<Scenario> {
        // Enough that every connection has prepared every statement.
        let warm_up = (self.options.connections * 10).max(self.options.requests / 10);
        let mut requests: Vec<Request> = requests
            .take(warm_up + self.options.requests)
            .map(|(person, query, variables)| {
                let body = json!({ "query": query, "variables": variables }).to_string();
                Ok(Request { authorization: self.authorization(person)?, body })
            })
            .collect::<Result<_>>()?;
        let measured = requests.split_off(warm_up.min(requests.len() / 2));
        Ok(Scenario {
            name,
            expected,
            yardstick,
            warm_up: requests.into(),
            measured: measured.into(),
        })
    }

    fn authorization(&mut self, person: Uuid) -> Result<Arc<str>> {
        if let Some(token) = self.tokens.get(&person) {
            return Ok(token.clone());
        }
        let token: Arc<str> = format!("Bearer {}", server::token(person)?).into();
        self.tokens.insert(person, token.clone());
        Ok(token)
    }
}
