//! Who receives an event.

use super::MemoAccess;
use crate::Viewer;
use entity::memo_event;
use uuid::Uuid;

/// Whether the viewer receives the event. Everybody who saw the memo when it happened does; the
/// event's row lists them. Company management receives the events after position `chief_after`,
/// where their promotion took effect. There is no SQL condition, because each process reads every
/// event once.
pub fn sees_event(event: &memo_event::Model, viewer: Viewer, chief_after: Option<i64>) -> bool {
    let access = MemoAccess {
        is_author: event.author_id == viewer.id,
        is_recipient: event.recipient_id == viewer.id,
        is_subscriber: false,
        is_chief: viewer.is_chief()
            && chief_after.is_some_and(|after| event.position > Some(after)),
        draft: event.draft,
    };
    // The list of subscribers is read only if the result depends on it.
    access.is_visible()
        || MemoAccess { is_subscriber: subscribed(event, viewer.id), ..access }.is_visible()
}

fn subscribed(event: &memo_event::Model, person: Uuid) -> bool {
    let ids = event.subscriber_ids.as_array().into_iter().flatten().filter_map(|id| id.as_str());
    ids.filter_map(|id| id.parse::<Uuid>().ok()).any(|id| id == person)
}
