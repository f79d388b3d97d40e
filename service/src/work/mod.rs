//! Tasks and projects: who sees and changes them, and what people do with them.
//!
//! [`WorkKind`] contains the differences between the two. Everything else is written once for both.

mod create;
mod delete;
mod errors;
mod files;
mod from_memo;
mod kinds;
mod list;
mod locked;
mod pass_on;
mod people;
pub mod policy;
mod update;

pub use create::{NewWork, create};
pub use delete::delete;
pub use errors::{
    CreateFromMemoError, CreateWorkError, EndWorkError, PeopleProblem, TransferFilesError,
    UpdateWorkError,
};
pub use files::{Transfer, files, transfer_files};
pub(crate) use files::{file_ids, tie, untie};
pub use from_memo::{FromMemo, Then, create_from_memo};
pub use kinds::{WithMemo, WorkKind, WorkRow};
pub use list::{WorkFilter, by_ids, count, list};
pub(crate) use locked::lock;
pub(crate) use pass_on::{open_of_person, pass_on};
pub use people::{Person, people};
pub use policy::WorkDenial;
pub use update::{Changes, complete, update};
