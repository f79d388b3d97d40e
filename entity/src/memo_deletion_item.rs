//! One thing that a deletion removed or kept, with what a restore needs.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::Disposition;

/// A row of `memo_deletion_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_deletion_items")]
pub struct Model {
    /// The record that lists it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub deletion_id: Uuid,
    /// Its place in the list, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// Removed or kept.
    pub disposition: Disposition,
    /// `DeletionItemKind` in the API.
    pub kind: String,
    /// The thing itself, or the other end of a removed link.
    pub node_id: Option<Uuid>,
    /// Whether the memo's author may know which one it is.
    pub author_sees: bool,
    /// Whether the memo's recipient may know which one it is.
    pub recipient_sees: bool,
    /// Its name or beginning; erased by the purge.
    pub label: Option<String>,
    /// Why it stays; null for what went.
    pub kept_reason: Option<String>,
    /// Bytes that a restore needs; erased by the purge.
    pub blob_sha256: Option<String>,
    /// The removed row as JSON; erased by the purge.
    pub content: Option<String>,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
