//! A thing that a deletion record lists but that somebody has deleted since. A restore cannot bring
//! it back.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_deletion_missing`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_deletion_missing")]
pub struct Model {
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub deletion_id: Uuid,
    /// The kind of the removed thing: `DeletionItemKind` in the API.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// The thing itself, or the other end of a removed link.
    #[sea_orm(primary_key, auto_increment = false)]
    pub node_id: Uuid,
    /// Its name, or the beginning of its text.
    pub label: Option<String>,
    /// Whether the memo's author may know its name.
    pub author_sees: bool,
    /// Whether the memo's recipient may know its name.
    pub recipient_sees: bool,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
