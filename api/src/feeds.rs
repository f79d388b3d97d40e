//! What people can subscribe to, and where a client goes on after a break.

use service::{events::Events, feed::Feed, notifications::Notifications};

/// The feeds of this process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    /// Events of memos.
    pub events: Feed<Events>,
    /// Notifications.
    pub notifications: Feed<Notifications>,
}

/// The key for the id of the last `MemoEvent` in a WebSocket's first message and its answer.
pub const LAST_EVENT_ID: &str = "lastEventId";
/// The same for the id of the last `NotificationAdded`.
pub const LAST_NOTIFICATION_ID: &str = "lastNotificationId";

/// The ids of the latest rows, one for each feed: those that the client knew when it connected, or
/// those of the server then.
#[derive(Debug, Clone, Default)]
pub struct LastIds {
    /// At [`LAST_EVENT_ID`].
    pub event: Option<String>,
    /// At [`LAST_NOTIFICATION_ID`].
    pub notification: Option<String>,
}
