//! An event of a memo, for subscriptions.

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
    /// Its position among all events, assigned after its commit. Null until then.
    pub position: Option<i64>,
    /// The memo, which may not exist any more.
    pub memo_id: Uuid,
    /// What happened.
    pub kind: MemoEventKind,
    /// Who did it.
    pub actor_id: Uuid,
    /// The author of the memo.
    pub author_id: Uuid,
    /// The recipient at that time.
    pub recipient_id: Uuid,
    /// Whether the memo was a draft at that time. Then only its author may receive the event.
    pub draft: bool,
    /// The subscribers at that time: a JSON array of ids.
    pub subscriber_ids: Json,
    /// The record of the deletion, if the event is one.
    pub deletion_id: Option<Uuid>,
    /// When it happened.
    pub occurred_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
