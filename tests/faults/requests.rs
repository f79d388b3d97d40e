//! Requests of people who try again after errors, and what they remember of the answers.

use crate::{
    chance::Chance,
    ledger::{Memo, Step},
    people::Answer,
    site::Site,
};
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const CREATE: &str = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { \
    memo { id } userErrors { code } } }";
pub(crate) const SEND: &str = "mutation ($input: SendMemoInput!) { sendMemo(input: $input) { memo \
    { id } userErrors { code } } }";
pub(crate) const REVIEW: &str = "mutation ($input: ReviewMemoInput!) { reviewMemo(input: $input) { \
    memo { id } userErrors { code } } }";
pub(crate) const ATTACH: &str = "mutation ($input: AttachFilesInput!) { attachFiles(input: $input) \
    { files { id } userErrors { code } } }";
pub(crate) const COMMENT: &str = "mutation ($input: AddCommentInput!) { addComment(input: $input) \
    { comment { id } userErrors { code } } }";
const PREVIEW: &str =
    "query ($input: ID!) { memoDeletionPreview(memoId: $input) { verdict confirmationToken } }";
const DELETE: &str = "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) {
    deletedMemoId replayed receipt { id } userErrors { code } } }";
const RESTORE: &str = "mutation ($input: RestoreMemoInput!) { restoreMemo(input: $input) {
    memo { id } missing { kind } userErrors { code } } }";

/// How often a person tries again.
const ATTEMPTS: usize = 5;

/// An operation of a person.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    person: usize,
    document: &'a str,
    input: Value,
    field: &'a str,
    /// Whether a repeated request cannot make the change twice.
    repeatable: bool,
}

impl<'a> Request<'a> {
    /// A request that creates something.
    pub(crate) fn new(person: usize, document: &'a str, input: Value, field: &'a str) -> Self {
        Self { person, document, input, field, repeatable: false }
    }

    /// A request that may be repeated.
    pub(crate) fn on(person: usize, document: &'a str, input: Value, field: &'a str) -> Self {
        Self { repeatable: true, ..Self::new(person, document, input, field) }
    }
}

/// The final outcome.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Settled {
    Done(Value),
    Refused(Vec<String>),
    NotDone,
    Doubtful,
}

/// Sends the request again until there is an answer, as long as repeating is safe. It is always
/// safe if the server says that nothing was done; the checks compare this with what is stored.
pub(crate) async fn settle(
    site: &Site,
    chance: &mut Chance,
    request: &Request<'_>,
    server: Option<usize>,
    patient: bool,
) -> Settled {
    let mut doubtful = false;
    for _ in 0..ATTEMPTS {
        let server = server.unwrap_or_else(|| chance.below(site.servers.len()));
        let variables = json!({ "input": request.input });
        match site.ask((request.person, server), request.document, variables, request.field).await {
            Answer::Done(value) => return Settled::Done(value),
            Answer::Refused(_) if doubtful => return Settled::Doubtful,
            Answer::Refused(codes) => return Settled::Refused(codes),
            Answer::NotDone(_) => {}
            Answer::Unknown(_) if request.repeatable => doubtful = true,
            Answer::Unknown(_) | Answer::Strange(_) => return Settled::Doubtful,
        }
        if !patient {
            break;
        }
        tokio::time::sleep(chance.millis(50, 250)).await;
    }
    if doubtful { Settled::Doubtful } else { Settled::NotDone }
}

/// Changes a memo, and remembers the change. `remember` receives the answer, or nothing if it was
/// lost.
pub(crate) async fn change(
    site: &Site,
    chance: &mut Chance,
    number: usize,
    (request, kind): (&Request<'_>, &'static str),
    remember: impl FnOnce(&mut Memo, Option<&Value>),
) {
    let patient = chance.one_in(2);
    let settled = settle(site, chance, request, None, patient).await;
    note(site, number, (request.field, kind), &settled, remember);
}

