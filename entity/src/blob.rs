//! Stored bytes, addressed by their content.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `blobs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "blobs")]
pub struct Model {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: String,
    /// Length in bytes.
    pub size: i64,
    /// Location of the bytes in the file store.
    pub location: String,
    /// When they were stored.
    pub created_at: DateTimeUtc,
    /// When somebody last started to store the same bytes. They are kept for a while after that,
    /// even if no file has them yet.
    pub claimed_at: Option<DateTimeUtc>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
