//! The attachment of a file to a task, uploaded there or transferred from a memo.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `task_files`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "task_files")]
pub struct Model {
    /// The task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: Uuid,
    /// The file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: Uuid,
    /// When it was attached.
    pub created_at: DateTimeUtc,
    /// Who attached it. `None` for attachments that an earlier version made.
    pub attached_by: Option<Uuid>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
