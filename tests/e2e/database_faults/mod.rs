//! The database, its disk or the way to it fail: nothing is acknowledged that is not stored, and
//! the server heals.

mod full_disk;
mod leaving_clients;
mod log_file;
mod lost_commit;
mod lost_listener;
mod no_server;
mod read_only;
mod silent_host;

use reqwest::StatusCode;

/// What `/readyz` of that server answers.
async fn readiness(address: &str) -> StatusCode {
    reqwest::get(format!("{address}/readyz")).await.unwrap().status()
}
