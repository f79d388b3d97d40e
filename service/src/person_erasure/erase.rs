//! Erases a person as previewed, or returns the reason for a refusal.

use super::{
    effects::{self, Eraser},
    policy::BlockerCode,
    preview::{Preview, assess},
    traces,
};
use crate::{
    Result, Services, Viewer,
    blobs::{self, FileStore},
    database::in_transaction,
    ids,
    memo_deletion::DeletionSettings,
    people,
};
use entity::person_erasure;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use std::time::Duration;
use uuid::Uuid;

/// How long one call waits for the file store, and for SQLite to write its file anew. After that,
/// the purge does the rest.
const PATIENCE: Duration = Duration::from_secs(10);

/// An administrator's request to erase a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonErasure {
    /// The person.
    pub person: Uuid,
    /// The token of the preview that the administrator has seen.
    pub confirmation_token: Option<String>,
    /// The reason, which stays with the record. It is required. [`crate::text`] has checked it
    /// already.
    pub reason: Option<String>,
}

/// The result of a request to erase a person.
#[derive(Debug)]
pub enum Outcome {
    /// The person is erased.
    Erased {
        /// The record of the erasure.
        record: Box<person_erasure::Model>,
        /// Whether the same administrator had erased the person before.
        replayed: bool,
        /// Whether something is left for the purge. Nobody can read it.
        pending: bool,
    },
    /// There is no such person.
    NotFound,
    /// The rules forbid it.
    Denied(Box<Preview>),
    /// The request has no reason.
    ReasonRequired(Box<Preview>),
    /// The request does not confirm a preview.
    ConfirmationRequired(Box<Preview>),
    /// The token confirms something other than what would happen now.
    ConfirmationStale(Box<Preview>),
}

impl Outcome {
    /// The codes of the refusal, as in the API. Empty if the person is erased.
    fn refusal_codes(&self) -> Vec<&'static str> {
        match self {
            Self::Erased { .. } => Vec::new(),
            Self::NotFound => vec!["NOT_FOUND"],
            Self::Denied(preview) => {
                let codes = preview.blockers.iter().map(|blocker| blocker.code);
                codes.map(BlockerCode::as_str).collect()
            }
            Self::ReasonRequired(_) => vec!["REASON_REQUIRED"],
            Self::ConfirmationRequired(_) => vec!["CONFIRMATION_REQUIRED"],
            Self::ConfirmationStale(_) => vec!["CONFIRMATION_STALE"],
        }
    }
}

/// Erases a person as previewed. A refusal changes nothing. The caller has checked that the viewer
/// is an administrator.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn erase(
    services: &Services,
    store: &FileStore,
    settings: &DeletionSettings,
    viewer: Viewer,
    erasure: &PersonErasure,
) -> Result<Outcome> {
    let (mut outcome, locations) =
        in_transaction(&services.database, async |transaction| -> Result<_> {
            erase_in(services, settings, transaction, viewer, erasure).await
        })
        .await?;
    if let Outcome::Erased { pending, .. } = &mut outcome {
        *pending |= !finish(services, store, &locations).await.unwrap_or_else(|error| {
            tracing::warn!(
                person = %ids::user(erasure.person),
                %error,
                "a rest of an erased person is left; the purge erases it"
            );
            false
        });
    }
    log(viewer, erasure.person, &outcome);
    Ok(outcome)
}

async fn erase_in(
    services: &Services,
    settings: &DeletionSettings,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    erasure: &PersonErasure,
) -> Result<(Outcome, Vec<String>)> {
    let refused = |outcome| Ok((outcome, Vec::new()));
    let Some(person) = people::lock(transaction, erasure.person).await? else {
        return refused(Outcome::NotFound);
    };
    if person.erased_at.is_some() {
        let record = person_erasure::Entity::find()
            .filter(person_erasure::Column::PersonId.eq(person.id))
            .filter(person_erasure::Column::ErasedBy.eq(viewer.id))
            .one(transaction)
            .await?;
        if let Some(record) = record.map(Box::new) {
            return Ok((Outcome::Erased { record, replayed: true, pending: false }, Vec::new()));
        }
    }
    let preview = assess(transaction, settings, viewer, person).await?;
    if !preview.blockers.is_empty() {
        return refused(Outcome::Denied(Box::new(preview)));
    }
    let Some(reason) = erasure.reason.clone() else {
        return refused(Outcome::ReasonRequired(Box::new(preview)));
    };
    match erasure.confirmation_token.as_deref() {
        None => return refused(Outcome::ConfirmationRequired(Box::new(preview))),
        Some(token) if token != preview.token => {
            return refused(Outcome::ConfirmationStale(Box::new(preview)));
        }
        Some(_) => {}
    }
    let eraser = Eraser { administrator: Some(viewer.id), reason: Some(reason) };
    let Preview { person, counts, .. } = preview;
    let now = services.now();
    let erased = effects::erase(services, transaction, person, &counts, now, eraser).await?;
    let (record, pending) = (Box::new(erased.record), erased.has_more);
    Ok((Outcome::Erased { record, replayed: false, pending }, erased.locations))
}

/// Removes bytes and traces that the transaction has left. Returns whether nothing is left.
async fn finish(services: &Services, store: &FileStore, locations: &[String]) -> Result<bool> {
    let removing = async {
        if !locations.is_empty() {
            blobs::remove(services, store, locations).await?;
        }
        traces::remove(services).await
    };
    tokio::time::timeout(PATIENCE, removing).await.unwrap_or(Ok(false))
}

fn log(viewer: Viewer, person: Uuid, outcome: &Outcome) {
    match outcome {
        Outcome::Erased { record, replayed, pending } => {
            tracing::info!(
                person = %ids::user(person),
                administrator = %ids::user(viewer.id),
                record = %ids::person_erasure(record.id),
                replayed,
                pending,
                "person erased"
            );
        }
        refused => {
            tracing::info!(
                person = %ids::user(person),
                administrator = %ids::user(viewer.id),
                codes = refused.refusal_codes().join(" "),
                "erasure of a person refused"
            );
        }
    }
}
