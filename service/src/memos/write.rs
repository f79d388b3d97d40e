//! The only way to change a memo's row. The row is locked as for a deletion, checked by the rules,
//! and saved with a new version.

use super::word_index;
use crate::{
    Result, Services, Viewer,
    access::MemoState,
    database::{FromColumns, Parameters, sql::column_names},
};
use entity::memo;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DatabaseTransaction, DbBackend,
    IntoActiveModel, Set, Statement,
};
use uuid::Uuid;

/// A memo that the viewer sees. Its row is locked until the transaction ends.
#[derive(Debug, Clone)]
pub(crate) struct LockedMemo {
    /// Its row.
    pub(crate) memo: memo::Model,
    /// The viewer's relation to it.
    pub(crate) state: MemoState,
}

impl LockedMemo {
    /// Asks a rule.
    ///
    /// # Errors
    /// Returns the reason why the viewer may not.
    pub(crate) fn may<D>(&self, rule: fn(&MemoState) -> Result<(), D>) -> Result<(), D> {
        rule(&self.state)
    }
}

/// Locks the memo's row. `None` if the memo does not exist for the viewer.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn lock(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<Option<LockedMemo>> {
    let Some((memo, is_subscriber)) = lock_row(transaction, viewer, memo_id).await? else {
        return Ok(None);
    };
    let state = MemoState::of(&memo, viewer, is_subscriber);
    Ok(state.access().is_visible().then_some(LockedMemo { memo, state }))
}

/// Locks the memo's row without regard to visibility. Returns it and whether the viewer subscribes
/// to it.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn lock_row(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<Option<(memo::Model, bool)>> {
    let backend = transaction.get_database_backend();
    let row = transaction.query_one_raw(locked_memo_statement(backend, viewer, memo_id)).await?;
    Ok(match row {
        Some(row) => Some((memo::Model::read(&row, "")?, row.try_get("", "is_subscriber")?)),
        None => None,
    })
}

fn locked_memo_statement(backend: DbBackend, viewer: Viewer, memo_id: Uuid) -> Statement {
    let columns = column_names::<memo::Entity>("m.");
    Parameters::new(backend).bind("memo_id", memo_id).bind("viewer", viewer.id).statement(&format!(
        "SELECT
            {columns},
            EXISTS (
                SELECT 1 FROM memo_subscribers s WHERE s.memo_id = m.id AND s.user_id = :viewer
            ) AS is_subscriber
        FROM memos m
        WHERE m.id = :memo_id
        FOR UPDATE"
    ))
}

/// Saves the changed fields of a locked memo as its next version.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn save(
    services: &Services,
    transaction: &DatabaseTransaction,
    mut memo: memo::ActiveModel,
) -> Result<memo::Model> {
    if let ActiveValue::Unchanged(version) = memo.version {
        memo.version = Set(version + 1);
    }
    memo.updated_at = Set(services.now());
    let has_new_texts = memo.name.is_set() || memo.description.is_set() || memo.conclusion.is_set();
    let memo = memo.update(transaction).await?;
    if has_new_texts {
        word_index::index(transaction, &memo).await?;
    }
    Ok(memo)
}

/// Writes a new memo's row.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn insert(
    transaction: &DatabaseTransaction,
    memo: memo::Model,
) -> Result<memo::Model> {
    let memo = memo.into_active_model().insert(transaction).await?;
    word_index::index(transaction, &memo).await?;
    Ok(memo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;

    #[test]
    fn statements_are_the_committed_ones() {
        let viewer = Viewer { id: Uuid::nil(), role: UserRole::Member };
        assert_statement("locked_memo", |backend| {
            locked_memo_statement(backend, viewer, Uuid::max())
        });
    }
}
