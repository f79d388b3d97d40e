//! The record of a memo's deletion: who, when, why, in which role, what went, what stayed.

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
    /// The id of the memo. A restored memo has it again.
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
    /// When it was deleted.
    pub deleted_at: DateTimeUtc,
    /// The reason that the person gave, at most 2,000 characters. Erased by the purge.
    pub reason: Option<String>,
    /// The verdict of the rules on the deletion.
    pub verdict: DeletionVerdict,
    /// The warnings that were confirmed: `[{"code", "count"}]`.
    pub warnings: Json,
    /// What went and what stayed: `[{"disposition", "kind", "count"}]`.
    pub counts: Json,
    /// The files that stayed and why: `{"<32 hexadecimal digits>": "<reason>"}`. The purge replaces
    /// the ids by numbers.
    pub kept_files: Json,
    /// Size of the files that went, in bytes.
    pub bytes_freed: i64,
    /// From this time on the memo can be purged and not restored.
    pub restorable_until: DateTimeUtc,
    /// When it was restored.
    pub restored_at: Option<DateTimeUtc>,
    /// Who restored it.
    pub restored_by: Option<Uuid>,
    /// When the memo was erased: by the purge, or by a person before its time.
    pub purged_at: Option<DateTimeUtc>,
    /// Who erased it before its time. `None` after a purge.
    pub erased_by: Option<Uuid>,
    /// The reason that this person gave, at most 250 characters. It stays with the record.
    pub erasure_reason: Option<String>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
