//! A date on which one person wants to be reminded of a memo.

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
    /// Whose reminder; nobody else sees it.
    pub user_id: Uuid,
    /// When to remind.
    pub due_at: DateTimeUtc,
    /// When the person put it aside.
    pub dismissed_at: Option<DateTimeUtc>,
    /// When the person was reminded: once.
    pub fired_at: Option<DateTimeUtc>,
    /// When it was set.
    pub created_at: DateTimeUtc,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
