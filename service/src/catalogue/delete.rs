//! Deleting deals, tags and resolutions that no memo uses.

use super::{
    errors::DeleteEntryError,
    kinds::{CatalogueKind, Link},
};
use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{is_one_of_first, lock_rows, lock_table, statement},
    },
    deleted_memos::leave_names,
    events, ids,
};
use entity::MemoEventKind;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QuerySelect};
use uuid::Uuid;

/// Deletes a deal, a tag or a resolution, unless a sent memo or a draft of the viewer uses it.
///
/// Drafts of others do not exist for the viewer: they neither stop this nor are counted, and lose
/// the link. Deleted memos that used it do not count: a restore names what it cannot link again.
///
/// # Errors
/// Why it stays.
pub async fn delete<E: CatalogueKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<(), DeleteEntryError> {
    in_transaction!(services.database, |transaction| -> DeleteEntryError {
        delete_in::<E>(services, transaction, viewer, id).await
    })?;
    tracing::info!(
        kind = E::WORD,
        id = %ids::typed(E::WORD, id),
        person = %ids::user(viewer.id),
        "deleted"
    );
    Ok(())
}

async fn delete_in<E: CatalogueKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
) -> Result<(), DeleteEntryError> {
    // A draft that comes to use it after this is met by the key, and the transaction begins anew.
    let drafts = lock_drafts_of_others(transaction, viewer, E::LINK, id).await?;
    lock_table::<E>(transaction).await?;
    // Once this lock is got, whoever links it to a memo has either committed that, or waits for
    // this to end.
    if E::find_by_id(id).lock_exclusive().one(transaction).await?.is_none() {
        return Err(DeleteEntryError::NotFound);
    }
    let uses = count_uses(transaction, viewer, E::LINK, id).await?;
    if uses > 0 {
        return Err(DeleteEntryError::InUse(uses));
    }
    if !drafts.is_empty() {
        unlink(services, transaction, E::LINK, id, &drafts).await?;
        events::record_all(services, transaction, viewer.id, &drafts, MemoEventKind::Updated)
            .await?;
    }
    leave_names(transaction, E::TARGET(id)).await?;
    E::delete_by_id(id).exec(transaction).await?;
    Ok(())
}

impl Link {
    /// That the memo `m` uses what `$1` names.
    fn uses(self) -> String {
        match self {
            Self::Column(column) => format!("m.{column} = $1"),
            Self::Tags => {
                "m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = $1)".to_owned()
            }
        }
    }
}

async fn lock_drafts_of_others(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    link: Link,
    id: Uuid,
) -> Result<Vec<Uuid>> {
    let backend = transaction.get_database_backend();
    let sql = format!(
        "SELECT m.id FROM memos m WHERE m.draft AND m.author_id <> $2 AND {} ORDER BY m.id{}",
        link.uses(),
        lock_rows(backend, "m")
    );
    let rows =
        transaction.query_all_raw(statement(backend, sql, [id.into(), viewer.id.into()])).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// How many sent memos and drafts of the viewer use it.
async fn count_uses(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    link: Link,
    id: Uuid,
) -> Result<u64> {
    let backend = transaction.get_database_backend();
    let sql = format!(
        "SELECT count(*) AS n FROM memos m WHERE (NOT m.draft OR m.author_id = $2) AND {}",
        link.uses()
    );
    let row =
        transaction.query_one_raw(statement(backend, sql, [id.into(), viewer.id.into()])).await?;
    let n: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(n).unwrap_or_default())
}

/// Takes it from the locked drafts.
async fn unlink(
    services: &Services,
    transaction: &DatabaseTransaction,
    link: Link,
    id: Uuid,
    drafts: &[Uuid],
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let (one_of, ids) = is_one_of_first(backend, drafts);
    let (sql, values) = match link {
        Link::Column(column) => (
            format!(
                "UPDATE memos SET {column} = NULL, version = version + 1, updated_at = $3 \
                 WHERE id {one_of} AND {column} = $2"
            ),
            vec![ids, id.into(), services.now().into()],
        ),
        Link::Tags => (
            format!("DELETE FROM memo_tags WHERE memo_id {one_of} AND tag_id = $2"),
            vec![ids, id.into()],
        ),
    };
    transaction.execute_raw(statement(backend, sql, values)).await?;
    Ok(())
}
