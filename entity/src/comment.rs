//! A comment in a memo's discussion.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `comments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "comments")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The memo.
    pub memo_id: Uuid,
    /// Who wrote it.
    pub author_id: Uuid,
    /// The text.
    pub body: String,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub edited_at: Option<DateTimeUtc>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
