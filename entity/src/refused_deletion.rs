//! An attempt to delete a memo that was refused to somebody who can see it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `refused_deletions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "refused_deletions")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The memo; it may be gone by now.
    pub memo_id: Uuid,
    /// Who tried.
    pub user_id: Uuid,
    /// The refusal's codes as in the API, separated by spaces.
    pub codes: String,
    /// When.
    pub refused_at: DateTimeUtc,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
