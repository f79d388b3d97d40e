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
    /// Unique username for signing in and for the command line, 1 to 64 characters.
    pub username: String,
    /// The displayed name, 1 to 250 characters.
    pub full_name: String,
    /// Unique email address. Only the person and administrators see it.
    pub email: String,
    /// What the person may do besides handling their own memos.
    pub role: UserRole,
    /// Whether the person can sign in. The memos of inactive people remain.
    pub active: bool,
    /// When the person was added.
    pub created_at: DateTimeUtc,
    /// Full name and username in lower case, each word at the beginning of a line. The search for
    /// people uses it.
    pub search_name: String,
    /// When the person was erased. Names and address are pseudonyms since then, and the person is
    /// never active again.
    pub erased_at: Option<DateTimeUtc>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
