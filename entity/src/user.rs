//! A person who signs in: author, recipient or subscriber of memos.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::UserRole;

/// A row of `users`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Unique short name for signing in and for the command line, 1–64 characters.
    pub username: String,
    /// The name that others see, 1–250 characters.
    pub full_name: String,
    /// Unique address; visible to the person and to administrators.
    pub email: String,
    /// What the person may do beside their own memos.
    pub role: UserRole,
    /// Inactive people cannot sign in; their memos stay.
    pub active: bool,
    /// When the person was added.
    pub created_at: DateTimeUtc,
    /// Full name and username in small letters, each word at the beginning of a line: by it people
    /// are found.
    pub search_name: String,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
