//! A short office note from an author to a recipient.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::MemoStage;

/// A row of `memos`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memos")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Title, 1–250 characters.
    pub name: String,
    /// What the author writes.
    pub description: String,
    /// The conclusion, for author and recipient alone.
    pub note: Option<String>,
    /// Who wrote it.
    pub author_id: Uuid,
    /// To whom it is sent; may be the author (a to-do for oneself).
    pub recipient_id: Uuid,
    /// Where the recipient has taken it.
    pub stage: MemoStage,
    /// Visible to its author alone.
    pub draft: bool,
    /// The day on which the recipient wants to look at it (again).
    pub review_date: Option<Date>,
    /// The deal that it is about.
    pub deal_id: Option<Uuid>,
    /// The task that the recipient created from it.
    pub task_id: Option<Uuid>,
    /// The project that the recipient created from it.
    pub project_id: Option<Uuid>,
    /// The resolution: what its author wants it for.
    pub resolution_id: Option<Uuid>,
    /// When it was sent; null while it is a draft.
    pub sent_at: Option<DateTimeUtc>,
    /// When the recipient first acted on it: the event that takes the author's right to delete it.
    pub acted_at: Option<DateTimeUtc>,
    /// The stage to which that first act moved it.
    pub acted_stage: Option<MemoStage>,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When its own fields last changed.
    pub updated_at: DateTimeUtc,
    /// Rises with every change to the memo's own fields: what an editor has seen of them.
    #[serde(default)]
    pub version: i64,
    /// Rises with every change to the memo or to anything tied to it. Kept by the database's
    /// triggers.
    pub revision: i64,
    /// Whether a hold is active. Kept by the database's triggers.
    pub on_hold: bool,
    /// Number of its comments. Kept by the database's triggers.
    pub comment_count: i64,
    /// How many of them its author wrote. Kept by the database's triggers.
    pub author_comment_count: i64,
    /// How many of them its recipient wrote. Kept by the database's triggers.
    pub recipient_comment_count: i64,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
