//! What the servers of an installation share.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `installation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    /// The name of the value: `file_store`, `last_backup`, `observed_time` or `secret`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The value. Each name has its own format.
    pub value: String,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
