//! How mutations answer whose refusals are written once for several of them: each puts them into the words of its own codes.

use crate::graphql::{
    error::ApiError,
    id::{Kind, WrongId},
};
use async_graphql::{ID, MaybeUndefined};
use service::text::{self, TextProblem};
use uuid::Uuid;

/// What a refusal says; each mutation has codes for those that can occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// What it is about does not exist for the viewer.
    NotFound,
    /// Only the memo's author does this.
    NotTheAuthor,
    /// Only the memo's recipient does this.
    NotTheRecipient,
    /// Only the memo's author and recipient do this.
    NotAParticipant,
    /// The memo has not been sent.
    Draft,
    /// The memo's recipient has acted on it.
    RecipientHasActed,
    /// The memo is on hold.
    OnHold,
    /// The memo has such work already.
    AlreadyHas,
    /// Only those responsible for the work do this.
    NotResponsible,
    /// Another one has the name.
    NameTaken,
    /// Memos use it.
    InUse,
    /// Somebody has the username.
    UsernameTaken,
    /// Somebody has the address.
    EmailTaken,
    /// Nobody does this to themselves.
    Oneself,
    /// Nobody would be left to run the system.
    LastAdmin,
    /// Something else refers to the person.
    HasHistory,
    /// Nobody has that name and that password.
    InvalidCredentials,
    /// The password is another.
    WrongPassword,
    /// Too many tries.
    TryLater,
    /// The session has ended.
    SessionEnded,
    /// Nobody signs in with a password here.
    LocalAccountsOff,
    /// The input is not acceptable.
    InvalidInput,
}

/// A refusal, not yet in the words of a mutation.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What it says.
    pub word: Word,
    /// The path into the input of what it is about, as `memoIds.2`.
    pub field: Option<String>,
    /// The refusal, and what to do instead, in words for a person.
    pub message: String,
}

impl Refused {
    /// A refusal of the input's field.
    pub fn at(field: &str, word: Word, message: impl Into<String>) -> Self {
        Self { word, field: Some(field.to_owned()), message: message.into() }
    }

    /// The field's input is not acceptable.
    pub fn input(field: &str, message: impl Into<String>) -> Self {
        Self::at(field, Word::InvalidInput, message)
    }
}

/// Why a mutation ends before its end: a refusal goes into the payload, anything else becomes a top-level error.
#[derive(Debug)]
pub enum Stop {
    /// A refusal.
    Refused(Refused),
    /// Faults.
    Failed(ApiError),
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<WrongId> for Stop {
    fn from(wrong: WrongId) -> Self {
        Self::Refused(Refused::input(&wrong.path, wrong.message))
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl From<service::Error> for Stop {
    fn from(error: service::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Most ids of one list.
const MAX_IDS: usize = 100;

/// Ids of one kind, at most [`MAX_IDS`].
pub fn ids(kind: Kind, field: &str, ids: &[ID]) -> Result<Vec<Uuid>, Stop> {
    if ids.len() > MAX_IDS {
        let message = format!("{} ids were given: give at most {MAX_IDS}.", ids.len());
        return Err(Refused::input(field, message).into());
    }
    Ok(kind.parse_all(field, ids)?)
}

/// A name that must say something.
pub fn name(name: &str) -> Result<String, Stop> {
    Ok(text::name(name).map_err(|problem| text_refused("name", problem))?)
}

/// Why a text is not acceptable.
pub fn text_refused(field: &str, problem: TextProblem) -> Refused {
    Refused::input(field, format!("The {field} {problem}."))
}

/// A field that may stay as it is and cannot be cleared: null is refused.
pub fn present<T>(field: &str, value: MaybeUndefined<T>) -> Result<Option<T>, Refused> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => Err(Refused::input(
            field,
            format!("{field} cannot be null. Leave it out, and it stays as it is."),
        )),
    }
}

/// Refusals and payload of a mutation: its codes, each with the [`Word`] that it stands for, and what the payload tells if it was done.
macro_rules! answer {
    (
        $(#[$error_doc:meta])* $error:ident,
        $(#[$code_doc:meta])* $code:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:ident),+ $(,)? }
        $payload:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? }
    ) => {
        crate::graphql::payload::user_error! {
            $(#[$error_doc])* $error,
            $(#[$code_doc])* $code { $($(#[$variant_doc])* $variant),+ }
        }

        impl $error {
            fn new(refused: crate::graphql::mutations::answer::Refused) -> crate::graphql::error::ApiResult<Self> {
                use crate::graphql::mutations::answer::Word;
                let code = match refused.word {
                    $(Word::$word => $code::$variant,)+
                    other => {
                        let fault = format!("{} does not refuse as {other:?}", stringify!($payload));
                        return Err(service::Error::Inconsistent(fault).into());
                    }
                };
                Ok(match refused.field {
                    Some(field) => Self::at(&field, code, refused.message),
                    None => Self {
                        code: crate::graphql::refusals::note(code),
                        field: None,
                        message: refused.message,
                    },
                })
            }
        }

        /// What came of it.
        #[derive(async_graphql::SimpleObject, Default)]
        pub struct $payload {
            $($(#[$field_doc])* $field: $type,)+
            /// Why nothing was done; empty if it was.
            user_errors: Vec<$error>,
            /// What the client sent.
            client_mutation_id: Option<String>,
        }

        impl $payload {
            fn of(
                result: Result<Self, crate::graphql::mutations::answer::Stop>,
                client_mutation_id: Option<String>,
            ) -> crate::graphql::error::ApiResult<Self> {
                use crate::graphql::mutations::answer::Stop;
                match result {
                    Ok(payload) => Ok(Self { client_mutation_id, ..payload }),
                    Err(Stop::Refused(refused)) => {
                        let user_errors = vec![$error::new(refused)?];
                        Ok(Self { user_errors, client_mutation_id, ..Self::default() })
                    }
                    Err(Stop::Failed(error)) => Err(error),
                }
            }
        }
    };
}
pub(crate) use answer;
