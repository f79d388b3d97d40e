//! End-to-end tests: one file a capability.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod accounting;
mod bad_input;
mod confirmation;
mod costs;
mod crash;
mod deletion_rules;
mod guards;
mod holds;
mod http;
mod migrations;
mod paging;
mod partial_updates;
mod people_and_tags;
mod permission_table;
mod purge;
mod races;
mod read_marks;
mod restore;
mod schema;
mod shutdown;
mod sign_in;
mod stage;
mod updates;
mod writing;
