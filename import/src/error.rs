//! Why an import ends early.

use sea_orm::DbErr;

/// Why an import ends early. What was imported before stays, and the same command goes on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The operator has to change something first. The text says what.
    #[error("{0}")]
    Refused(String),
    /// The other system's database failed.
    #[error("the source cannot be read: {0}")]
    Source(DbErr),
    /// The temporary database failed, for example because the disk is full.
    #[error("the temporary database in {folder} failed: {error}")]
    Staging {
        /// The folder.
        folder: String,
        /// The cause.
        error: DbErr,
    },
    /// Our own database or file store failed.
    #[error(transparent)]
    Service(#[from] service::Error),
}

impl From<DbErr> for ImportError {
    fn from(error: DbErr) -> Self {
        Self::Service(error.into())
    }
}

impl service::VerbError for ImportError {
    fn failure(&self) -> Option<&service::Error> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }
}

impl ImportError {
    /// Something that the operator has to change.
    pub(crate) fn refused(text: impl std::fmt::Display) -> Self {
        Self::Refused(text.to_string())
    }

    /// An error of reading or writing a file.
    pub(crate) fn io(what: &str, error: &std::io::Error) -> Self {
        Self::Refused(format!("{what}: {error}"))
    }
}

/// The result of a part of an import.
pub type Result<T, E = ImportError> = std::result::Result<T, E>;
