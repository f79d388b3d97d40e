//! A retention order: nobody deletes the memo while it lasts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `memo_holds`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_holds")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The memo, also after the hold's release and the memo's deletion.
    pub memo_id: Uuid,
    /// The memo while the hold is active: a foreign key that forbids erasing it, live or deleted.
    /// Null once released.
    pub held_memo_id: Option<Uuid>,
    /// Why, for administrators, 1–2,000 characters.
    pub reason: String,
    /// The administrator who placed it.
    pub placed_by: Uuid,
    /// When.
    pub placed_at: DateTimeUtc,
    /// The administrator who released it.
    pub released_by: Option<Uuid>,
    /// When.
    pub released_at: Option<DateTimeUtc>,
    /// The matter for which it is kept, at most 250 characters; empty for none in particular. A
    /// memo has one active hold for each.
    pub matter: String,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
