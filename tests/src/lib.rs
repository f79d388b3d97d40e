//! The tools of the end-to-end tests: an office for every test, with its own database, file store
//! and port.
//!
//! The tests run on SQLite. If `MEMORANDA_TEST_POSTGRES_URL` is set to a server's address, they run
//! on PostgreSQL, in databases that they create and drop.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod actor;
mod archive;
mod belongings;
mod connections;
mod database;
mod ledger;
mod live;
mod mail;
mod memo;
mod metrics;
mod office;
mod postgres;
mod proxy;
mod purger;
mod reach;
mod refusal;
mod rows;
mod s3;
mod template;

pub use actor::{Actor, codes, moment, selection_input};
pub use archive::{ArchiveFolder, import, tar_of};
pub use connections::{every_connection_writes, execute, number, on_every_connection, until_idle};
pub use database::{DatabaseOptions, TestDatabase, is_postgres, open, postgres_address};
pub use ledger::{TestLedger, ledger_keys};
pub use live::{Events, Heard, Socket, event_id, notification_added_id};
pub use mail::{MailServer, OnMessage, TakenMail};
pub use memo::{FullMemo, MemoDraft, TestMemo};
pub use metrics::Metrics;
pub use office::{OPENING, Office, Options, SECRET, at, backend, until_standby_is_used, uuid_of};
pub use postgres::{Node, Programs};
pub use proxy::Proxy;
pub use purger::Purger;
pub use refusal::refusal;
pub use rows::{RowCounts, count_rows, difference, dump_rows};
pub use s3::S3Server;
