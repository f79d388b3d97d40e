//! Who hears of an event.

use super::MemoAccess;
use crate::Viewer;
use entity::memo_event;
use uuid::Uuid;

/// Whether the viewer hears of the event: whoever saw the memo when it happened. The event's row
/// says who that was. Company management hears what happened after the place `chief_after`, since
/// which they are that. There is no condition for statements: a process reads all events, once.
pub fn sees_event(event: &memo_event::Model, viewer: Viewer, chief_after: Option<i64>) -> bool {
    let access = MemoAccess {
        is_author: event.author_id == viewer.id,
        is_recipient: event.recipient_id == viewer.id,
        is_subscriber: false,
        is_chief: viewer.is_chief()
            && chief_after.is_some_and(|after| event.position > Some(after)),
        draft: event.draft,
    };
    // The list of subscribers is read only where it decides.
    access.is_visible()
        || MemoAccess { is_subscriber: subscribed(event, viewer.id), ..access }.is_visible()
}

fn subscribed(event: &memo_event::Model, person: Uuid) -> bool {
    let ids = event.subscriber_ids.as_array().into_iter().flatten().filter_map(|id| id.as_str());
    ids.filter_map(|id| id.parse::<Uuid>().ok()).any(|id| id == person)
}
