//! A keyed hash that recognises an erased person. It reveals neither name nor address.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `erased_identities`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "erased_identities")]
pub struct Model {
    /// HMAC-SHA-256 of a provider's subject or of an address, in hexadecimal digits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// When the person was erased.
    pub erased_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
