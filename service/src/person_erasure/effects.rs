//! Erases a person: what an administrator's erasure and its repetition from the ledger have in
//! common.

use super::inventory::ItemCount;
use crate::{
    Result, Services,
    accounts::erased,
    blobs,
    database::{Parameters, lock::LockRows},
    deleted_memos, files, installation, ledger, memo_deletion,
    people::give_pseudonym,
};
use chrono::{DateTime, Utc};
use entity::{
    credential, file, idempotency_key, identity, imported_row, mail, mail_opt_out,
    memo_deletion as record, memo_hold, notification, person_erasure, reminder, session,
    unread_mark, user,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement,
    sea_query::{Expr, SelectStatement},
};
use uuid::Uuid;

/// What remains of the reason of a released hold, which the database requires.
const ERASED_REASON: &str = "(erased)";

/// Who erases a person, and why.
#[derive(Debug, Clone)]
pub(super) struct Eraser {
    /// The administrator. `None` if this database does not know them.
    pub(super) administrator: Option<Uuid>,
    pub(super) reason: Option<String>,
}

/// An erased person.
#[derive(Debug)]
pub(super) struct ErasedPerson {
    pub(super) record: person_erasure::Model,
    /// The locations of file contents to remove.
    pub(super) locations: Vec<String>,
    /// Whether the purge has to erase something.
    pub(super) has_more: bool,
}

/// Erases the person. The caller has locked all people, and has asked the rules.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn erase(
    services: &Services,
    transaction: &DatabaseTransaction,
    person: user::Model,
    counts: &[ItemCount],
    now: DateTime<Utc>,
    eraser: Eraser,
) -> Result<ErasedPerson> {
    let id = person.id;
    let hashes = erased::hashes_of(transaction, &person).await?;
    lock_memos(transaction, id).await?;
    let drafts = memo_deletion::erase_drafts_of(transaction, id, now).await?;
    let mut contents = drafts.contents;
    deleted_memos::note_private_rows(transaction, id).await?;
    delete_own_rows(transaction, &one(id)).await?;
    erase_reasons(transaction, id).await?;
    forget_import(transaction, id).await?;
    contents.extend(erase_unused_files(transaction, id).await?);
    let forgotten = blobs::forget(transaction, &contents, now).await?;
    erased::remember(transaction, &hashes, now).await?;
    let record = person_erasure::Model {
        id: services.new_id(),
        person_id: id,
        erased_by: eraser.administrator,
        erased_at: now,
        reason: eraser.reason,
        counts: serde_json::to_value(counts)?,
    };
    let record = record.into_active_model().insert(transaction).await?;
    ledger::note_person(transaction, &record, &hashes).await?;
    if transaction.get_database_backend() == DbBackend::Sqlite {
        installation::set(transaction, installation::ERASED_TRACES, now.to_rfc3339()).await?;
    }
    // Last, because others lock a memo before a person.
    give_pseudonym(transaction, person, now).await?;
    Ok(ErasedPerson {
        record,
        locations: forgotten.locations,
        has_more: drafts.has_more || forgotten.keeps_some,
    })
}

/// Forgets what an import has made of the person: its hash would confirm a guess of name and
/// address. A later import leaves the person as they are.
async fn forget_import(transaction: &DatabaseTransaction, person: Uuid) -> Result<()> {
    imported_row::Entity::update_many()
        .col_expr(imported_row::Column::RowHash, Expr::value(""))
        .filter(imported_row::Column::OurId.eq(person))
        // The text of the index that finds them.
        .filter(Expr::cust("source_table = 'auth_user'"))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Locks the memos of which a reminder or an unread mark goes. The transaction of SQLite has locked
/// everything already.
async fn lock_memos(transaction: &DatabaseTransaction, person: Uuid) -> Result<()> {
    let backend = transaction.get_database_backend();
    if backend == DbBackend::Postgres {
        transaction.execute_raw(personal_memos_statement(backend, person)).await?;
    }
    Ok(())
}

fn personal_memos_statement(backend: DbBackend, person: Uuid) -> Statement {
    Parameters::new(backend).bind("person", person).statement(
        "SELECT m.id
        FROM memos m
        WHERE m.id IN (
            SELECT r.memo_id FROM reminders r WHERE r.user_id = :person
            UNION
            SELECT n.memo_id FROM unread_marks n WHERE n.user_id = :person
        )
        ORDER BY m.id
        FOR UPDATE",
    )
}

/// One person.
fn one(id: Uuid) -> SelectStatement {
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Id.eq(id))
        .into_query()
}

/// All erased people.
pub(super) fn all_erased() -> SelectStatement {
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::ErasedAt.is_not_null())
        .into_query()
}

/// Deletes what is stored for these people alone: credentials, mails, reminders and so on. Returns
/// the number of rows.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn delete_own_rows(
    transaction: &DatabaseTransaction,
    people: &SelectStatement,
) -> Result<u64> {
    macro_rules! delete {
        ($($entity:ident),+) => {
            [$(
                $entity::Entity::delete_many()
                    .filter($entity::Column::UserId.in_subquery(people.clone()))
                    .exec(transaction)
                    .await?
                    .rows_affected
            ),+]
        };
    }
    // A mail refers to its notification.
    let deleted = delete!(
        mail,
        notification,
        mail_opt_out,
        reminder,
        unread_mark,
        credential,
        session,
        identity,
        idempotency_key
    );
    Ok(deleted.into_iter().sum())
}

/// Erases the reasons that the person gave: of deletions, erasures and released holds. The reason
/// of an active hold stays as long as the hold.
async fn erase_reasons(transaction: &DatabaseTransaction, person: Uuid) -> Result<()> {
    let nothing = || Expr::value(None::<String>);
    record::Entity::update_many()
        .col_expr(record::Column::Reason, nothing())
        .filter(record::Column::DeletedBy.eq(person))
        .filter(record::Column::Reason.is_not_null())
        .exec(transaction)
        .await?;
    record::Entity::update_many()
        .col_expr(record::Column::ErasureReason, nothing())
        .filter(record::Column::ErasedBy.eq(person))
        .filter(record::Column::ErasureReason.is_not_null())
        .exec(transaction)
        .await?;
    memo_hold::Entity::update_many()
        .col_expr(memo_hold::Column::Reason, Expr::value(ERASED_REASON))
        .filter(memo_hold::Column::PlacedBy.eq(person))
        .filter(memo_hold::Column::ReleasedAt.is_not_null())
        .exec(transaction)
        .await?;
    person_erasure::Entity::update_many()
        .col_expr(person_erasure::Column::Reason, nothing())
        .filter(person_erasure::Column::ErasedBy.eq(person))
        .filter(person_erasure::Column::Reason.is_not_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Deletes the files that the person uploaded and that nothing has. Returns their contents. The
/// rows are locked before it is checked whether something has them.
async fn erase_unused_files(
    transaction: &DatabaseTransaction,
    person: Uuid,
) -> Result<Vec<String>> {
    let uploaded: Vec<Uuid> = file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::UploadedBy.eq(person))
        .order_by_asc(file::Column::Id)
        .lock_rows()
        .into_tuple()
        .all(transaction)
        .await?;
    files::delete_unattached(transaction, &uploaded).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("personal_memos", |backend| {
            personal_memos_statement(backend, Uuid::nil())
        });
    }
}
