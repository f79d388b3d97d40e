//! That memos of a person who has left were passed on to somebody else.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_reassignments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_reassignments")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who has left.
    pub from_user_id: Uuid,
    /// Who has the memos now.
    pub to_user_id: Uuid,
    /// The administrator who passed them on.
    pub reassigned_by: Uuid,
    /// When.
    pub reassigned_at: DateTimeUtc,
    /// How many memos.
    pub memo_count: i64,
    /// Of how many the person who left was the author.
    pub as_author_count: i64,
    /// Of how many they were the recipient.
    pub as_recipient_count: i64,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
