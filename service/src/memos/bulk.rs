//! New memos with all that belongs to them, for imports.
//!
//! PostgreSQL's triggers write a memo once more for each kind of its belongings, each time with an
//! entry in every index. An import knows the result, so it writes that at once, and the triggers
//! leave it to it. SQLite's triggers write no index, and go on.

use super::word_index::{index_all, index_new};
use crate::Result;
use entity::{comment, memo};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use std::collections::HashMap;
use uuid::Uuid;

/// The part of a transaction that adds new memos with all that belongs to them.
#[derive(Debug)]
#[must_use = "the triggers of PostgreSQL do nothing for memos until it ends"]
pub struct BulkInsert {
    has_triggers: bool,
}

impl BulkInsert {
    /// Begins. Until [`Self::end`], or until the transaction ends, it may only add memos and
    /// belongings of these memos.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn begin(transaction: &DatabaseTransaction) -> Result<Self> {
        let has_triggers = transaction.get_database_backend() != DbBackend::Postgres;
        let this = Self { has_triggers };
        this.set(transaction, "on").await?;
        Ok(this)
    }

    /// The memos as they are to be written, if these are all of their comments.
    pub fn counted(&self, memos: &[memo::Model], comments: &[comment::Model]) -> Vec<memo::Model> {
        let mut memos = memos.to_vec();
        if self.has_triggers {
            return memos;
        }
        let mut authors: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for comment in comments {
            authors.entry(comment.memo_id).or_default().push(comment.author_id);
        }
        for memo in &mut memos {
            let authors = authors.get(&memo.id).map(Vec::as_slice).unwrap_or_default();
            let by = |person| count(authors.iter().filter(|author| **author == person));
            memo.comment_count = count(authors.iter());
            memo.author_comment_count = by(memo.author_id);
            memo.recipient_comment_count = by(memo.recipient_id);
        }
        memos
    }

    /// Indexes the words of the memos, which are written.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn index(
        &self,
        transaction: &DatabaseTransaction,
        memos: &[memo::Model],
    ) -> Result<()> {
        if self.has_triggers {
            index_all(transaction, memos).await
        } else {
            index_new(transaction, memos).await
        }
    }

    /// Ends. From now on, triggers follow each change.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn end(self, transaction: &DatabaseTransaction) -> Result<()> {
        self.set(transaction, "off").await
    }

    async fn set(&self, transaction: &DatabaseTransaction, value: &str) -> Result<()> {
        if !self.has_triggers {
            // It ends with the transaction, however that ends.
            let set = format!("SET LOCAL memoranda.adds_memos = '{value}'");
            transaction.execute_unprepared(&set).await?;
        }
        Ok(())
    }
}

fn count(found: impl Iterator) -> i64 {
    i64::try_from(found.count()).unwrap_or(i64::MAX)
}
