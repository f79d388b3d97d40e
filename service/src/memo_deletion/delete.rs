//! Deletes a memo, or returns the reason for a refusal.

use super::{
    DeletionSettings,
    decision::{Preview, assess},
    effects::{self, DeletionContext},
    facts::{self, Lists},
    refusals::{self, Attempt},
};
use crate::{
    Error, Result, Services, Viewer,
    database::{in_transaction, of_a_commit, sql::is_one_of},
    ids,
    memos::write::lock_row,
};
use entity::{DeletionVerdict, memo_deletion};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A person's request to delete a memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The memo.
    pub memo_id: Uuid,
    /// What must still be as the person has seen it.
    pub precondition: Precondition,
    /// The reason that the person gives. [`crate::text`] has checked it already.
    pub reason: Option<String>,
}

/// What must still be as the person has seen it. Otherwise, the memo is not deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    None,
    /// Everything in the preview with this token. Only this confirms its warnings.
    Preview(String),
    /// The memo's own fields, which have this version. Comments, files and reminders do not change
    /// it, but those that other people would miss cause a warning.
    Version(i64),
}

/// The result of a request to delete a memo.
#[derive(Debug)]
pub enum Outcome {
    /// The memo is deleted.
    Deleted {
        /// The record of the deletion.
        record: Box<memo_deletion::Model>,
        /// Whether the same person had deleted the memo before. Nothing was changed now.
        replayed: bool,
    },
    /// The memo does not exist for this person.
    NotFound,
    /// The rules forbid it.
    Denied(Box<Preview>),
    /// There are warnings, and the request does not confirm them.
    ConfirmationRequired(Box<Preview>),
    /// The token confirms something other than what would happen now.
    ConfirmationStale(Box<Preview>),
    /// The memo has another version than the request names.
    VersionConflict(Box<Preview>),
}

/// Deletes the memo as previewed. A refusal changes nothing but the log of refused attempts.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn delete(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    deletion: &Deletion,
) -> Result<Outcome> {
    let outcome = match delete_unlocked(services, settings, viewer, deletion).await? {
        Some(outcome) => outcome,
        None => delete_locked(services, settings, viewer, deletion).await?,
    };
    log(viewer, deletion.memo_id, &outcome);
    Ok(outcome)
}

/// Reads and decides without a lock. The writing statement does nothing if the memo has changed in
/// between; the result is `None` then. On SQLite a lock costs no round trip, so it is taken at
/// once.
async fn delete_unlocked(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    deletion: &Deletion,
) -> Result<Option<Outcome>> {
    if services.database.backend() != DbBackend::Postgres {
        return Ok(None);
    }
    match try_to_delete(
        services,
        settings,
        services.database.connection(),
        viewer,
        deletion,
        of_a_commit,
    )
    .await
    {
        Ok(outcome) => {
            services.database.announce_commit();
            Ok(outcome)
        }
        Err(error) if error.is_retryable() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Locks the memo's row first, so that nobody changes it between the decision and the writing. The
/// transaction of SQLite has locked everything already.
async fn delete_locked(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    deletion: &Deletion,
) -> Result<Outcome> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        if services.database.backend() == DbBackend::Postgres {
            lock_row(transaction, viewer, deletion.memo_id).await?;
        }
        try_to_delete(services, settings, transaction, viewer, deletion, |error| error)
            .await?
            .ok_or_else(|| {
                Error::Inconsistent(format!(
                    "memo {} changed while it was locked",
                    ids::memo(deletion.memo_id)
                ))
            })
    })
    .await
}

/// `None` if the memo has changed between the decision and the writing; nothing is written then.
/// `of_writing` classifies an error of the writing statement.
async fn try_to_delete<C: ConnectionTrait>(
    services: &Services,
    settings: &DeletionSettings,
    connection: &C,
    viewer: Viewer,
    deletion: &Deletion,
    of_writing: fn(Error) -> Error,
) -> Result<Option<Outcome>> {
    let memo_id = deletion.memo_id;
    let now = services.now();
    let facts = facts::read(connection, services, viewer, memo_id, now, Lists::default()).await?;
    let Some(facts) = facts else {
        return Ok(Some(match find_own_deletions(connection, viewer, &[memo_id]).await?.pop() {
            Some(record) => Outcome::Deleted { record: Box::new(record), replayed: true },
            None => Outcome::NotFound,
        }));
    };
    let Some(preview) = assess(settings, facts) else {
        return Ok(Some(Outcome::NotFound));
    };
    let outcome = match deletion.precondition.refusal(&preview) {
        Some(refused) => refused(Box::new(preview)),
        None => {
            let reason = deletion.reason.clone();
            let context = DeletionContext::new(services, settings, now, reason);
            let record = effects::delete(connection, viewer, &preview, &context)
                .await
                .map_err(of_writing)?;
            return Ok(
                record.map(|record| Outcome::Deleted { record: Box::new(record), replayed: false })
            );
        }
    };
    // Administrators read this log, and a draft does not exist for them.
    if !outcome.is_of_a_draft() {
        let codes = outcome.refusal_codes();
        let attempt = Attempt { memo_id, deletion_id: None };
        refusals::record(connection, services.new_id(), now, viewer, attempt, &codes).await?;
    }
    Ok(Some(outcome))
}

