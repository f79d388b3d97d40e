//! What a server does on a schedule, how long it keeps data, and who may shorten that.

use crate::settings::{
    declare::settings,
    setting::{days, hours, minutes, seconds, switch},
};
use chrono::TimeDelta;
use std::time::Duration;

settings! {
    /// What a server does on a schedule, how long it keeps data, and who may shorten that.
    #[derive(Debug, Clone, Copy)]
    pub struct Schedule {
        in Server {
            /// How long a deleted memo can be restored.
            restorable_for: TimeDelta = RESTORABLE_DAYS(
                "restorable-days",
                days(1, 3650).default(30)
            );
            /// Whether people who may restore a deleted memo may also erase it for ever before
            /// restorable-days have passed. Administrators always may.
            erase_by_owner: bool = ERASE_BY_OWNER(
                "erase-by-owner",
                switch().default_text("false")
            );
            /// How often the server erases deleted memos that can no longer be restored; 0 for
            /// never.
            purge_every: Option<Duration> = PURGE_EVERY(
                "purge-every-minutes",
                minutes(0, 525_600).zero("never").default(60)
            );
            /// How often the server looks for due reminders; 0 for never, if another server does
            /// this.
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
