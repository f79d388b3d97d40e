//! A notification of a person.

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
    /// Its position among all notifications, assigned after its commit. Null until then. Zero if it
    /// is older than positions.
    pub position: Option<i64>,
    /// The recipient of the notification.
    pub user_id: Uuid,
    /// What happened.
    pub kind: NotificationKind,
    /// Who did it.
    pub actor_id: Uuid,
    /// The memo, which may not exist any more.
    pub memo_id: Option<Uuid>,
    /// The task, which may not exist any more.
    pub task_id: Option<Uuid>,
    /// The project, which may not exist any more.
    pub project_id: Option<Uuid>,
    /// The record of the deletion, if the notification is about one.
    pub deletion_id: Option<Uuid>,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When the person read it.
    pub read_at: Option<DateTimeUtc>,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
