//! Deletes people to whom nothing refers.

use super::{
    errors::DeletePersonError,
    locked::{lock, state},
    policy,
};
use crate::{
    Result, Services, Viewer,
    database::{Parameters, in_transaction, lock::LockRows},
    deleted_memos::{Target, leave_names},
    events, ids,
};
use entity::{MemoEventKind, memo, memo_subscriber, user};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, SqlErr, Statement,
    sea_query::Expr,
};
use uuid::Uuid;

/// Deletes a person on behalf of an administrator. Fails if anything but the person's own mail
/// preferences refers to them.
///
/// Drafts of others do not exist for the administrator, so they do not prevent the deletion. The
/// person is removed from these drafts. If the person was the recipient, the draft's author becomes
/// the recipient.
///
/// # Errors
/// Returns the reason why the person is not deleted.
pub async fn delete(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<(), DeletePersonError> {
    in_transaction(&services.database, async |transaction| -> Result<_, DeletePersonError> {
        let person = lock(transaction, id).await?.ok_or(DeletePersonError::NotFound)?;
        policy::revoke(viewer.id, state(transaction, &person).await?)?;
        take_from_drafts_of_others(services, transaction, viewer, id).await?;
        take_from_deleted_drafts_of_others(transaction, viewer, id).await?;
        // References from deleted memos alone do not prevent the deletion.
        leave_names(transaction, Target::Person(id)).await?;
        // Foreign keys find all references, and on PostgreSQL a trigger of `users`. A list of
        // tables here could miss a new one.
        match user::Entity::delete_by_id(id).exec(transaction).await {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) =>
            {
                Err(DeletePersonError::HasHistory)
            }
            Err(error) => Err(error.into()),
        }
    })
    .await?;
    tracing::info!(id = %ids::user(id), administrator = %ids::user(viewer.id), "person deleted");
    Ok(())
}

async fn take_from_drafts_of_others(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    person: Uuid,
) -> Result<()> {
    let subscribed = memo_subscriber::Entity::find()
        .select_only()
        .column(memo_subscriber::Column::MemoId)
        .filter(memo_subscriber::Column::UserId.eq(person))
        .into_query();
    let of_others = Condition::all()
        .add(memo::Column::Draft.eq(true))
        .add(memo::Column::AuthorId.is_not_in([viewer.id, person]));
    let to_the_person = memo::Column::RecipientId.eq(person);
    let drafts: Vec<Uuid> = memo::Entity::find()
        .select_only()
        .column(memo::Column::Id)
        .filter(of_others.clone())
        .filter(
            Condition::any()
                .add(to_the_person.clone())
                .add(memo::Column::Id.in_subquery(subscribed)),
        )
        .order_by_asc(memo::Column::Id)
        .lock_rows()
        .into_tuple()
        .all(transaction)
        .await?;
    if drafts.is_empty() {
        return Ok(());
    }
    memo::Entity::update_many()
        .col_expr(memo::Column::RecipientId, memo::Column::AuthorId.into_expr())
        .col_expr(memo::Column::Version, Expr::col(memo::Column::Version).add(1))
        .col_expr(memo::Column::UpdatedAt, services.now().into())
        .filter(of_others.clone())
        .filter(to_the_person)
        .exec(transaction)
        .await?;
    let drafts_of_others =
        memo::Entity::find().select_only().column(memo::Column::Id).filter(of_others).into_query();
    memo_subscriber::Entity::delete_many()
        .filter(memo_subscriber::Column::UserId.eq(person))
        .filter(memo_subscriber::Column::MemoId.in_subquery(drafts_of_others))
        .exec(transaction)
        .await?;
    events::record_all(services, transaction, viewer.id, &drafts, MemoEventKind::Updated).await
}

/// The same for drafts that their authors have deleted, and may restore, and for the records of
/// these deletions.
async fn take_from_deleted_drafts_of_others(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    person: Uuid,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    for text in [DELETED_DRAFTS, THEIR_RECORDS] {
        transaction.execute_raw(deleted_drafts_statement(backend, viewer, person, text)).await?;
    }
    Ok(())
}

const DELETED_DRAFTS: &str = "
    UPDATE deleted_memos
    SET recipient_id = author_id
    WHERE id IN (
        SELECT r.memo_id
        FROM memo_deletions r
        WHERE r.recipient_id = :person
            AND r.draft
            AND r.restored_at IS NULL
            AND r.author_id NOT IN (:viewer, :person)
    )";

const THEIR_RECORDS: &str = "
    UPDATE memo_deletions
    SET recipient_id = author_id
    WHERE recipient_id = :person AND draft AND author_id NOT IN (:viewer, :person)";

fn deleted_drafts_statement(
    backend: DbBackend,
    viewer: Viewer,
    person: Uuid,
    text: &str,
) -> Statement {
    Parameters::new(backend).bind("viewer", viewer.id).bind("person", person).statement(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;

    #[test]
    fn statements_are_the_committed_ones() {
        let viewer = Viewer { id: Uuid::max(), role: UserRole::Admin };
        for (name, text) in [("memos", DELETED_DRAFTS), ("records", THEIR_RECORDS)] {
            assert_statement(&format!("deleted_drafts.{name}"), |backend| {
                deleted_drafts_statement(backend, viewer, Uuid::nil(), text)
            });
        }
    }
}
