//! Signals of the operating system.

use super::Failure;
use std::{pin::Pin, sync::Arc};
use tokio::sync::Notify;

/// Requests of the operating system to stop.
pub(super) struct Signals {
    /// Completes at the first SIGINT (Ctrl-C), SIGTERM or SIGHUP. A closed terminal stops the
    /// server; SIGHUP does not reload settings.
    pub(super) stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Notified by the second signal: draining ends early.
    pub(super) force: Arc<Notify>,
}

/// Listens to signals. The signal after the last expected one ends the program at once.
#[cfg(unix)]
pub(super) fn listen(drains: bool) -> Result<Signals, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let unavailable = |error| Failure::failed(format_args!("signals cannot be received: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unavailable)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(unavailable)?;
    let mut hangup = match hangup_is_ignored() {
        true => None,
        false => Some(signal(SignalKind::hangup()).map_err(unavailable)?),
    };
    let mut next = async move || {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hung_up => {}
        }
    };
    let force = Arc::new(Notify::new());
    let forced = force.clone();
    let stop = Box::pin(async move {
        next().await;
        tokio::spawn(async move {
            if drains {
                next().await;
                forced.notify_one();
            }
            next().await;
            std::process::exit(130);
        });
    });
    Ok(Signals { stop, force })
}

/// Whether the program was started to outlive its terminal, as `nohup` does.
#[cfg(target_os = "linux")]
fn hangup_is_ignored() -> bool {
    const SIGHUP: u64 = 1;
    let status = procfs::process::Process::myself().and_then(|process| process.status());
    status.is_ok_and(|status| status.sigign & SIGHUP != 0)
}

/// Whether the program was started to outlive its terminal: unknown on this system.
#[cfg(all(unix, not(target_os = "linux")))]
fn hangup_is_ignored() -> bool {
    false
}

/// Listens to Ctrl-C.
#[cfg(not(unix))]
pub(super) fn listen(_drains: bool) -> Result<Signals, Failure> {
    let stop = Box::pin(async {
        // Without the handler the system ends the program by itself.
        let _ = tokio::signal::ctrl_c().await;
    });
    Ok(Signals { stop, force: Arc::default() })
}
