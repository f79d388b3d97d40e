//! `memoranda serve`, by the program itself.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;
mod ledger;
mod log;
#[path = "../program/mod.rs"]
mod program;
mod server;
mod supervisor;
mod traces;