fn note(
    site: &Site,
    number: usize,
    (field, kind): (&str, &'static str),
    settled: &Settled,
    remember: impl FnOnce(&mut Memo, Option<&Value>),
) {
    match settled {
        Settled::Done(value) => {
            site.ledger.acknowledged();
            site.ledger.change(number, |memo| {
                memo.steps.push(Step { kind, sure: true });
                remember(memo, Some(value));
            });
        }
        Settled::Doubtful => site.ledger.change(number, |memo| {
            memo.steps.push(Step { kind, sure: false });
            memo.doubtful = true;
            remember(memo, None);
        }),
        Settled::NotDone => {}
        Settled::Refused(codes) => {
            let memo = site.ledger.memo(number).map(|memo| memo.name).unwrap_or_default();
            site.ledger.violated(format!("{field} of {memo:?} was refused: {codes:?}"));
        }
    }
}

/// Deletes a memo after a preview. Some people send the deletion twice at the same time.
pub(crate) async fn delete(
    site: &Site,
    chance: &mut Chance,
    (number, id): (usize, &str),
    person: usize,
) {
    let preview = Request::on(person, PREVIEW, json!(id), "memoDeletionPreview");
    let preview = match settle(site, chance, &preview, None, true).await {
        Settled::Done(preview) if preview["confirmationToken"].is_string() => preview,
        Settled::Done(preview) => {
            site.ledger
                .violated(format!("{id}, which was acknowledged, has the preview {preview}"));
            return;
        }
        _ => return,
    };
    let input = json!({ "memoId": id, "confirmationToken": preview["confirmationToken"] });
    let request = Request::on(person, DELETE, input, "deleteMemo");
    let settled = if chance.one_in(3) {
        let mut other = chance.clone();
        other.one_in(2);
        let both = tokio::join!(
            settle(site, chance, &request, Some(0), true),
            settle(site, &mut other, &request, Some(site.servers.len() - 1), true),
        );
        merged(site, id, both)
    } else {
        settle(site, chance, &request, None, true).await
    };
    let has_files = site.ledger.memo(number).is_some_and(|memo| !memo.files.is_empty());
    if has_files && is_stale(&settled) {
        // Somebody has stored the content of one of its files meanwhile, so that the deletion
        // would free fewer bytes than the preview said.
        return;
    }
    note(site, number, ("deleteMemo", "DELETED"), &settled, |memo, done| {
        memo.deleted = true;
        memo.record = done
            .and_then(|done| done["receipt"]["id"].as_str())
            .map(|record| (record.to_owned(), person));
    });
}

/// Whether a deletion was refused because it would not be what was previewed.
fn is_stale(settled: &Settled) -> bool {
    let Settled::Refused(codes) = settled else { return false };
    *codes == ["CONFIRMATION_STALE"]
}

/// The outcome of a deletion that was requested twice.
fn merged(site: &Site, id: &str, both: (Settled, Settled)) -> Settled {
    match both {
        (Settled::Done(one), Settled::Done(other)) => {
            if one["replayed"] == false && other["replayed"] == false {
                site.ledger.violated(format!("{id} was deleted twice: {one} and {other}"));
            }
            Settled::Done(one)
        }
        (Settled::Done(one), _) | (_, Settled::Done(one)) => Settled::Done(one),
        (Settled::Doubtful, _) | (_, Settled::Doubtful) => Settled::Doubtful,
        (Settled::NotDone, _) | (_, Settled::NotDone) => Settled::NotDone,
        (refused, _) => refused,
    }
}

/// Restores a memo with all its belongings.
pub(crate) async fn restore(site: &Site, chance: &mut Chance, number: usize, memo: &Memo) {
    let Some((record, person)) = &memo.record else { return };
    let request = Request::on(*person, RESTORE, json!({ "deletionId": record }), "restoreMemo");
    let settled = settle(site, chance, &request, None, true).await;
    if let Settled::Done(payload) = &settled
        && payload["missing"].as_array().is_none_or(|missing| !missing.is_empty())
    {
        site.ledger.violated(format!("{:?} was not restored completely: {payload}", memo.name));
    }
    note(site, number, ("restoreMemo", "RESTORED"), &settled, |memo, done| {
        memo.deleted = done.is_none();
    });
    // After a restore, the person looks at the memo for a moment.
    tokio::time::sleep(Duration::from_millis(5)).await;
}
