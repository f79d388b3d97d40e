//! The database, its disk or the network to it fail. Nothing is acknowledged that is not stored,
//! and the server recovers.

mod full_disk;
mod leaving_clients;
mod log_file;
mod lost_commit;
mod lost_listener;
mod no_server;
mod read_only;
mod silent_host;

use reqwest::StatusCode;

/// The answer of that server's `/readyz`.
async fn readiness(address: &str) -> StatusCode {
    reqwest::get(format!("{address}/readyz")).await.unwrap().status()
}
