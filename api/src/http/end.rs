//! How a server ends, in two steps: first it goes on answering while proxies learn that they shall
//! send nobody here any more, then it stops.

use tokio::sync::watch;

/// What tells of a server's end. Cheap to clone.
#[derive(Debug, Clone)]
pub struct End {
    draining: watch::Receiver<bool>,
    /// Changes when the server stops; the end of its sender is the signal as well.
    pub(crate) stopping: watch::Receiver<()>,
}

/// Who decides on a server's end. Dropped, it says that the server stops.
#[derive(Debug, Default)]
pub struct Ending {
    draining: watch::Sender<bool>,
    stopping: watch::Sender<()>,
}

impl Ending {
    /// For those who have to know.
    pub fn end(&self) -> End {
        End { draining: self.draining.subscribe(), stopping: self.stopping.subscribe() }
    }

    /// Tells proxies that they shall send nobody here.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }
}

impl End {
    /// Whether proxies shall send nobody here.
    pub(crate) fn is_draining(&self) -> bool {
        *self.draining.borrow()
    }

    /// Completes when proxies shall send nobody here.
    pub(crate) async fn draining(&mut self) {
        // Whoever drains no more has stopped.
        let _ = self.draining.wait_for(|draining| *draining).await;
    }
}