impl Precondition {
    /// The refusal of a request with this precondition; `None` if the memo is to be deleted.
    fn refusal(&self, preview: &Preview) -> Option<fn(Box<Preview>) -> Outcome> {
        match (preview.decision.verdict(), self) {
            (DeletionVerdict::Denied, _) => Some(Outcome::Denied),
            (_, Self::Preview(token)) if *token != preview.token => {
                Some(Outcome::ConfirmationStale)
            }
            (_, Self::Version(version)) if *version != preview.memo.version => {
                Some(Outcome::VersionConflict)
            }
            (DeletionVerdict::Discouraged, Self::None | Self::Version(_)) => {
                Some(Outcome::ConfirmationRequired)
            }
            (DeletionVerdict::Discouraged, Self::Preview(_)) | (DeletionVerdict::Allowed, _) => {
                None
            }
        }
    }
}

impl Outcome {
    /// One code for the outcome: `DELETED`, `REPLAYED`, or the first code of the refusal.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Deleted { replayed: false, .. } => "DELETED",
            Self::Deleted { replayed: true, .. } => "REPLAYED",
            refused => refused.refusal_codes().first().copied().unwrap_or("REFUSED"),
        }
    }

    /// The verdict of the rules. `None` if the memo does not exist for this person.
    pub fn verdict(&self) -> Option<DeletionVerdict> {
        match self {
            Self::Deleted { record, .. } => Some(record.verdict),
            Self::NotFound => None,
            Self::Denied(preview)
            | Self::ConfirmationRequired(preview)
            | Self::ConfirmationStale(preview)
            | Self::VersionConflict(preview) => Some(preview.decision.verdict()),
        }
    }

    fn is_of_a_draft(&self) -> bool {
        match self {
            Self::Deleted { .. } | Self::NotFound => false,
            Self::Denied(preview)
            | Self::ConfirmationRequired(preview)
            | Self::ConfirmationStale(preview)
            | Self::VersionConflict(preview) => preview.memo.draft,
        }
    }

    /// The codes of the refusal, as in the API. Empty if the memo is deleted.
    pub fn refusal_codes(&self) -> Vec<&'static str> {
        match self {
            Self::Deleted { .. } => Vec::new(),
            Self::NotFound => vec!["NOT_FOUND"],
            Self::Denied(preview) => preview.decision.blocker_codes(),
            Self::ConfirmationRequired(_) => vec!["CONFIRMATION_REQUIRED"],
            Self::ConfirmationStale(_) => vec!["CONFIRMATION_STALE"],
            Self::VersionConflict(_) => vec!["VERSION_CONFLICT"],
        }
    }
}

/// The records of this person's deletions of the memos, unless these have been restored since.
pub(super) async fn find_own_deletions<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Result<Vec<memo_deletion::Model>> {
    use memo_deletion::{Column, Entity};
    Ok(Entity::find()
        .filter(is_one_of(connection.get_database_backend(), Column::MemoId, memo_ids))
        .filter(Column::DeletedBy.eq(viewer.id))
        .filter(Column::RestoredAt.is_null())
        .all(connection)
        .await?)
}

/// Logs what became of a request.
pub(super) fn log(viewer: Viewer, memo_id: Uuid, outcome: &Outcome) {
    match outcome {
        Outcome::Deleted { record, replayed } => {
            tracing::info!(
                memo_id = %ids::memo(memo_id),
                person = %ids::user(viewer.id),
                record = %ids::memo_deletion(record.id),
                replayed,
                verdict = record.verdict.as_str(),
                "memo deleted"
            );
        }
        refused => {
            tracing::info!(
                memo_id = %ids::memo(memo_id),
                person = %ids::user(viewer.id),
                codes = refused.refusal_codes().join(" "),
                "deletion refused"
            );
        }
    }
}
