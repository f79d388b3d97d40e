//! The record that memos, tasks and projects of a person who has left were passed on.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_reassignments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_reassignments")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person who has left.
    pub from_user_id: Uuid,
    /// The person who got the memos.
    pub to_user_id: Uuid,
    /// The administrator who passed them on.
    pub reassigned_by: Uuid,
    /// When they were passed on.
    pub reassigned_at: DateTimeUtc,
    /// The number of memos.
    pub memo_count: i64,
    /// Of how many memos the person who left was the author.
    pub as_author_count: i64,
    /// Of how many memos the person who left was the recipient.
    pub as_recipient_count: i64,
    /// The number of open tasks and projects for which the new person became responsible.
    pub work_count: i64,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
