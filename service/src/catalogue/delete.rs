//! Deleting deals, tags and resolutions that no memo uses.

use super::{
    errors::DeleteEntryError,
    kinds::{CatalogueKind, Link},
};
use crate::{
    Result, Services, Viewer,
    database::{
        Parameters, in_transaction,
        lock::{LockRows, lock_table},
        sql::{ids_in, is_one_of},
    },
    deleted_memos::leave_names,
    events, ids,
};
use entity::{MemoEventKind, memo, memo_tag};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait,
    QueryFilter, Statement,
    sea_query::{Alias, Expr},
};
use uuid::Uuid;

/// Deletes a deal, tag or resolution. Fails if a sent memo or a draft of the viewer uses it.
///
/// Drafts of others do not exist for the viewer. They neither prevent the deletion nor are counted,
/// and they lose the link. Deleted memos that used it do not count: a restore reports what it
/// cannot link again.
///
/// # Errors
/// Returns the reason why it is not deleted.
pub async fn delete<E: CatalogueKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<(), DeleteEntryError> {
    in_transaction(&services.database, async |transaction| -> Result<_, DeleteEntryError> {
        delete_in::<E>(services, transaction, viewer, id).await
    })
    .await?;
    tracing::info!(
        kind = E::KIND,
        id = %ids::typed(E::KIND, id),
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
    // If another draft uses it after this, the foreign key fails, and the transaction is retried.
    let drafts = lock_drafts_of_others(transaction, viewer, E::LINK, id).await?;
    lock_table::<E>(transaction).await?;
    // After this lock, a transaction that links it to a memo has either committed or waits for this
    // one.
    if E::find_by_id(id).lock_rows().one(transaction).await?.is_none() {
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
    /// The condition that the memo `m` uses the entry `:id`.
    fn uses(self) -> String {
        match self {
            Self::Column(column) => format!("m.{column} = :id"),
            Self::Tags => {
                "m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = :id)".to_owned()
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
    let drafts = drafts_of_others_statement(transaction.get_database_backend(), viewer, link, id);
    ids_in(&transaction.query_all_raw(drafts).await?, "id")
}

fn drafts_of_others_statement(
    backend: DbBackend,
    viewer: Viewer,
    link: Link,
    id: Uuid,
) -> Statement {
    let uses = link.uses();
    Parameters::new(backend).bind("viewer", viewer.id).bind("id", id).statement(&format!(
        "SELECT m.id
        FROM memos m
        WHERE m.draft AND m.author_id <> :viewer AND {uses}
        ORDER BY m.id
        FOR UPDATE"
    ))
}

/// How many sent memos and drafts of the viewer use the entry.
async fn count_uses(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    link: Link,
    id: Uuid,
) -> Result<u64> {
    let uses = uses_statement(transaction.get_database_backend(), viewer, link, id);
    let row = transaction.query_one_raw(uses).await?;
    let n: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(n).unwrap_or_default())
}

fn uses_statement(backend: DbBackend, viewer: Viewer, link: Link, id: Uuid) -> Statement {
    let uses = link.uses();
    Parameters::new(backend).bind("viewer", viewer.id).bind("id", id).statement(&format!(
        "SELECT count(*) AS n
        FROM memos m
        WHERE (NOT m.draft OR m.author_id = :viewer) AND {uses}"
    ))
}

/// Removes the entry from the locked drafts.
async fn unlink(
    services: &Services,
    transaction: &DatabaseTransaction,
    link: Link,
    id: Uuid,
    drafts: &[Uuid],
) -> Result<()> {
    let backend = transaction.get_database_backend();
    match link {
        Link::Column(column) => {
            let link = Expr::col(Alias::new(column));
            memo::Entity::update_many()
                .col_expr(Alias::new(column), Expr::value(None::<Uuid>))
                .col_expr(memo::Column::Version, Expr::col(memo::Column::Version).add(1))
                .col_expr(memo::Column::UpdatedAt, Expr::value(services.now()))
                .filter(is_one_of(backend, memo::Column::Id, drafts))
                .filter(link.eq(id))
                .exec(transaction)
                .await?;
        }
        Link::Tags => {
            memo_tag::Entity::delete_many()
                .filter(is_one_of(backend, memo_tag::Column::MemoId, drafts))
                .filter(memo_tag::Column::TagId.eq(id))
                .exec(transaction)
                .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;

    #[test]
    fn statements_are_the_committed_ones() {
        let viewer = Viewer { id: Uuid::nil(), role: UserRole::Member };
        for (name, link) in [("column", Link::Column("deal_id")), ("tags", Link::Tags)] {
            assert_statement(&format!("drafts_of_others.{name}"), |backend| {
                drafts_of_others_statement(backend, viewer, link, Uuid::max())
            });
            assert_statement(&format!("uses.{name}"), |backend| {
                uses_statement(backend, viewer, link, Uuid::max())
            });
        }
    }
}
