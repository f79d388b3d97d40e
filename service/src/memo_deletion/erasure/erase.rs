//! Erases a deleted memo, or returns the reason for a refusal.

use super::{
    policy::BlockerCode,
    preview::{Preview, assess},
};
use crate::{
    Error, Result, Services, Viewer,
    blobs::{self, FileStore},
    database::{Parameters, in_transaction, lock::LockRows},
    ids, ledger,
    memo_deletion::{
        DeletionSettings,
        content::{self, Eraser},
        refusals::{self, Attempt},
    },
    notifications::{NotificationDraft, Subject, notify},
};
use entity::{LedgerKind, NotificationKind, memo_deletion, memo_id};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    Statement,
};
use std::time::Duration;
use uuid::Uuid;

/// How many further portions one call erases. With more than 10,000 comments, the purge does the
/// rest.
const MORE_PORTIONS: usize = 10;

/// How long one call waits for the file store. After that, the purge removes the bytes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A person's request to erase a deleted memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The record of the deletion.
    pub record_id: Uuid,
    /// The token of the preview that the person has seen.
    pub confirmation_token: Option<String>,
    /// The reason, which stays with the record. Administrators must give one. [`crate::text`] has
    /// checked it already.
    pub reason: Option<String>,
}

/// The result of a request to erase a deleted memo.
#[derive(Debug)]
pub enum Outcome {
    /// The content is erased.
    Erased {
        /// The record, without content.
        record: Box<memo_deletion::Model>,
        /// Whether the same person had erased it before.
        replayed: bool,
        /// Whether something is left for the purge. Nobody can read it.
        pending: bool,
    },
    /// The record does not exist for this person.
    NotFound,
    /// The rules forbid it.
    Denied(Box<Preview>),
    /// An administrator has given no reason.
    ReasonRequired(Box<Preview>),
    /// The request does not confirm a preview.
    ConfirmationRequired(Box<Preview>),
    /// The token confirms something other than what would happen now.
    ConfirmationStale(Box<Preview>),
}

impl Outcome {
    /// The codes of the refusal, as in the API. Empty if the memo is erased.
    pub fn refusal_codes(&self) -> Vec<&'static str> {
        match self {
            Self::Erased { .. } => Vec::new(),
            Self::NotFound => vec!["NOT_FOUND"],
            Self::Denied(preview) => {
                preview.blockers.iter().copied().map(BlockerCode::as_str).collect()
            }
            Self::ReasonRequired(_) => vec!["REASON_REQUIRED"],
            Self::ConfirmationRequired(_) => vec!["CONFIRMATION_REQUIRED"],
            Self::ConfirmationStale(_) => vec!["CONFIRMATION_STALE"],
        }
    }

    /// The preview of a refusal.
    fn preview(&self) -> Option<&Preview> {
        match self {
            Self::Erased { .. } | Self::NotFound => None,
            Self::Denied(preview)
            | Self::ReasonRequired(preview)
            | Self::ConfirmationRequired(preview)
            | Self::ConfirmationStale(preview) => Some(preview),
        }
    }
}

/// What a transaction has left.
#[derive(Debug, Default)]
struct Rest {
    /// Whether there are more rows.
    has_rows: bool,
    /// The locations whose bytes are to be removed.
    locations: Vec<String>,
    /// Whether there are bytes that only the purge can remove, because somebody has stored the same
    /// content recently.
    has_bytes: bool,
}

/// Erases the content of a deleted memo as previewed. A refusal changes nothing but the log of
/// refused attempts.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn erase(
    services: &Services,
    store: &FileStore,
    settings: &DeletionSettings,
    viewer: Viewer,
    erasure: &Erasure,
) -> Result<Outcome> {
    let (mut outcome, rest) =
        in_transaction(&services.database, async |transaction| -> Result<_> {
            let (outcome, rest) =
                erase_in(services, settings, transaction, viewer, erasure).await?;
            // Administrators read this log, and a draft does not exist for them.
            if let Some(preview) = outcome.preview().filter(|preview| !preview.record.draft) {
                let memo_id = preview.record.memo_id;
                let attempt = Attempt { memo_id, deletion_id: Some(erasure.record_id) };
                let (id, now, codes) = (services.new_id(), services.now(), outcome.refusal_codes());
                refusals::record(transaction, id, now, viewer, attempt, &codes).await?;
            }
            Ok((outcome, rest))
        })
        .await?;
    if let Outcome::Erased { record, pending, .. } = &mut outcome {
        *pending = finish(services, store, record.memo_id, rest).await.unwrap_or_else(|error| {
            tracing::warn!(
                record = %ids::memo_deletion(record.id),
                %error,
                "a rest of an erased memo is left; the purge erases it"
            );
            true
        });
    }
    log(viewer, erasure.record_id, &outcome);
    Ok(outcome)
}

