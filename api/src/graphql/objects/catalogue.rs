//! Deals, tags and resolutions.

use crate::graphql::{date::Date, enums::WorkStage, id::Kind};
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use entity::{deal, resolution, tag};

pub struct Deal(pub deal::Model);

/// A deal of the CRM that memos can be about.
#[Object]
impl Deal {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Deal.id(self.0.id)
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The progress.
    async fn stage(&self) -> WorkStage {
        self.0.stage.into()
    }

    /// The day by which it should be closed; null if none is set.
    async fn due_date(&self) -> Option<Date> {
        self.0.due_date.map(Date)
    }

    /// When it was created.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

pub struct Tag(pub tag::Model);

/// A label that can be put on any memo.
#[Object]
impl Tag {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Tag.id(self.0.id)
    }

    /// The unique name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}

pub struct Resolution(pub resolution::Model);

/// What an author wants a memo for, for example "For approval" or "For information".
#[Object]
impl Resolution {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Resolution.id(self.0.id)
    }

    /// The unique name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
