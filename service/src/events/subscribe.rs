//! Subscriptions to events.

use super::{
    SEQUENCE,
    read::{self, WantedEvents},
};
use crate::{
    Result, Services, Viewer,
    access::sees_event,
    feed::{Feed, ListenRefusal, Part, Sequence, Sequenced},
};
use entity::memo_event;
use futures_util::Stream;
use std::sync::Arc;
use uuid::Uuid;

/// Events of memos.
#[derive(Debug)]
pub enum Events {}

impl Sequenced for Events {
    type Row = memo_event::Model;
    type Wanted = WantedEvents;

    const SEQUENCE: Sequence = SEQUENCE;

    fn position(row: &Self::Row) -> Option<i64> {
        row.position
    }

    fn is_wanted(wanted: &Self::Wanted, row: &Self::Row) -> bool {
        wanted.memo_id.is_none_or(|memo_id| memo_id == row.memo_id)
            && sees_event(row, wanted.viewer, wanted.chief_after)
    }

    async fn after(services: &Services, position: i64) -> Result<Vec<Self::Row>> {
        read::after(services, position).await
    }

    async fn missed(
        services: &Services,
        wanted: &Self::Wanted,
        part: Part,
    ) -> Result<Vec<Self::Row>> {
        read::missed(services, wanted, part).await
    }

    async fn is_kept(services: &Services, position: i64) -> Result<bool> {
        read::is_kept(services, position).await
    }
}

/// The stream of events that the viewer may receive, from now on or after a position. With a memo's
/// id, it contains only the events of that memo. It ends with the server.
///
/// # Errors
/// Returns errors of the database.
pub async fn listen(
    feed: &Feed<Events>,
    services: Services,
    viewer: Viewer,
    memo_id: Option<Uuid>,
    after: Option<i64>,
) -> Result<
    Result<impl Stream<Item = Result<Arc<memo_event::Model>>> + Send + 'static, ListenRefusal>,
> {
    let chief_after =
        if viewer.is_chief() { read::chief_after(&services, viewer).await? } else { None };
    feed.listen(services, WantedEvents { viewer, memo_id, chief_after }, after).await
}
