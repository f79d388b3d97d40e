//! How slow a client may be in taking or sending bytes.

use std::time::Duration;
use tokio::time::Instant;

/// The patience of the server with one client. Waiting uses it up. Every byte gives some of it
/// back, and so does the time in which the server waits for nothing.
///
/// A client that does nothing is given up after the whole patience. One that is slower than the
/// least rate on average is given up too, later.
#[derive(Debug)]
pub(super) struct Pace {
    patience: Duration,
    /// Bytes a second; 0 if any progress is enough.
    least_rate: u32,
    left: Duration,
    since: Instant,
    waits: bool,
}

impl Pace {
    /// The whole patience, and nothing is waited for.
    pub(super) fn new(patience: Duration, least_rate: u32) -> Self {
        Self { patience, least_rate, left: patience, since: Instant::now(), waits: false }
    }

    /// The server waits for the client, from now on if it did not before. Answers until when.
    pub(super) fn wait(&mut self, now: Instant) -> Instant {
        if !self.waits {
            self.grant(now.saturating_duration_since(self.since));
            self.waits = true;
            self.since = now;
        }
        self.since + self.left
    }

    /// The client took or sent so many bytes. The server does not wait any more.
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

    /// Until when the server waits; `None` if it does not.
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
