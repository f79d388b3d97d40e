//! A deal of the CRM that memos can be about.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::WorkStatus;

/// A row of `deals`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "deals")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// 1 to 250 characters.
    pub name: String,
    /// The status.
    #[sea_orm(column_name = "stage")]
    pub status: WorkStatus,
    /// The day on which it should be closed.
    pub due_date: Option<Date>,
    /// When it was created.
    pub created_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
