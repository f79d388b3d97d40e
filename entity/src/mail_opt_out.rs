//! A person's choice to get no mail for a kind of notification.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::kinds::NotificationKind;

/// A row of `mail_opt_outs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mail_opt_outs")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: NotificationKind,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
