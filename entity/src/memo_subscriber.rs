//! A subscription of a person to a memo.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_subscribers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_subscribers")]
pub struct Model {
    /// The memo.
    #[sea_orm(primary_key, auto_increment = false)]
    pub memo_id: Uuid,
    /// The subscriber.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// When the subscription started.
    pub created_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
