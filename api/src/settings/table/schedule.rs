//! What a server does by itself, and how long it keeps things.

use crate::settings::{
    declare::settings,
    setting::{days, hours, minutes, seconds},
};
use chrono::TimeDelta;
use std::time::Duration;

settings! {
    /// What a server does by itself, and how long it keeps things.
    #[derive(Debug, Clone, Copy)]
    pub struct Schedule {
        in Server {
            /// How long a deleted memo can be restored.
            restorable_for: TimeDelta = RESTORABLE_DAYS(
                "restorable-days",
                days(1, 3650).default(30)
            );
            /// How often deleted memos that can no longer be restored are erased; 0 for never.
            purge_every: Option<Duration> = PURGE_EVERY(
                "purge-every-minutes",
                minutes(0, 525_600).zero("never").default(60)
            );
            /// How often the server looks for reminders that are due; 0 for never, if another
            /// server does it.
            reminders_every: Option<Duration> = REMINDERS_EVERY(
                "reminders-every-seconds",
                seconds(0, 3600).zero("never").default(30)
            );
            /// How long events are kept, so that a client that was offline can catch up.
            events_kept_for: TimeDelta = EVENT_DAYS("event-days", days(1, 3650).default(7));
        }
        in Files {
            /// How long a file that is attached to nothing is kept.
            uploads_kept_for: TimeDelta = UPLOAD_HOURS("upload-hours", hours(1, 8760).default(24));
        }
    }
}
