//! Brings the data of a Django CRM into Memoranda.
//!
//! An import has two halves. First it reads the other system, from a database or from a file that
//! `manage.py dumpdata` wrote, into a temporary database (`staging`). Nothing is written there, and
//! the other system is read once, as of one moment. Then it converts the rows (`convert`) and
//! writes them in portions (`steps`). Each portion is one transaction, with its memos, all that
//! belongs to them, and where they come from (`imported_rows`). So an import can be interrupted at
//! any time and repeated as often as wanted.
//!
//! Every row that is read is counted once, and every oddity is noted with its id (`report`).

mod bytes;
mod convert;
mod error;
mod known;
mod oddity;
mod options;
mod pieces;
mod reading;
mod report;
mod run;
mod source;
mod staging;
mod steps;

pub use error::{ImportError, Result};
pub use oddity::Oddity;
pub use options::{DEFAULT_NAME, Options};
pub use report::{Counts, OddityCount, Report, TableCounts};
pub use run::run;
pub use source::SourceDescription;
