//! The id of a memo that is not erased, live or deleted. All belongings of a memo refer to it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_ids`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_ids")]
pub struct Model {
    /// The memo.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whether the memo is purged while its remaining belongings are being erased in portions.
    pub erasing: bool,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
