//! Whether a connection is being served, and since when it is not.

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};
use tokio::time::Instant;

/// What a connection is doing.
pub(super) struct Activity(Mutex<State>);

struct State {
    /// Requests that are being answered.
    running: usize,
    /// Requests so far.
    requests: u64,
    /// Since when none is running.
    quiet_since: Instant,
    is_http2: bool,
    /// It belongs to another protocol now, which has its own ways to end it.
    upgraded: bool,
}

/// A connection on which nothing runs.
pub(super) struct Quiet {
    pub(super) since: Instant,
    pub(super) requests: u64,
    pub(super) is_http2: bool,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State {
            running: 0,
            requests: 0,
            quiet_since: Instant::now(),
            is_http2: false,
            upgraded: false,
        }))
    }

    /// A request begins; it runs until what is answered is dropped.
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

    /// `None` while something runs.
    pub(super) fn quiet(&self) -> Option<Quiet> {
        let state = self.state();
        let is_quiet = state.running == 0 && !state.upgraded;
        is_quiet.then(|| Quiet {
            since: state.quiet_since,
            requests: state.requests,
            is_http2: state.is_http2,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
pub(super) struct Busy(Arc<Activity>);

impl Busy {
    /// The connection goes over to another protocol.
    pub(super) fn for_good(&self) {
        self.0.state().upgraded = true;
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.running = state.running.saturating_sub(1);
        state.quiet_since = Instant::now();
    }
}

/// The body of an answer, whose end is that of its request.
pub(super) struct Tracked<B> {
    body: B,
    _busy: Busy,
}

impl<B> Tracked<B> {
    pub(super) fn new(body: B, busy: Busy) -> Self {
        Self { body, _busy: busy }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Tracked<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
