//! A tag on a memo.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_tags`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_tags")]
pub struct Model {
    /// The memo.
    #[sea_orm(primary_key, auto_increment = false)]
    pub memo_id: Uuid,
    /// The tag.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag_id: Uuid,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
