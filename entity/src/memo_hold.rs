//! A retention order. Nobody can delete the memo while it is active.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_holds`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_holds")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The memo. This remains after the hold's release and the memo's deletion.
    pub memo_id: Uuid,
    /// The memo while the hold is active, otherwise null. This foreign key forbids erasing the
    /// memo, live or deleted.
    pub held_memo_id: Option<Uuid>,
    /// The reason, for administrators, 1 to 2,000 characters.
    pub reason: String,
    /// The administrator who placed it.
    pub placed_by: Uuid,
    /// When it was placed.
    pub placed_at: DateTimeUtc,
    /// The administrator who released it.
    pub released_by: Option<Uuid>,
    /// When it was released.
    pub released_at: Option<DateTimeUtc>,
    /// The matter for which the memo is preserved, at most 250 characters. Empty if there is none.
    /// A memo has at most one active hold per matter.
    pub matter: String,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
