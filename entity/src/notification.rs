//! Something that a person is told.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::NotificationKind;

/// A row of `notifications`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "notifications")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who is told.
    pub user_id: Uuid,
    /// What happened.
    pub kind: NotificationKind,
    /// Who did it.
    pub actor_id: Uuid,
    /// To which memo; it may be gone by now.
    pub memo_id: Option<Uuid>,
    /// Of which task; it may be gone by now.
    pub task_id: Option<Uuid>,
    /// Of which project; it may be gone by now.
    pub project_id: Option<Uuid>,
    /// The deletion record that tells more.
    pub deletion_id: Option<Uuid>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When the person read it.
    pub read_at: Option<DateTimeUtc>,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
