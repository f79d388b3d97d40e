//! Notifies systemd, if it has started the server (`Type=notify`).

/// The server is ready.
pub(super) fn ready() {
    #[cfg(unix)]
    notify(sd_notify::NotifyState::Ready);
}

/// The server is stopping.
pub(super) fn stopping() {
    #[cfg(unix)]
    notify(sd_notify::NotifyState::Stopping);
}

/// Does nothing if no supervisor asked for notifications.
#[cfg(unix)]
fn notify(state: sd_notify::NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the supervisor cannot be notified");
    }
}
