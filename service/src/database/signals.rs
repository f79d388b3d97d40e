//! Signals of other processes: PostgreSQL's notifications, received on one connection per process.
//!
//! A signal only says that something may have changed. A subscriber then reads the table. It also
//! reads the table from time to time without a signal, so a lost signal causes only a delay.

use super::{Database, Listener};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;

/// How long to wait before a lost connection is opened again.
const REOPENED_AFTER: Duration = Duration::from_secs(1);
/// How often a silent connection is tested.
const ASKED_EVERY: Duration = Duration::from_secs(5);

/// The kinds of signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Events have got their positions.
    Events,
    /// Notifications have got their positions.
    Notifications,
    /// A person may have lost access.
    SignIns,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Events, Self::Notifications, Self::SignIns];

    /// The channel of PostgreSQL for this signal. Triggers use this name too.
    pub const fn channel(self) -> &'static str {
        match self {
            Self::Events => "memoranda_events",
            Self::Notifications => "memoranda_notifications",
            Self::SignIns => "memoranda_sign_ins",
        }
    }
}

/// The signals of other processes. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Signals(Arc<Senders>);

#[derive(Debug, Default)]
struct Senders {
    events: watch::Sender<()>,
    notifications: watch::Sender<()>,
    sign_ins: watch::Sender<()>,
}

impl Signals {
    /// Wakes when another process has sent the signal, or may have sent it while nobody listened.
    pub fn subscribe(&self, signal: Signal) -> watch::Receiver<()> {
        self.sender(signal).subscribe()
    }

    /// Listens until `stopped` is cancelled. SQLite has no signals, since one process serves it.
    pub async fn run(self, database: Database, stopped: CancellationToken) {
        loop {
            // Nothing cancels this half-way, unlike a branch of the `select!` below.
            match database.listen(Signal::ALL.map(Signal::channel)).await {
                Ok(None) => {
                    stopped.cancelled().await;
                    return;
                }
                Ok(Some(listener)) => {
                    // Signals that were sent before the connection was open are lost.
                    for signal in Signal::ALL {
                        self.sender(signal).send_replace(());
                    }
                    if self.hear(listener, &stopped).await {
                        return;
                    }
                    tracing::warn!(
                        "the connection for notifications of other processes is lost; tables \
                        are read every second"
                    );
                }
                Err(error) => tracing::warn!(%error, "notifications of other processes cannot be \
                    received; tables are read every second"),
            }
            tokio::select! {
                () = stopped.cancelled() => return,
                () = sleep(REOPENED_AFTER) => {}
            }
        }
    }

    /// Forwards signals. Returns whether the server stops; otherwise the connection is lost.
    async fn hear(&self, mut listener: Listener, stopped: &CancellationToken) -> bool {
        let stops = loop {
            let channel = tokio::select! {
                () = stopped.cancelled() => break true,
                channel = listener.next() => channel,
                () = sleep(ASKED_EVERY) => {
                    if listener.is_there().await { continue } else { break false }
                }
            };
            let Some(channel) = channel else { break false };
            let heard = Signal::ALL.into_iter().find(|signal| signal.channel() == channel);
            if let Some(signal) = heard {
                self.sender(signal).send_replace(());
            }
        };
        listener.close().await;
        stops
    }

    fn sender(&self, signal: Signal) -> &watch::Sender<()> {
        match signal {
            Signal::Events => &self.0.events,
            Signal::Notifications => &self.0.notifications,
            Signal::SignIns => &self.0.sign_ins,
        }
    }
}
