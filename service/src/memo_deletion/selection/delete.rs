//! Deletes several memos as one, or returns the reason for a refusal.

use super::{
    effects,
    policy::{self, Confirmation, MemberState, Ruling},
    preview::{self, Member, SelectionPreview, without_repetitions},
};
use crate::{
    Error, Result, Services, Viewer,
    database::in_transaction,
    ids,
    memo_deletion::{
        DeletionSettings, Outcome,
        decision::Preview,
        delete::{find_own_deletions, log},
        effects::{DeletionContext, record},
        facts::Lists,
        refusals,
    },
};
use entity::memo_deletion;
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// A person's request to delete several memos as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectionDeletion {
    /// The memos. A repeated one is deleted once.
    pub memo_ids: Vec<Uuid>,
    /// Whether nothing is deleted if one of the memos cannot be deleted.
    pub atomic: bool,
    /// The token of the preview that the person has seen.
    pub confirmation_token: Option<String>,
    /// The reason that the person gives. [`crate::text`] has checked it already.
    pub reason: Option<String>,
}

/// The result of a request to delete several memos as one.
#[derive(Debug)]
pub enum SelectionOutcome {
    /// The result of each memo, in the order of the request. A repeated memo is replayed.
    Deleted(Vec<Outcome>),
    /// Nothing is deleted, because some of the memos cannot be deleted. Those that the person has
    /// deleted before are no reason.
    Denied {
        /// What would happen now.
        preview: Box<SelectionPreview>,
        /// The memos that do not exist for this person.
        not_found: HashSet<Uuid>,
    },
    /// There are warnings, and the request does not confirm them.
    ConfirmationRequired(Box<SelectionPreview>),
    /// The token confirms something other than what would happen now.
    ConfirmationStale(Box<SelectionPreview>),
}

/// A memo that is refused, or because of which a selection is refused.
#[derive(Debug, Clone)]
pub struct Refused<'a> {
    /// The memo.
    pub memo_id: Uuid,
    /// What would happen to it. `None` if it does not exist for this person.
    pub preview: Option<&'a Preview>,
    /// The codes of the refusal, as in the API.
    pub codes: Vec<&'static str>,
}

/// Deletes the memos as previewed, all in one transaction. Unless the request is `atomic`, memos
/// that cannot be deleted are refused one by one. A refusal changes nothing but the log of refused
/// attempts.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn delete(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    deletion: &SelectionDeletion,
) -> Result<SelectionOutcome> {
    let outcome = in_transaction(&services.database, async |transaction| -> Result<_> {
        delete_in(services, settings, transaction, viewer, deletion).await
    })
    .await?;
    match &outcome {
        SelectionOutcome::Deleted(outcomes) => {
            for (memo_id, outcome) in deletion.memo_ids.iter().zip(outcomes) {
                log(viewer, *memo_id, outcome);
            }
        }
        refused => {
            tracing::info!(
                memos = deletion.memo_ids.len(),
                atomic = deletion.atomic,
                person = %ids::user(viewer.id),
                codes = Vec::from_iter(refused.refusal_codes()).join(" "),
                "deletion of a selection refused"
            );
        }
    }
    Ok(outcome)
}

async fn delete_in(
    services: &Services,
    settings: &DeletionSettings,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    deletion: &SelectionDeletion,
) -> Result<SelectionOutcome> {
    let now = services.now();
    let memo_ids = without_repetitions(&deletion.memo_ids);
    effects::lock(transaction, &memo_ids).await?;
    let lists = Lists::default();
    let preview =
        preview::read(transaction, services, settings, viewer, &memo_ids, now, lists).await?;
    let deleted = deletions_of_missing(transaction, viewer, &preview).await?;
    let states: Vec<MemberState> = preview
        .members
        .iter()
        .map(|member| match member.verdict() {
            Some(verdict) => MemberState::Decided(verdict),
            None if deleted.contains_key(&member.memo_id) => MemberState::Deleted,
            None => MemberState::NotFound,
        })
        .collect();
    let confirmation = match deletion.confirmation_token.as_deref() {
        None => Confirmation::Missing,
        Some(token) if token == preview.token => Confirmation::Current,
        Some(_) => Confirmation::Stale,
    };
    let outcome = match policy::rule(&states, deletion.atomic, confirmation) {
        Ruling::Delete => {
            let records =
                delete_all(services, settings, transaction, viewer, deletion, &preview).await?;
            log_attempts(services, transaction, viewer, denied(&preview)).await?;
            let results = results(&deletion.memo_ids, preview, &records, &deleted);
            return Ok(SelectionOutcome::Deleted(results));
        }
        Ruling::Refuse => {
            let missing = preview.members.iter().zip(states);
            let missing = missing.filter(|(_, state)| *state == MemberState::NotFound);
            let not_found = missing.map(|(member, _)| member.memo_id).collect();
            SelectionOutcome::Denied { preview: Box::new(preview), not_found }
        }
        Ruling::RequireConfirmation => SelectionOutcome::ConfirmationRequired(Box::new(preview)),
        Ruling::RefuseConfirmation => SelectionOutcome::ConfirmationStale(Box::new(preview)),
    };
    log_attempts(services, transaction, viewer, outcome.refused()).await?;
    Ok(outcome)
}

