//! A larger piece of work, often created from a memo.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::WorkStage;

/// A row of `projects`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// 1–250 characters.
    pub name: String,
    /// What is to be reached.
    pub description: String,
    /// How far it is.
    pub stage: WorkStage,
    /// When it should be done.
    pub due_date: Option<Date>,
    /// Who created it.
    pub created_by: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
    /// The memo from which it was created; it may be gone by now.
    pub source_memo_id: Option<Uuid>,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
