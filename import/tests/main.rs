//! Whole imports of the sample, into SQLite, or into PostgreSQL if `MEMORANDA_TEST_POSTGRES_URL` is
//! set.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skips and measures"
)]

mod fuzz;
mod here;
mod interrupted;
mod large;
mod mariadb;
mod oddities;
mod plain;
mod repeated;
mod sources;
mod there;
mod upkeep;
