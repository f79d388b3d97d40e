//! When the operating system asks the program to stop.

use super::Failure;

/// Completes at the first SIGINT (Ctrl-C) or SIGTERM. A second one ends the program at once.
#[cfg(unix)]
pub(super) fn stop() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let unavailable = |error| Failure::failed(format_args!("signals cannot be received: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unavailable)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(unavailable)?;
    let mut next = async move || {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    Ok(async move {
        next().await;
        tokio::spawn(async move {
            next().await;
            std::process::exit(130);
        });
    })
}

/// Completes at the first Ctrl-C.
#[cfg(not(unix))]
pub(super) fn stop() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    Ok(async {
        // Without the handler the system ends the program by itself.
        let _ = tokio::signal::ctrl_c().await;
    })
}
