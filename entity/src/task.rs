//! A piece of work, often created from a memo.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::WorkStatus;

/// A row of `tasks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// 1 to 250 characters.
    pub name: String,
    /// What is to be done.
    pub description: String,
    /// The status.
    #[sea_orm(column_name = "stage")]
    pub status: WorkStatus,
    /// The day on which it is due.
    pub due_date: Option<Date>,
    /// Who created it.
    pub created_by: Uuid,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// The memo from which it was created, which may not exist any more.
    pub source_memo_id: Option<Uuid>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
