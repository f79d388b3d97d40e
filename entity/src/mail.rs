//! A mail about a notification, in the outbox.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `mails`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    /// UUIDv7; also the mail's `Message-ID`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The notification.
    pub notification_id: Uuid,
    /// The recipient.
    pub user_id: Uuid,
    /// The name of the memo or work when the mail was written. Erased when the mail is sent or
    /// abandoned.
    pub subject_name: Option<String>,
    /// How often it has been attempted.
    pub attempts: i64,
    /// The earliest time of the next attempt. It is after the last failure, or after the end of the
    /// lease of the worker that is trying it.
    pub next_attempt_at: DateTimeUtc,
    /// The mail server's reply to the last failed attempt.
    pub last_error: Option<String>,
    /// When the mail server accepted it.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was abandoned.
    pub given_up_at: Option<DateTimeUtc>,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

/// Empty, because statements name their joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
