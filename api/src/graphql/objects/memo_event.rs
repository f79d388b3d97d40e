//! Something that happened to a memo.

use super::{
    Memo,
    memo_deletion::MemoDeletion,
    user::{User, user_by_id},
};
use crate::graphql::{
    error::{ApiError, ApiResult},
    id::Kind,
    loaders::{MemoById, RecordById, loaders},
    words::MemoEventKind,
};
use async_graphql::{Context, ID, Object};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::memo_event;
use std::sync::Arc;

/// What stands before the place in an event's id, so that no other cursor is taken for one.
const PREFIX: &str = "memo event ";

/// The id of the event at that place.
pub fn event_id(position: i64) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{PREFIX}{position}")))
}

/// The place in an event's id.
///
/// # Errors
/// [`ApiError::BadUserInput`] for what is no id of an event.
pub fn event_position(id: &ID) -> ApiResult<i64> {
    let decoded = URL_SAFE_NO_PAD.decode(id.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let position = decoded
        .as_deref()
        .and_then(|text| text.strip_prefix(PREFIX))
        .and_then(|position| position.parse().ok());
    position.filter(|position| *position >= 0).ok_or_else(|| {
        ApiError::BadUserInput(
            "after is no id of an event: give the `id` of an event that this server has sent.".to_owned(),
        )
    })
}

pub struct MemoEvent(pub Arc<memo_event::Model>);

/// Something that happened to a memo.
#[Object]
impl MemoEvent {
    /// Its place in the order of events, for `after`. It is no global id.
    async fn id(&self) -> ID {
        event_id(self.0.position.unwrap_or_default())
    }

    /// What happened.
    async fn kind(&self) -> MemoEventKind {
        self.0.kind.into()
    }

    /// The memo's global id.
    async fn memo_id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// The memo as it is now; null if it is gone, or if the viewer may not see it any more.
    async fn memo(&self, ctx: &Context<'_>) -> ApiResult<Option<Memo>> {
        Ok(loaders(ctx)?.load(MemoById(self.0.memo_id)).await?.map(Memo))
    }

    /// Who did it.
    async fn actor(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.actor_id).await
    }

    /// The record of a deletion, if the viewer may see it.
    async fn deletion(&self, ctx: &Context<'_>) -> ApiResult<Option<MemoDeletion>> {
        match self.0.deletion_id {
            Some(id) => Ok(loaders(ctx)?.load(RecordById(id)).await?.map(MemoDeletion)),
            None => Ok(None),
        }
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }
}
