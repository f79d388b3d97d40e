//! Bytes to remove from the file store.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `blob_removals`. No file has the bytes. No content is stored at their location while
/// the row exists.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "blob_removals")]
pub struct Model {
    /// Location of the bytes in the file store.
    #[sea_orm(primary_key, auto_increment = false)]
    pub location: String,
    /// When they were found to be unused.
    pub created_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
