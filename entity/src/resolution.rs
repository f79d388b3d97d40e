//! What an author wants from a memo's recipient, such as "for approval" or "for information".

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `resolutions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "resolutions")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique, 1 to 250 characters.
    pub name: String,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
