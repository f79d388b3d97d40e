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
    /// Title, 1 to 250 characters.
    pub name: String,
    /// The author's text.
    pub description: String,
    /// The conclusion. Only author and recipient see it.
    #[sea_orm(column_name = "note")]
    pub conclusion: Option<String>,
    /// The author.
    pub author_id: Uuid,
    /// The recipient. It may be the author (a to-do for oneself).
    pub recipient_id: Uuid,
    /// The stage to which the recipient has moved it.
    pub stage: MemoStage,
    /// Whether it has not been sent. It exists for its author alone then.
    pub draft: bool,
    /// The day on which the recipient wants to look at it, or look at it again.
    pub review_date: Option<Date>,
    /// The deal that it is about.
    pub deal_id: Option<Uuid>,
    /// The task that the recipient created from it.
    pub task_id: Option<Uuid>,
    /// The project that the recipient created from it.
    pub project_id: Option<Uuid>,
    /// The resolution: what the author wants from the recipient.
    pub resolution_id: Option<Uuid>,
    /// When it was sent. Null while it is a draft.
    pub sent_at: Option<DateTimeUtc>,
    /// When the recipient first acted on it. From then on its author may not delete it.
    pub acted_at: Option<DateTimeUtc>,
    /// The stage to which that first act moved it.
    pub acted_stage: Option<MemoStage>,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When its own fields were last changed.
    pub updated_at: DateTimeUtc,
    /// Rises with every change to the memo's own fields. An editor's request names the version
    /// seen.
    #[serde(default)]
    pub version: i64,
    /// Rises with every change to the memo or to anything tied to it. Triggers maintain it.
    pub revision: i64,
    /// Whether a hold is active. Triggers maintain it.
    pub on_hold: bool,
    /// Number of its comments. Triggers maintain it.
    pub comment_count: i64,
    /// Number of its comments by its author. Triggers maintain it.
    pub author_comment_count: i64,
    /// Number of its comments by its recipient. Triggers maintain it.
    pub recipient_comment_count: i64,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