async fn erase_in(
    services: &Services,
    settings: &DeletionSettings,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    erasure: &Erasure,
) -> Result<(Outcome, Rest)> {
    let now = services.now();
    let refused = |outcome| Ok((outcome, Rest::default()));
    let query = memo_deletion::Entity::find_by_id(erasure.record_id).lock_rows();
    let Some(record) = query.one(transaction).await? else { return refused(Outcome::NotFound) };
    lock_memo(transaction, record.memo_id).await?;
    let assessed = assess(transaction, services, settings, viewer, record, now).await?;
    let Some(preview) = assessed else {
        return refused(Outcome::NotFound);
    };
    if preview.record.erased_by == Some(viewer.id) {
        let left = memo_id::Entity::find_by_id(preview.record.memo_id).one(transaction).await?;
        let rest = Rest { has_rows: left.is_some(), ..Rest::default() };
        let record = Box::new(preview.record);
        return Ok((Outcome::Erased { record, replayed: true, pending: false }, rest));
    }
    if !preview.blockers.is_empty() {
        return refused(Outcome::Denied(Box::new(preview)));
    }
    if viewer.is_admin() && erasure.reason.is_none() {
        return refused(Outcome::ReasonRequired(Box::new(preview)));
    }
    match erasure.confirmation_token.as_deref() {
        None => return refused(Outcome::ConfirmationRequired(Box::new(preview))),
        Some(token) if token != preview.token => {
            return refused(Outcome::ConfirmationStale(Box::new(preview)));
        }
        Some(_) => {}
    }

    let memo_id = preview.record.memo_id;
    let eraser = Eraser { person: viewer.id, reason: erasure.reason.clone() };
    let record = content::erase(transaction, preview.record, now, Some(eraser)).await?;
    let record = record.ok_or_else(|| {
        Error::Inconsistent(format!("memo {} changed while it was locked", ids::memo(memo_id)))
    })?;
    let erased = [(record.id, memo_id)];
    ledger::note(transaction, LedgerKind::Erased, &erased, Some(viewer.id), now).await?;
    notify_owners(services, transaction, viewer, &record).await?;
    let mut rest = Rest::default();
    erase_portion(services, transaction, memo_id, &mut rest).await?;
    let record = Box::new(record);
    Ok((Outcome::Erased { record, replayed: false, pending: false }, rest))
}

/// Locks the deleted memo's row. A hold that is placed at the same time comes first, or finds no
/// memo any more. The transaction of SQLite has locked everything already.
async fn lock_memo(transaction: &DatabaseTransaction, memo_id: Uuid) -> Result<()> {
    let backend = transaction.get_database_backend();
    if backend == DbBackend::Postgres {
        transaction.query_one_raw(locked_deleted_memo_statement(backend, memo_id)).await?;
    }
    Ok(())
}

fn locked_deleted_memo_statement(backend: DbBackend, memo_id: Uuid) -> Statement {
    Parameters::new(backend).bind("memo_id", memo_id).statement(
        "SELECT d.id
        FROM deleted_memos d
        WHERE d.id = :memo_id
        FOR UPDATE",
    )
}

/// Notifies those who could have restored the memo. The notification contains no name.
async fn notify_owners(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    record: &memo_deletion::Model,
) -> Result<()> {
    let draft = NotificationDraft {
        kind: NotificationKind::MemoErased,
        actor: viewer.id,
        about: Subject::Deletion(record.memo_id, record.id),
        name: "",
    };
    notify(services, transaction, [record.author_id, record.deleted_by], &draft).await
}

/// Erases a portion of the memo's belongings, and forgets the contents of its files.
async fn erase_portion(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    rest: &mut Rest,
) -> Result<()> {
    let portion = content::erase_belongings(transaction, &[memo_id]).await?;
    let forgotten = blobs::forget(transaction, &portion.contents, services.now()).await?;
    rest.has_rows = portion.has_more;
    rest.locations.extend(forgotten.locations);
    rest.has_bytes |= forgotten.keeps_some;
    Ok(())
}

/// Erases what the first transaction has left. Returns whether something is left after that.
async fn finish(
    services: &Services,
    store: &FileStore,
    memo_id: Uuid,
    mut rest: Rest,
) -> Result<bool> {
    for _ in 0..MORE_PORTIONS {
        if !rest.has_rows {
            break;
        }
        let next = in_transaction(&services.database, async |transaction| -> Result<_> {
            let mut next = Rest::default();
            // A purge may have finished it in the meantime.
            let query = memo_id::Entity::find_by_id(memo_id).lock_rows();
            let query = query.filter(memo_id::Column::Erasing.eq(true));
            if query.one(transaction).await?.is_some() {
                erase_portion(services, transaction, memo_id, &mut next).await?;
            }
            Ok(next)
        })
        .await?;
        rest.has_rows = next.has_rows;
        rest.locations.extend(next.locations);
        rest.has_bytes |= next.has_bytes;
    }
    if !rest.locations.is_empty() {
        let removing = blobs::remove(services, store, &rest.locations);
        match tokio::time::timeout(PATIENCE, removing).await {
            Ok(removed) => drop(removed?),
            Err(_) => rest.has_bytes = true,
        }
    }
    Ok(rest.has_rows || rest.has_bytes)
}

fn log(viewer: Viewer, record_id: Uuid, outcome: &Outcome) {
    match outcome {
        Outcome::Erased { record, replayed, pending } => {
            tracing::info!(
                memo_id = %ids::memo(record.memo_id),
                person = %ids::user(viewer.id),
                record = %ids::memo_deletion(record.id),
                replayed,
                pending,
                "deleted memo erased"
            );
        }
        refused => {
            tracing::info!(
                record = %ids::memo_deletion(record_id),
                person = %ids::user(viewer.id),
                codes = refused.refusal_codes().join(" "),
                "erasure refused"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("locked_deleted_memo", |backend| {
            locked_deleted_memo_statement(backend, Uuid::nil())
        });
    }
}
