//! Logs refused connections: one line per second, however many there are.

use std::{future::pending, net::IpAddr, time::Duration};
use tokio::time::{Instant, sleep_until};

/// Shortest time between two lines.
const BETWEEN: Duration = Duration::from_secs(1);

/// Refused connections that are not in the log yet.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    number: u64,
    /// The address of the last one.
    last: Option<IpAddr>,
    logged: Option<Instant>,
}

impl Refusals {
    /// Counts a refused connection. The line for the first one is due at once.
    pub(super) fn count(&mut self, address: IpAddr) {
        self.number += 1;
        self.last = Some(address);
    }

    /// Completes when a line is due.
    pub(super) async fn due(&self) {
        match self.due_at(Instant::now()) {
            Some(due) => sleep_until(due).await,
            None => pending().await,
        }
    }

    fn due_at(&self, now: Instant) -> Option<Instant> {
        (self.number > 0).then(|| self.logged.map_or(now, |logged| logged + BETWEEN))
    }

    /// Logs the counted connections, if there are any.
    pub(super) fn log(&mut self) {
        if let Some((number, last)) = self.take(Instant::now()) {
            tracing::warn!(number, %last, "connections were refused: there are too many");
        }
    }

    fn take(&mut self, now: Instant) -> Option<(u64, IpAddr)> {
        let last = self.last.take()?;
        self.logged = Some(now);
        Some((std::mem::take(&mut self.number), last))
    }
}

#[cfg(test)]
mod tests {
    use super::{BETWEEN, Duration, Instant, Refusals};

    #[test]
    fn refusals_are_one_line_a_second_and_none_is_left_out() {
        let (start, address) = (Instant::now(), "192.0.2.1".parse().unwrap());
        let (mut refusals, mut lines) = (Refusals::default(), Vec::new());
        assert_eq!(refusals.due_at(start), None);
        for n in 0..6_000_u64 {
            let now = start + Duration::from_micros(500 * n);
            refusals.count(address);
            if refusals.due_at(now).is_some_and(|due| due <= now) {
                lines.push(refusals.take(now).unwrap().0);
            }
        }
        let end = start + 4 * BETWEEN;
        assert!(refusals.due_at(end).is_some_and(|due| due <= end), "the rest is logged as well");
        lines.push(refusals.take(end).unwrap().0);
        assert_eq!(lines, [1, 2_000, 2_000, 1_999]);
        assert_eq!((refusals.due_at(end), refusals.take(end)), (None, None));
    }
}