/// Logs refused attempts. Administrators read this log, and a draft does not exist for them.
async fn log_attempts(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    refused: Vec<Refused<'_>>,
) -> Result<()> {
    let is_logged = |refused: &Refused<'_>| refused.preview.is_some_and(|seen| !seen.memo.draft);
    let attempts = refused.into_iter().filter(is_logged);
    let attempts: Vec<_> = attempts.map(|refused| (refused.memo_id, refused.codes)).collect();
    refusals::record_all(services, transaction, viewer, &attempts).await
}

/// This person's deletions of the memos that do not exist for them, unless these have been restored
/// since.
async fn deletions_of_missing(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    preview: &SelectionPreview,
) -> Result<HashMap<Uuid, memo_deletion::Model>> {
    let members = preview.members.iter().filter(|member| member.preview.is_none());
    let missing: Vec<Uuid> = members.map(|member| member.memo_id).collect();
    if missing.is_empty() {
        return Ok(HashMap::new());
    }
    let records = find_own_deletions(transaction, viewer, &missing).await?;
    Ok(records.into_iter().map(|record| (record.memo_id, record)).collect())
}

/// Deletes all memos that can be deleted. Returns their records.
async fn delete_all(
    services: &Services,
    settings: &DeletionSettings,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    deletion: &SelectionDeletion,
    preview: &SelectionPreview,
) -> Result<HashMap<Uuid, memo_deletion::Model>> {
    let now = services.now();
    let mut deletions = Vec::new();
    for member in preview.going() {
        let context = DeletionContext::new(services, settings, now, deletion.reason.clone());
        let record = record(viewer, member, &context)?;
        deletions.push((record, context));
    }
    if deletions.is_empty() {
        return Ok(HashMap::new());
    }
    let moved = effects::delete(transaction, viewer, &deletions).await?;
    if moved != deletions.len() {
        return Err(Error::Inconsistent(format!(
            "{moved} memos of {} moved while they were locked",
            deletions.len()
        )));
    }
    Ok(deletions.into_iter().map(|(record, _)| (record.memo_id, record)).collect())
}

/// The result of each memo, in the order of the request.
fn results(
    memo_ids: &[Uuid],
    preview: SelectionPreview,
    records: &HashMap<Uuid, memo_deletion::Model>,
    deleted: &HashMap<Uuid, memo_deletion::Model>,
) -> Vec<Outcome> {
    let members = preview.members.into_iter();
    let previews: HashMap<Uuid, Preview> =
        members.filter_map(|Member { memo_id, preview }| Some((memo_id, preview?))).collect();
    let mut seen = HashSet::new();
    let result = |memo_id: &Uuid| {
        let is_repeated = !seen.insert(*memo_id);
        let (new, old) = (records.get(memo_id), deleted.get(memo_id));
        if let Some(record) = new.or(old) {
            let replayed = new.is_none() || is_repeated;
            return Outcome::Deleted { record: Box::new(record.clone()), replayed };
        }
        match previews.get(memo_id) {
            Some(preview) => Outcome::Denied(Box::new(preview.clone())),
            None => Outcome::NotFound,
        }
    };
    memo_ids.iter().map(result).collect()
}

/// The memos that are denied, each with the codes of its blockers.
fn denied(preview: &SelectionPreview) -> Vec<Refused<'_>> {
    let members = preview.members.iter();
    let denied = members.filter_map(|Member { memo_id, preview }| {
        let preview = preview.as_ref()?;
        let codes = preview.decision.blocker_codes();
        let is_denied = !codes.is_empty();
        is_denied.then_some(Refused { memo_id: *memo_id, preview: Some(preview), codes })
    });
    denied.collect()
}

/// The memos that could be deleted, each with this code.
fn unconfirmed<'a>(preview: &'a SelectionPreview, code: &'static str) -> Vec<Refused<'a>> {
    let refused = |preview: &'a Preview| Refused {
        memo_id: preview.memo.id,
        preview: Some(preview),
        codes: vec![code],
    };
    preview.going().map(refused).collect()
}

impl SelectionOutcome {
    /// The preview of a refusal.
    pub fn preview(&self) -> Option<&SelectionPreview> {
        match self {
            Self::Deleted(_) => None,
            Self::Denied { preview, .. }
            | Self::ConfirmationRequired(preview)
            | Self::ConfirmationStale(preview) => Some(preview),
        }
    }

    /// The memos because of which nothing was deleted, each with its codes. Empty if the selection
    /// was not refused as a whole.
    pub fn refused(&self) -> Vec<Refused<'_>> {
        match self {
            Self::Deleted(_) => Vec::new(),
            Self::Denied { preview, not_found } => {
                let not_found = not_found.iter().map(|memo_id| Refused {
                    memo_id: *memo_id,
                    preview: None,
                    codes: vec!["NOT_FOUND"],
                });
                denied(preview).into_iter().chain(not_found).collect()
            }
            Self::ConfirmationRequired(preview) => unconfirmed(preview, "CONFIRMATION_REQUIRED"),
            Self::ConfirmationStale(preview) => unconfirmed(preview, "CONFIRMATION_STALE"),
        }
    }

    /// The codes of the refusal as a whole, each once.
    fn refusal_codes(&self) -> BTreeSet<&'static str> {
        self.refused().into_iter().flat_map(|refused| refused.codes).collect()
    }
}
