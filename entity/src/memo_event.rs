//! Something that happened to a memo, for those who listen.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::MemoEventKind;

/// A row of `memo_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_events")]
pub struct Model {
    /// The order of writing.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its place among all events, given after its commit; null until then.
    pub position: Option<i64>,
    /// The memo; it may be gone by now.
    pub memo_id: Uuid,
    /// What happened.
    pub kind: MemoEventKind,
    /// Who did it.
    pub actor_id: Uuid,
    /// Who wrote the memo.
    pub author_id: Uuid,
    /// To whom it was then.
    pub recipient_id: Uuid,
    /// Whether it was a draft then, which its author alone may hear of.
    pub draft: bool,
    /// Who read it along then: a JSON array of ids.
    pub subscriber_ids: Json,
    /// The record of the deletion that it tells of.
    pub deletion_id: Option<Uuid>,
    /// When.
    pub occurred_at: DateTimeUtc,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
