//! Deals, tags and resolutions.

use super::memo_page::{COST_OF_LIST, MemoPage, memos_with};
use crate::{
    at_hand,
    graphql::{
        connection::{PageArguments, weight},
        enums::WorkStatus,
        error::ApiResult,
        id::Kind,
        scalars::{Date, Moment},
    },
};
use async_graphql::{Context, ID, Object};
use entity::{deal, resolution, tag};
use service::memos::MemoFilter;
use std::sync::Arc;

pub struct Deal(pub Arc<deal::Model>);

impl From<deal::Model> for Deal {
    fn from(row: deal::Model) -> Self {
        Self(Arc::new(row))
    }
}

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
    async fn status(&self) -> WorkStatus {
        self.0.status.into()
    }

    /// The day by which it should be closed; null if none is set.
    async fn due_date(&self) -> Option<Date> {
        self.0.due_date.map(Date)
    }

    /// When it was created.
    async fn created_at(&self) -> Moment {
        Moment(self.0.created_at)
    }

    /// The memos about it that the viewer can see, the latest first.
    #[graphql(complexity = "COST_OF_LIST + weight(first, last) * child_complexity")]
    async fn memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<MemoPage> {
        let filter = MemoFilter { deal_id: Some(self.0.id), ..MemoFilter::default() };
        memos_with(ctx, filter, &PageArguments::of(ctx, first, after, last, before)).await
    }
}

pub struct Tag(pub Arc<tag::Model>);

impl From<tag::Model> for Tag {
    fn from(row: tag::Model) -> Self {
        Self(Arc::new(row))
    }
}

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

    /// The memos with it that the viewer can see, the latest first.
    #[graphql(complexity = "COST_OF_LIST + weight(first, last) * child_complexity")]
    async fn memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<MemoPage> {
        let filter = MemoFilter { tag_id: Some(self.0.id), ..MemoFilter::default() };
        memos_with(ctx, filter, &PageArguments::of(ctx, first, after, last, before)).await
    }
}

pub struct Resolution(pub Arc<resolution::Model>);

impl From<resolution::Model> for Resolution {
    fn from(row: resolution::Model) -> Self {
        Self(Arc::new(row))
    }
}

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

at_hand!(Deal {
    "id" => id,
    "name" => name,
    "status" => status,
    "dueDate" => due_date,
    "createdAt" => created_at,
});
at_hand!(Tag { "id" => id, "name" => name });
at_hand!(Resolution { "id" => id, "name" => name });
