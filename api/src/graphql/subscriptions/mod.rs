//! Subscriptions, one file each.

mod memo_events;

pub use memo_events::{LAST_EVENT_ID, LastEventId, Subscription};
