//! A named file, which refers to stored bytes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `files`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "files")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// File name as uploaded, 1 to 250 characters.
    pub name: String,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// Length in bytes.
    pub size: i64,
    /// The stored bytes.
    pub blob_sha256: String,
    /// Who uploaded it.
    pub uploaded_by: Uuid,
    /// When it was uploaded.
    pub created_at: DateTimeUtc,
    /// When it was last detached from a memo, task or project. `None` if it never was.
    #[serde(default)]
    pub detached_at: Option<DateTimeUtc>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
