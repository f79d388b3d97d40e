//! What other processes signal: PostgreSQL's notifications, heard on one connection a process.
//!
//! A signal only says that something may have changed. Whoever waits for one reads the table, and
//! reads it now and then without a signal too, so a lost one delays and loses nothing.

use super::{Database, Listener};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;

/// After how long a lost connection is opened again.
const REOPENED_AFTER: Duration = Duration::from_secs(1);
/// How often a silent connection is asked whether it is still there.
const ASKED_EVERY: Duration = Duration::from_secs(5);

/// What is signalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Events have got their places.
    Events,
    /// Somebody may have lost the right to be here.
    SignIns,
}

impl Signal {
    const ALL: [Self; 2] = [Self::Events, Self::SignIns];

    /// The channel of PostgreSQL on which it is sent; triggers name it too.
    pub const fn channel(self) -> &'static str {
        match self {
            Self::Events => "memoranda_events",
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
    sign_ins: watch::Sender<()>,
}

impl Signals {
    /// Wakes when another process has sent the signal, or may have while nobody listened.
    pub fn subscribe(&self, signal: Signal) -> watch::Receiver<()> {
        self.sender(signal).subscribe()
    }

    /// Listens until `stopped` is cancelled. On SQLite there is nothing to hear, since one process
    /// serves it.
    pub async fn run(self, database: Database, stopped: CancellationToken) {
        loop {
            // Nothing cancels this half-way, as the `select!` below would.
            match database.listen(Signal::ALL.map(Signal::channel)).await {
                Ok(None) => {
                    stopped.cancelled().await;
                    return;
                }
                Ok(Some(listener)) => {
                    // What was sent before the connection was open is not heard any more.
                    for signal in Signal::ALL {
                        self.sender(signal).send_replace(());
                    }
                    if self.hear(listener, &stopped).await {
                        return;
                    }
                    tracing::warn!(
                        "notifications of other processes do not come; tables are read \
                        every second"
                    );
                }
                Err(error) => tracing::warn!(%error, "notifications of other processes cannot be \
                    heard; tables are read every second"),
            }
            tokio::select! {
                () = stopped.cancelled() => return,
                () = sleep(REOPENED_AFTER) => {}
            }
        }
    }

    /// Hands on what is heard. Answers whether the server stops; otherwise the connection is lost.
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
            Signal::SignIns => &self.0.sign_ins,
        }
    }
}
