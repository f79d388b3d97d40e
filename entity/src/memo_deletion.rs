//! What remains of a deleted memo: who, when, why, in which role, what went, what stayed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::{DeletionVerdict, MemoStage};

/// A row of `memo_deletions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "memo_deletions")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The id that the memo had, and gets back by a restore.
    pub memo_id: Uuid,
    /// Its name, until the purge.
    pub memo_name: Option<String>,
    /// Its author.
    pub author_id: Uuid,
    /// Its recipient.
    pub recipient_id: Uuid,
    /// Its stage when it was deleted.
    pub stage: MemoStage,
    /// Whether it was a draft.
    pub draft: bool,
    /// Who deleted it.
    pub deleted_by: Uuid,
    /// When.
    pub deleted_at: DateTimeUtc,
    /// Why, in that person's words, at most 2,000 characters. Erased by the purge.
    pub reason: Option<String>,
    /// The verdict under which it happened.
    pub verdict: DeletionVerdict,
    /// The warnings that were confirmed: `[{"code", "count"}]`.
    pub warnings: Json,
    /// What went and what stayed: `[{"disposition", "kind", "count"}]`.
    pub counts: Json,
    /// The files that stayed and why: `{"<32 hexadecimal digits>": "<reason>"}`. Numbers stand in
    /// the place of the ids after the purge.
    pub kept_files: Json,
    /// Size of the files that went, in bytes.
    pub bytes_freed: i64,
    /// From then on the memo may be purged.
    pub restorable_until: DateTimeUtc,
    /// When it was restored.
    pub restored_at: Option<DateTimeUtc>,
    /// By whom.
    pub restored_by: Option<Uuid>,
    /// When the memo was erased.
    pub purged_at: Option<DateTimeUtc>,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
