//! The one way to lock rows.
//!
//! A statement of the builder says [`LockRows::lock_rows`] or [`LockRows::lock_free_rows`]; one
//! that is written as SQL says `FOR UPDATE`, or `FOR UPDATE SKIP LOCKED`, and
//! [`Parameters`](super::sql::Parameters) takes that out for SQLite. There a transaction has locked
//! everything already when it begins.
//!
//! Whoever changes a memo, or what is tied to it, locks the memo's row first, and several memos in
//! the order of their ids.

use crate::Result;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QuerySelect,
    sea_query::{LockBehavior, LockType},
};

/// Locks the rows that a statement finds.
pub trait LockRows: QuerySelect {
    /// Locks the rows until the transaction ends, and waits for whoever has locked them. The rows
    /// are what they are after that: one that does not fulfil the conditions any more is not
    /// there.
    #[must_use]
    fn lock_rows(self) -> Self {
        self.lock(LockType::Update)
    }

    /// The same, leaving out the rows that somebody else has locked: for work that several
    /// processes share.
    #[must_use]
    fn lock_free_rows(self) -> Self {
        self.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
    }

    /// Lets nobody change the rows until the transaction ends. Others may do the same meanwhile.
    #[must_use]
    fn keep_rows(self) -> Self {
        self.lock(LockType::Share)
    }
}

impl<Q: QuerySelect> LockRows for Q {}

/// Lets nobody else change the table until the transaction ends: for what is decided by looking at
/// other rows than the one that changes, such as that a name is free. Reading goes on meanwhile,
/// and so do rows of other tables that come to refer to these.
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
