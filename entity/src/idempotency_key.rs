//! An idempotency key: a request that has created something, and that its sender may repeat.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `idempotency_keys`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// The person who sent the request. Each person has their own keys.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The key that the client chose, 1 to 128 characters.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The operation, such as `CreateMemo`.
    pub verb: String,
    /// The SHA-256 of the operation's input, in hexadecimal.
    pub input_sha256: String,
    /// The id of what the request created. It may have been deleted since.
    pub created_id: Uuid,
    /// When the request created it.
    pub created_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
