//! A mail that tells of a notification: a row of the outbox.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `mails`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    /// UUIDv7; also the mail's `Message-ID`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it tells of.
    pub notification_id: Uuid,
    /// To whom.
    pub user_id: Uuid,
    /// The name of the memo or the work as it was. Erased when the mail is sent or given up.
    pub subject_name: Option<String>,
    /// How often it has been tried.
    pub attempts: i64,
    /// When it may be tried next: after a failure, or after who tries it now must have ended.
    pub next_attempt_at: DateTimeUtc,
    /// What the mail server answered to the last failed attempt.
    pub last_error: Option<String>,
    /// When the mail server took it.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was given up.
    pub given_up_at: Option<DateTimeUtc>,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

/// None: statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
