//! How a server ends, in two steps: first it goes on answering while proxies learn that they shall
//! send nobody here any more, then it stops.

use tokio_util::sync::{CancellationToken, DropGuard};

/// What tells of a server's end. Cheap to clone.
#[derive(Debug, Clone)]
pub struct End {
    /// Proxies shall send nobody here.
    pub(crate) draining: CancellationToken,
    /// The server stops. It drains then as well.
    pub(crate) stopping: CancellationToken,
}

/// Who decides on a server's end. Dropped, it says that the server stops.
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
    /// For those who have to know.
    pub fn end(&self) -> End {
        self.end.clone()
    }

    /// Tells proxies that they shall send nobody here.
    pub fn drain(&self) {
        self.end.draining.cancel();
    }
}
