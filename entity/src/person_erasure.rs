//! The record that a person was erased. It names nobody, and is never deleted.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `person_erasures`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "person_erasures")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The person, who has a pseudonym now. Each person is erased once.
    pub person_id: Uuid,
    /// The administrator. Null if the erasure was repeated from the ledger, and this database does
    /// not know the administrator.
    pub erased_by: Option<Uuid>,
    /// When the person was erased.
    pub erased_at: DateTimeUtc,
    /// The administrator's reason, 1–250 characters. Null if it was repeated from the ledger, or if
    /// the administrator was erased too.
    pub reason: Option<String>,
    /// How many rows of each kind went and stayed.
    pub counts: Json,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
