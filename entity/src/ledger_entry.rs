//! Something that is still to be appended to the ledger, apart from deletions and restores, which
//! are taken from their events.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::LedgerKind;

/// A row of `ledger_entries`. It is deleted when the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "ledger_entries")]
pub struct Model {
    /// The order of writing.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What happened.
    pub kind: LedgerKind,
    /// The record of the deletion. Null for a person.
    pub deletion_id: Option<Uuid>,
    /// The memo, which may not exist any more. Null for a person.
    pub memo_id: Option<Uuid>,
    /// Who did it. Null for what the server does by itself.
    pub person_id: Option<Uuid>,
    /// When it happened.
    pub occurred_at: DateTimeUtc,
    /// The erased person. Null for a memo.
    pub erased_person_id: Option<Uuid>,
    /// An array of the keyed hashes that recognise the person. Null for a memo.
    pub identities: Option<Json>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
