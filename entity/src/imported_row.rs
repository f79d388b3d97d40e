//! Where a row comes from that was imported from another system.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `imported_rows`. It stays after the imported thing is gone, so that it is not imported
/// again.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "imported_rows")]
pub struct Model {
    /// The name of the other system, such as `django-crm`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// The table there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_table: String,
    /// The row's id there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: i64,
    /// The id of what was made from it. It may be gone.
    pub our_id: Uuid,
    /// The hash of what was made from it. A row that has another hash was changed here.
    pub row_hash: String,
    /// Whether the thing was already here. The other system's changes do not reach it then.
    pub merged: bool,
    /// Which of its moments are a guess, and from what.
    pub inferred: Option<String>,
    /// The ids, there, of what it was linked to: JSON.
    pub links: Option<String>,
    /// When it was first imported.
    pub imported_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
