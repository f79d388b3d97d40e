//! The id of a memo that is not erased, live or deleted. Whatever belongs to a memo refers to it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_ids`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_ids")]
pub struct Model {
    /// The memo.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whether the memo is purged and what is left of its belongings goes in portions.
    pub erasing: bool,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
