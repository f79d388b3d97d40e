//! A name for stored bytes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `files`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "files")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// File name as uploaded, 1–250 characters.
    pub name: String,
    /// For example `application/pdf`.
    pub media_type: String,
    /// Length in bytes.
    pub size: i64,
    /// Which bytes.
    pub blob_sha256: String,
    /// Who uploaded it.
    pub uploaded_by: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was last taken off a memo, a task or a project; `None` if it never was.
    #[serde(default)]
    pub detached_at: Option<DateTimeUtc>,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
