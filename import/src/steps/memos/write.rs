//! Writes what was decided. Each row comes after the rows to which it refers. No event,
//! notification or mail is written.

use super::plan::Plan;
use crate::{
    Result,
    known::remember,
    steps::insert::{insert, insert_missing},
};
use entity::{comment, memo, reminder};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, NotSet,
    QueryFilter, sea_query::Expr,
};
use service::{files::keep_placed, memos::index_all};
use std::collections::BTreeSet;

impl Plan {
    /// Writes all rows.
    pub(super) async fn write(&self, transaction: &DatabaseTransaction) -> Result<()> {
        insert(transaction, &self.memos).await?;
        index_all(transaction, &self.memos).await?;
        self.change_memos(transaction).await?;
        insert_missing(transaction, &self.subscribers).await?;
        insert_missing(transaction, &self.tags).await?;
        let contents: BTreeSet<&str> =
            self.files.iter().map(|file| file.blob_sha256.as_str()).collect();
        let contents: Vec<&str> = contents.into_iter().collect();
        if !contents.is_empty() {
            let lost = keep_placed(transaction, &contents).await?;
            if !lost.is_empty() {
                let text = "bytes that were just stored are not there any more: run it again";
                return Err(service::Error::Conflict(text.to_owned()).into());
            }
        }
        insert(transaction, &self.files).await?;
        insert_missing(transaction, &self.memo_files).await?;
        insert_missing(transaction, &self.task_files).await?;
        insert_missing(transaction, &self.project_files).await?;
        insert(transaction, &self.comments).await?;
        for (id, body) in &self.changed_comments {
            comment::Entity::update_many()
                .col_expr(comment::Column::Body, Expr::value(body.as_str()))
                .filter(comment::Column::Id.eq(*id))
                .exec(transaction)
                .await?;
        }
        insert(transaction, &self.reminders).await?;
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
        insert_missing(transaction, &self.unread).await?;
        remember(transaction, &self.notes).await
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
