//! A refused attempt to delete a memo, or to erase a deleted one. The person can see the memo or
//! its record.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `refused_deletions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "refused_deletions")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The memo, which may not exist any more.
    pub memo_id: Uuid,
    /// The person who tried.
    pub user_id: Uuid,
    /// The refusal's codes as in the API, separated by spaces.
    pub codes: String,
    /// When it was refused.
    pub refused_at: DateTimeUtc,
    /// The record of the deletion, if the attempt was to erase it.
    pub deletion_id: Option<Uuid>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
