//! Subscriptions, one file each.

mod memo_events;

pub use memo_events::Subscription;
