//! What the servers of an installation know in common.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `installation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    /// What it is: `file_store`, `observed_time`, `secret`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// What is known of it, as a text of its own format.
    pub value: String,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
