//! How a server ends, in two steps. First it drains: it continues to answer while proxies learn not
//! to send new clients. Then it stops.

use tokio_util::sync::{CancellationToken, DropGuard};

/// Signals the end of a server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct End {
    /// Proxies should send no more clients.
    pub(crate) draining: CancellationToken,
    /// The server stops. This also starts draining.
    pub(crate) stopping: CancellationToken,
}

/// Decides when a server ends. Dropping it stops the server.
#[derive(Debug)]
pub struct Shutdown {
    end: End,
    _stops: DropGuard,
}

impl Default for Shutdown {
    fn default() -> Self {
        let stopping = CancellationToken::new();
        let end = End { draining: stopping.child_token(), stopping: stopping.clone() };
        Self { end, _stops: stopping.drop_guard() }
    }
}

impl Shutdown {
    /// The signals for the parts that must know.
    pub fn end(&self) -> End {
        self.end.clone()
    }

    /// Starts draining: proxies should send no more clients.
    pub fn drain(&self) {
        self.end.draining.cancel();
    }
}
