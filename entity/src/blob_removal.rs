//! Bytes that are to be removed from the file store.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `blob_removals`. No file has the bytes, and no content is stored at their location
/// before the row is gone.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "blob_removals")]
pub struct Model {
    /// Path of the bytes in the file store.
    #[sea_orm(primary_key, auto_increment = false)]
    pub location: String,
    /// When they were found to be of no use.
    pub created_at: DateTimeUtc,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
