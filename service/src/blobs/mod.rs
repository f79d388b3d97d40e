//! Blobs: the bytes of files, addressed by content, in a folder or a bucket.

mod limit;
mod marker;
mod removal;
mod store;
mod writer;

pub use limit::TIMEOUT;
pub use marker::{MARKER, StoreState, confirm, inspect, is_missing, verify};
pub(crate) use removal::note;
pub use removal::remove_unused;
pub use store::FileStore;
pub(crate) use store::{location, temporary_location};
pub(crate) use writer::Writer;
