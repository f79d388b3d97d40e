//! The password of a person with a local account.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `credentials`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "credentials")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
    /// When the password was set.
    pub changed_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
