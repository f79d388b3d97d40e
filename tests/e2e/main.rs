//! End-to-end tests: one file a capability.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accounting;
mod costs;
mod deletion_rules;
mod holds;
mod permission_table;
mod purge;
mod races;
mod restore;
mod stage;
