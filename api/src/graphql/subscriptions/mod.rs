//! Subscriptions, one file each.

mod memo_events;
mod notification_added;
mod start;

use async_graphql::MergedSubscription;

/// Everything that clients can subscribe to, over WebSocket (graphql-transport-ws) or server-sent
/// events (graphql-sse). A subscription ends when the token expires.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    memo_events::MemoEventsSubscription,
    notification_added::NotificationAddedSubscription,
);
