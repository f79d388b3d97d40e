//! Whether a connection is being served, and since when it is quiet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{sync::Notify, time::Instant};

/// What happens on a connection.
pub(super) struct Activity {
    state: Mutex<State>,
    /// Notified when an answer is given up, and at the end of every later answer.
    given_up: Notify,
}

struct State {
    /// Requests that are being answered.
    running: usize,
    /// Number of requests so far.
    requests: u64,
    /// Since when no request runs.
    quiet_since: Instant,
    is_http2: bool,
    /// The connection now speaks another protocol, which ends it in its own way.
    upgraded: bool,
    /// An answer was given up, so the connection is closed soon.
    has_given_up: bool,
}

/// A connection on which no request runs.
pub(super) struct Quiet {
    pub(super) since: Instant,
    pub(super) requests: u64,
    pub(super) is_http2: bool,
}

impl Activity {
    pub(super) fn new() -> Self {
        let state = State {
            running: 0,
            requests: 0,
            quiet_since: Instant::now(),
            is_http2: false,
            upgraded: false,
            has_given_up: false,
        };
        Self { state: Mutex::new(state), given_up: Notify::new() }
    }

    /// A request begins. It runs until the returned guard is dropped.
    pub(super) fn begin(self: &Arc<Self>, is_http2: bool) -> Busy {
        let mut state = self.state();
        state.running += 1;
        state.requests += 1;
        state.is_http2 |= is_http2;
        drop(state);
        Busy(self.clone())
    }

    /// Whether requests came by HTTP/2.
    pub(super) fn is_http2(&self) -> bool {
        self.state().is_http2
    }

    /// `None` while a request runs.
    pub(super) fn quiet(&self) -> Option<Quiet> {
        let state = self.state();
        let is_quiet = state.running == 0 && !state.upgraded;
        is_quiet.then(|| Quiet {
            since: state.quiet_since,
            requests: state.requests,
            is_http2: state.is_http2,
        })
    }

    /// Records that an answer is given up because its client does not read it.
    pub(super) fn give_up(&self) {
        self.state().has_given_up = true;
        self.given_up.notify_one();
    }

    /// Completes when an answer is given up, and again at the end of every later answer.
    pub(super) async fn given_up(&self) {
        self.given_up.notified().await;
    }

    /// Whether no request is being answered.
    pub(super) fn is_idle(&self) -> bool {
        self.state().running == 0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
pub(super) struct Busy(Arc<Activity>);

impl Busy {
    /// The connection changes to another protocol.
    pub(super) fn for_good(&self) {
        self.0.state().upgraded = true;
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running = state.running.saturating_sub(1);
        state.quiet_since = Instant::now();
        if state.has_given_up {
            self.0.given_up.notify_one();
        }
    }
}
