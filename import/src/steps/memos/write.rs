//! Writes what was decided. Each row comes after the rows to which it refers. No event,
//! notification or mail is written.

use super::plan::{Belongings, Plan};
use crate::{
    Result,
    bytes::keep_bytes,
    known::remember,
    steps::insert::{insert, insert_missing},
};
use entity::{comment, memo, reminder};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, NotSet,
    QueryFilter, sea_query::Expr,
};
use service::memos::{BulkInsert, index_all};

impl Plan {
    /// Writes all rows.
    pub(super) async fn write(&self, transaction: &DatabaseTransaction) -> Result<()> {
        keep_bytes(transaction, &self.files).await?;
        insert(transaction, &self.files).await?;
        self.write_new(transaction).await?;
        self.change_memos(transaction).await?;
        self.of_known.write(transaction).await?;
        insert_missing(transaction, &self.task_files).await?;
        insert_missing(transaction, &self.project_files).await?;
        self.change_comments(transaction).await?;
        self.change_reminders(transaction).await?;
        remember(transaction, &self.notes).await
    }

    async fn write_new(&self, transaction: &DatabaseTransaction) -> Result<()> {
        if self.memos.is_empty() {
            return Ok(());
        }
        let bulk = BulkInsert::begin(transaction).await?;
        insert(transaction, &bulk.counted(&self.memos, &self.of_new.comments)).await?;
        bulk.index(transaction, &self.memos).await?;
        self.of_new.write(transaction).await?;
        Ok(bulk.end(transaction).await?)
    }

    async fn change_comments(&self, transaction: &DatabaseTransaction) -> Result<()> {
        for (id, body) in &self.changed_comments {
            comment::Entity::update_many()
                .col_expr(comment::Column::Body, Expr::value(body.as_str()))
                .filter(comment::Column::Id.eq(*id))
                .exec(transaction)
                .await?;
        }
        Ok(())
    }

    async fn change_reminders(&self, transaction: &DatabaseTransaction) -> Result<()> {
        for row in &self.changed_reminders {
            let changes = reminder::ActiveModel {
                id: NotSet,
                memo_id: NotSet,
                ..row.clone().into_active_model().reset_all()
            };
            reminder::Entity::update_many()
                .set(changes)
                .filter(reminder::Column::Id.eq(row.id))
                .exec(transaction)
                .await?;
        }
        Ok(())
    }

    /// Changes the memos' own columns. Triggers keep the others.
    async fn change_memos(&self, transaction: &DatabaseTransaction) -> Result<()> {
        for row in &self.changed {
            let changes = memo::ActiveModel {
                id: NotSet,
                revision: NotSet,
                on_hold: NotSet,
                comment_count: NotSet,
                author_comment_count: NotSet,
                recipient_comment_count: NotSet,
                ..row.clone().into_active_model().reset_all()
            };
            memo::Entity::update_many()
                .set(changes)
                .filter(memo::Column::Id.eq(row.id))
                .exec(transaction)
                .await?;
        }
        Ok(index_all(transaction, &self.changed).await?)
    }
}

impl Belongings {
    async fn write(&self, transaction: &DatabaseTransaction) -> Result<()> {
        insert_missing(transaction, &self.subscribers).await?;
        insert_missing(transaction, &self.tags).await?;
        insert_missing(transaction, &self.files).await?;
        insert(transaction, &self.comments).await?;
        insert(transaction, &self.reminders).await?;
        insert_missing(transaction, &self.unread).await
    }
}
