//! When the operating system asks the program to stop.

use super::Failure;
use std::{pin::Pin, sync::Arc};
use tokio::sync::Notify;

/// What the operating system asks for.
pub(super) struct Signals {
    /// Completes at the first SIGINT (Ctrl-C), SIGTERM or SIGHUP: whose terminal is closed stops as
    /// if told to. Settings are not read again while it runs.
    pub(super) stop: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Whoever waits for something beforehand is told by the second that there is no time for it.
    pub(super) hurry: Arc<Notify>,
}

/// Listens to signals. A further one than those that are waited for ends the program at once.
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
    let hurry = Arc::new(Notify::new());
    let told = hurry.clone();
    let stop = Box::pin(async move {
        next().await;
        tokio::spawn(async move {
            if drains {
                next().await;
                told.notify_one();
            }
            next().await;
            std::process::exit(130);
        });
    });
    Ok(Signals { stop, hurry })
}

/// Whether whoever started the program wants it to outlive their terminal, as `nohup` does.
#[cfg(target_os = "linux")]
fn hangup_is_ignored() -> bool {
    const SIGHUP: u64 = 1;
    let status = procfs::process::Process::myself().and_then(|process| process.status());
    status.is_ok_and(|status| status.sigign & SIGHUP != 0)
}

/// Whether whoever started the program wants it to outlive their terminal: not known here.
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
    Ok(Signals { stop, hurry: Arc::default() })
}
