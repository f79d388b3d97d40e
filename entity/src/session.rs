//! That somebody has signed in with a password, on one device.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// UUIDv7; the claim `sid` of its access tokens.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who.
    pub user_id: Uuid,
    /// 256 random bits, in hexadecimal, from which, with a key that is not in the database, its
    /// refresh tokens are made.
    pub seed: String,
    /// The number of the refresh token that is good; those below it have been used.
    pub generation: i64,
    /// When the last refresh token was used.
    pub refreshed_at: DateTimeUtc,
    /// When the person signed in.
    pub created_at: DateTimeUtc,
    /// When it ends by itself.
    pub expires_at: DateTimeUtc,
    /// When it was ended.
    pub revoked_at: Option<DateTimeUtc>,
    /// What the client calls itself, at most 200 characters.
    pub user_agent: Option<String>,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
