//! Limits how slowly a client may read or send bytes.

use std::time::Duration;
use tokio::time::Instant;

/// The patience of the server with one client. Waiting for the client uses it up. Every byte
/// restores some of it, and so does time without waiting.
///
/// The server gives up a client that does nothing after the whole patience. It also gives up a
/// client that is slower than the minimum rate on average, but later.
#[derive(Debug)]
pub(super) struct Pace {
    patience: Duration,
    /// Bytes per second; 0 if any progress is enough.
    least_rate: u32,
    left: Duration,
    since: Instant,
    waits: bool,
}

impl Pace {
    /// Starts with full patience, and does not wait.
    pub(super) fn new(patience: Duration, least_rate: u32) -> Self {
        Self { patience, least_rate, left: patience, since: Instant::now(), waits: false }
    }

    /// The server waits for the client, unless it already does. Returns the end of the wait.
    pub(super) fn wait(&mut self, now: Instant) -> Instant {
        if !self.waits {
            self.grant(now.saturating_duration_since(self.since));
            self.waits = true;
            self.since = now;
        }
        self.since + self.left
    }

    /// The client read or sent so many bytes. The server stops waiting.
    pub(super) fn advance(&mut self, bytes: usize, now: Instant) {
        if self.waits {
            self.left = self.left.saturating_sub(now.saturating_duration_since(self.since));
            self.waits = false;
            self.since = now;
        }
        if bytes > 0 {
            let worth = match self.least_rate {
                0 => self.patience,
                rate => Duration::from_secs_f64(bytes as f64 / f64::from(rate)),
            };
            self.grant(worth);
        }
    }

    /// When the wait ends; `None` if the server does not wait.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.waits.then(|| self.since + self.left)
    }

    fn grant(&mut self, time: Duration) {
        self.left = self.left.saturating_add(time).min(self.patience);
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Pace};

    const SECOND: Duration = Duration::from_secs(1);

    /// How many rounds a client survives that moves so many bytes after each pause.
    fn rounds(pace: &mut Pace, bytes: usize, pause: Duration) -> usize {
        let mut now = Instant::now();
        for round in 0..1_000 {
            let until = pace.wait(now);
            now += pause;
            if until <= now {
                return round;
            }
            pace.advance(bytes, now);
        }
        1_000
    }

    #[test]
    fn who_does_nothing_is_given_up_after_the_patience() {
        let mut pace = Pace::new(30 * SECOND, 1_024);
        let now = Instant::now();
        assert_eq!(pace.wait(now), now + 30 * SECOND);
        assert_eq!(pace.wait(now + SECOND), now + 30 * SECOND, "it waits still");
        assert_eq!(pace.deadline(), Some(now + 30 * SECOND));
    }

    #[test]
    fn who_is_slower_than_the_least_rate_is_given_up_and_who_is_not_never_is() {
        let pace = || Pace::new(30 * SECOND, 1_024);
        assert_eq!(rounds(&mut pace(), 4_096, 15 * SECOND), 2, "4 kB every 15 s");
        assert_eq!(rounds(&mut pace(), 1, 8 * SECOND), 3, "a byte every 8 s");
        assert_eq!(rounds(&mut pace(), 16_384, 15 * SECOND), 1_000);
        assert_eq!(rounds(&mut Pace::new(30 * SECOND, 0), 1, 15 * SECOND), 1_000, "no least rate");
    }

    #[test]
    fn time_in_which_nothing_is_waited_for_restores_the_patience() {
        let mut pace = Pace::new(30 * SECOND, 1_024);
        let mut now = Instant::now();
        pace.wait(now);
        now += 29 * SECOND;
        pace.advance(0, now);
        assert_eq!(pace.deadline(), None);
        assert_eq!(pace.wait(now), now + SECOND);
        pace.advance(0, now);
        now += 20 * SECOND;
        assert_eq!(pace.wait(now), now + 21 * SECOND);
    }
}
