//! A mark that a person has not read a memo, or something new in it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `unread_marks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "unread_marks")]
pub struct Model {
    /// The memo.
    #[sea_orm(primary_key, auto_increment = false)]
    pub memo_id: Uuid,
    /// The person who has not read it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// When the mark was set.
    pub created_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
