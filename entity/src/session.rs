//! A session: a person has signed in with a password on a device.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// UUIDv7, the claim `sid` of its access tokens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// 256 random bits in hexadecimal. Its refresh tokens are made from this and from a key that is
    /// not in the database.
    pub seed: String,
    /// The number of the valid refresh token. Tokens with smaller numbers have been used.
    pub generation: i64,
    /// When the last refresh token was used.
    pub refreshed_at: DateTimeUtc,
    /// When the person signed in.
    pub created_at: DateTimeUtc,
    /// When it expires.
    pub expires_at: DateTimeUtc,
    /// When it was ended before that.
    pub revoked_at: Option<DateTimeUtc>,
    /// The name of the client (`User-Agent`), at most 200 characters.
    pub user_agent: Option<String>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
