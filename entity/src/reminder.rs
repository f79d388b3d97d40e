//! A reminder of a memo, for one person.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `reminders`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "reminders")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The memo.
    pub memo_id: Uuid,
    /// The owner. Nobody else sees the reminder.
    pub user_id: Uuid,
    /// When it is due.
    pub due_at: DateTimeUtc,
    /// When the owner dismissed it.
    pub dismissed_at: Option<DateTimeUtc>,
    /// When the owner was notified. This happens once.
    pub fired_at: Option<DateTimeUtc>,
    /// When it was set.
    pub created_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
