//! The errors of operations. Each lists the refusals of the operation, and one variant for internal
//! errors.
//!
//! Denials of rules, problems of the input and errors of the database all become the operation's
//! error through `?`. The API matches each variant of such an error. So a new variant does not
//! compile until it has a code and a sentence.

use crate::Error;

/// The error of work in a transaction: a refusal, which is final, or an internal error.
pub trait VerbError: From<Error> {
    /// The internal error. `None` for a refusal.
    fn failure(&self) -> Option<&Error>;
}

impl VerbError for Error {
    fn failure(&self) -> Option<&Error> {
        Some(self)
    }
}

/// Declares the error of an operation. It lists the refusals; `from` marks those that contain the
/// denial of a rule.
macro_rules! verb_error {
    (
        $(#[$doc:meta])*
        pub enum $error:ident {
            $($(#[$variant_doc:meta])* $variant:ident $(($content:ty))? $(from $denial:ty)?),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $error {
            $($(#[$variant_doc])* $variant $(($content))? $(($denial))?,)+
            /// An internal error. Nothing was changed, unless it is
            /// [`CommitUnknown`](crate::Error::CommitUnknown).
            Failed(crate::Error),
        }

        impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::Failed(error) => error.fmt(f),
                    refusal => write!(f, "refused: {refusal:?}"),
                }
            }
        }

        impl std::error::Error for $error {}

        impl crate::verb_error::VerbError for $error {
            fn failure(&self) -> Option<&crate::Error> {
                match self {
                    Self::Failed(error) => Some(error),
                    _ => None,
                }
            }
        }

        impl From<crate::Error> for $error {
            fn from(error: crate::Error) -> Self {
                Self::Failed(error)
            }
        }

        impl From<sea_orm::DbErr> for $error {
            fn from(error: sea_orm::DbErr) -> Self {
                Self::Failed(error.into())
            }
        }

        $($(
            impl From<$denial> for $error {
                fn from(denial: $denial) -> Self {
                    Self::$variant(denial)
                }
            }
        )?)+
    };
}
pub(crate) use verb_error;
