//! The errors of the verbs: each lists what can refuse it, and what went wrong inside is one of
//! them.
//!
//! A rule denies, a check of input finds fault, and the database fails: `?` turns all three into
//! the error of the verb. Whoever maps such an error names each of its variants, so that a new one
//! does not compile before it has a code and a sentence.

use crate::Error;

/// The error of work in a transaction: a refusal, which is final, or a failure.
pub trait VerbError: From<Error> {
    /// What went wrong inside; `None` for a refusal.
    fn failure(&self) -> Option<&Error>;
}

impl VerbError for Error {
    fn failure(&self) -> Option<&Error> {
        Some(self)
    }
}

/// Declares the error of a verb: its refusals, of which those with a denial come from a rule.
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
            /// Something went wrong inside. Nothing was changed, unless it is
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
