//! The identity of a person at an OpenID Connect provider.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `identities`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "identities")]
pub struct Model {
    /// The provider's `iss`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// The person's `sub` there, which never changes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The person here.
    pub user_id: Uuid,
    /// When the person first signed in through the provider.
    pub created_at: DateTimeUtc,
    /// When the token was issued that last set the role.
    pub role_as_of: Option<DateTimeUtc>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
