//! The only way to lock rows.
//!
//! A statement of the builder uses [`LockRows::lock_rows`] or [`LockRows::lock_free_rows`]. A
//! statement written as SQL uses `FOR UPDATE` or `FOR UPDATE SKIP LOCKED`, which
//! [`Parameters`](super::sql::Parameters) removes for SQLite. There, a transaction locks everything
//! when it begins.
//!
//! A change of a memo, or of what is tied to it, locks the memo's row first. Several memos are
//! locked in the order of their ids.

use crate::Result;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QuerySelect,
    sea_query::{LockBehavior, LockType},
};

/// Locks the rows that a statement finds.
pub trait LockRows: QuerySelect {
    /// Locks the rows until the transaction ends. Waits for other transactions that have locked
    /// them. Then the current rows are read, without those that no longer fulfil the conditions.
    #[must_use]
    fn lock_rows(self) -> Self {
        self.lock(LockType::Update)
    }

    /// The same without the rows that another transaction has locked. This is for work that several
    /// processes share.
    #[must_use]
    fn lock_free_rows(self) -> Self {
        self.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
    }

    /// Protects the rows from changes until the transaction ends. Several transactions may do this
    /// at the same time.
    #[must_use]
    fn keep_rows(self) -> Self {
        self.lock(LockType::Share)
    }
}

impl<Q: QuerySelect> LockRows for Q {}

/// Protects the table from changes by others until the transaction ends. This is for decisions that
/// depend on other rows than the changed one, such as whether a name is unused. The table can still
/// be read, and rows of other tables may refer to it.
///
/// # Errors
/// Returns errors of the database.
pub async fn lock_table<E: EntityTrait>(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let sql = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", E::default().table_name());
        transaction.execute_unprepared(&sql).await?;
    }
    Ok(())
}
