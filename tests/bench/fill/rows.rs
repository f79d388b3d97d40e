//! Rows to insert, many in one statement.

use crate::Result;
use entity::{
    blob, comment, file, memo, memo_file, memo_subscriber, memo_tag, reminder, task, task_file,
    task_member,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    TransactionTrait,
};
use service::database::Database;

/// Rows per statement: few enough for SQLite's limit of parameters, even in the widest table.
const ROWS_A_STATEMENT: usize = 1_000;

/// Rows that are written together.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) memos: Vec<memo::Model>,
    pub(super) subscribers: Vec<memo_subscriber::Model>,
    pub(super) tags: Vec<memo_tag::Model>,
    pub(super) tasks: Vec<task::Model>,
    pub(super) members: Vec<task_member::Model>,
    pub(super) comments: Vec<comment::Model>,
    pub(super) reminders: Vec<reminder::Model>,
    pub(super) blobs: Vec<blob::Model>,
    pub(super) files: Vec<file::Model>,
    pub(super) attachments: Vec<memo_file::Model>,
    pub(super) transfers: Vec<task_file::Model>,
}

impl Rows {
    /// Writes the rows in one transaction, each table after the tables to which it refers.
    ///
    /// # Errors
    /// The error of the database.
    pub(super) async fn insert(self, database: &Database) -> Result<()> {
        let transaction = database.connection().begin().await?;
        insert(&transaction, self.tasks).await?;
        insert(&transaction, self.members).await?;
        insert(&transaction, self.memos).await?;
        insert(&transaction, self.subscribers).await?;
        insert(&transaction, self.tags).await?;
        insert(&transaction, self.comments).await?;
        insert(&transaction, self.reminders).await?;
        insert(&transaction, self.blobs).await?;
        insert(&transaction, self.files).await?;
        insert(&transaction, self.attachments).await?;
        insert(&transaction, self.transfers).await?;
        Ok(transaction.commit().await?)
    }
}

/// Writes rows of one table.
///
/// # Errors
/// The error of the database.
pub(super) async fn insert<M, A>(
    connection: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = M>,
) -> Result<()>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<A> = rows.by_ref().take(ROWS_A_STATEMENT).collect();
        A::Entity::insert_many(chunk).exec_without_returning(connection).await?;
    }
    Ok(())
}
