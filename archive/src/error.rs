//! Why an archive is neither written nor read.

use sea_orm::DbErr;
use std::{
    fmt::Display,
    io,
    path::{Path, PathBuf},
};

/// Why an export or an import ends early. An import has changed nothing in the database then,
/// unless the text says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The archive, or the place for it, cannot be used. The text says why, and what to do.
    #[error("{0}")]
    Refused(String),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The database or the file store failed.
    #[error(transparent)]
    Service(#[from] service::Error),
}

/// The result of an export or an import.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal with this text.
    pub(crate) fn refused(text: impl Display) -> Self {
        Self::Refused(text.to_string())
    }

    /// What a system call on that file says, as an error.
    pub(crate) fn of_file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { path: path.to_owned(), source }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Service(error.into())
    }
}
