//! Why a backup or a restore failed, for the operator.

use std::path::Path;

/// An error of this crate. Its text is for the operator, and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database or the file store failed.
    #[error(transparent)]
    Service(#[from] service::Error),
    /// A file or folder could not be read or written.
    #[error("{0}")]
    File(String),
    /// The file is no backup, or is not whole. Nothing was changed.
    #[error("{0}")]
    BadBackup(String),
    /// An operator must decide first. Nothing was changed.
    #[error("{0}")]
    Refused(String),
}

/// The result of a function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Service(error.into())
    }
}

/// Names the file in an error of the system.
pub(crate) fn at(path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |error| {
        let remedy = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                ": make room, and repeat the command"
            }
            std::io::ErrorKind::NotFound => ": check the path",
            std::io::ErrorKind::PermissionDenied => ": allow it to this user, or choose another",
            _ => "",
        };
        Error::File(format!("{}: {error}{remedy}", path.display()))
    }
}
