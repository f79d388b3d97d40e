//! What all mutations share: one payload, one error type, one way to write a resolver.
//!
//! A resolver parses its input, calls one function of the service, and returns what was done.
//! Everything that ends it early is a [`Stop`]: `?` converts a wrong id, the verb's error and a
//! fault into one.

use crate::graphql::{
    error::{ApiError, ApiResult, steps},
    id::WrongId,
    refusals,
};
use async_graphql::{
    ContainerType, ID, OutputType, SimpleObject, TypeName, resolver_utils::EnumType,
};
use service::text::TextProblem;
use std::{borrow::Cow, future::Future};

/// The error codes of one mutation.
pub trait ErrorCode: EnumType + OutputType + Copy {
    /// The mutation's name as in the names of its types: `AddComment`.
    const MUTATION: &'static str;
}

/// The error codes of a mutation whose input has texts or ids.
pub trait RefusesInput: ErrorCode {
    /// The code for invalid input.
    const INVALID_INPUT: Self;
}

/// The error codes of a mutation that creates something. A client may repeat it with an idempotency
/// key.
pub trait RefusesRepetition: RefusesInput {
    /// The code for a key that was used for another request.
    const IDEMPOTENCY_MISMATCH: Self;
    /// The code for a repetition after what was created is gone.
    const IDEMPOTENCY_GONE: Self;
}

/// What a mutation that creates something returns.
pub trait Creates: Done<Code: RefusesRepetition> {
    /// Nothing, because the request was done earlier and what it created is gone.
    fn gone() -> Self;
}

/// What a mutation returns besides its errors: the fields of its payload before `userErrors`.
pub trait Done: OutputType + ContainerType + Default {
    /// The mutation's error codes.
    type Code: ErrorCode;
}

/// The result of a mutation.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Payload<T: Done> {
    #[graphql(flatten)]
    done: T,
    /// Why the mutation, or a part of it, was refused. Empty if everything was done.
    user_errors: Vec<MutationError<T::Code>>,
    /// The `clientMutationId` of the input; null if it had none.
    client_mutation_id: Option<String>,
}

impl<T: Done> TypeName for Payload<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Payload", T::Code::MUTATION).into()
    }
}

/// A reason why the mutation, or a part of it, was refused.
#[derive(SimpleObject, Debug, Clone)]
#[graphql(name_type)]
pub struct MutationError<C: ErrorCode> {
    /// The reason as a code, for programs.
    pub code: C,
    /// The path to the input field, for example `["input", "reason"]`. List items are numbered from
    /// 0. Null if the error is not about a single field.
    pub field: Option<Vec<String>>,
    /// The reason and what to do instead, as English text for people.
    pub message: String,
}

impl<C: ErrorCode> TypeName for MutationError<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}UserError", C::MUTATION).into()
    }
}

impl<C: ErrorCode> MutationError<C> {
    /// An error about the input field at this path, such as `memoIds.2`.
    pub fn at(path: &str, code: C, message: impl Into<String>) -> Self {
        let field = Some(steps(&format!("input.{path}")));
        Self { code: refusals::note(code), field, message: message.into() }
    }

    /// An error about the mutation as a whole.
    pub fn whole(code: C, message: impl Into<String>) -> Self {
        Self { code: refusals::note(code), field: None, message: message.into() }
    }
}

impl<C: RefusesInput> MutationError<C> {
    /// The input field at this path is invalid.
    pub fn input(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, C::INVALID_INPUT, message)
    }

    /// The text at this path is invalid.
    pub fn text(path: &str, problem: TextProblem) -> Self {
        Self::input(path, format!("The {path} {problem}."))
    }
}

/// Why a resolver ends early.
pub enum Stop<T: Done> {
    /// The mutation is refused: the rest of its payload, and the reasons.
    Refused(Box<T>, Vec<MutationError<T::Code>>),
    /// Something else went wrong. It becomes a top-level error.
    Failed(ApiError),
}

impl<T: Done> Stop<T> {
    /// The mutation is refused for these reasons. `done` is the rest of its payload.
    pub fn refused(done: T, errors: Vec<MutationError<T::Code>>) -> Self {
        Self::Refused(Box::new(done), errors)
    }
}

impl<T: Done> From<MutationError<T::Code>> for Stop<T> {
    fn from(error: MutationError<T::Code>) -> Self {
        Self::refused(T::default(), vec![error])
    }
}

impl<C: RefusesInput> From<WrongId> for MutationError<C> {
    fn from(wrong: WrongId) -> Self {
        Self::input(&wrong.path, wrong.message)
    }
}

impl<T: Done<Code: RefusesInput>> From<WrongId> for Stop<T> {
    fn from(wrong: WrongId) -> Self {
        MutationError::from(wrong).into()
    }
}

impl<T: Done> From<ApiError> for Stop<T> {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl<T: Done> From<service::Error> for Stop<T> {
    fn from(error: service::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// How many ids a list may have.
const MAX_IDS: usize = 100;

/// Checks the length of a list of ids.
///
/// # Errors
/// It has more than [`MAX_IDS`].
pub fn at_most<C: RefusesInput>(path: &str, ids: &[ID]) -> Result<(), MutationError<C>> {
    if ids.len() <= MAX_IDS {
        return Ok(());
    }
    Err(MutationError::input(
        path,
        format!("{} ids were given: give at most {MAX_IDS}.", ids.len()),
    ))
}

/// Runs a mutation's work, and builds the payload from the result.
///
/// # Errors
/// Everything that is not a refusal.
pub async fn respond<T: Done>(
    client_mutation_id: Option<String>,
    work: impl Future<Output = Result<T, Stop<T>>>,
) -> ApiResult<Payload<T>> {
    let (done, user_errors) = match work.await {
        Ok(done) => (done, Vec::new()),
        Err(Stop::Refused(done, errors)) => (*done, errors),
        Err(Stop::Failed(error)) => return Err(error),
    };
    Ok(Payload { done, user_errors, client_mutation_id })
}

/// Declares the error codes of a mutation. `or InvalidInput` adds the code for texts and ids.
/// `creates` adds this code and those for repetitions.
macro_rules! codes {
    (
        $mutation:ident($code:ident) creates { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? }
    ) => {
        crate::graphql::mutations::respond::codes! {
            $mutation($code) or InvalidInput {
                $($(#[$variant_doc])* $variant,)*
                /// The viewer has used the idempotency key for another request in the last 24
                /// hours. Nothing was created. Use a new key.
                IdempotencyMismatch,
                /// The same request was done earlier with this key. What it created does not exist
                /// any more, or the viewer cannot see it any more. Nothing was created again.
                IdempotencyGone,
            }
        }

        impl crate::graphql::mutations::respond::RefusesRepetition for $code {
            const IDEMPOTENCY_MISMATCH: Self = Self::IdempotencyMismatch;
            const IDEMPOTENCY_GONE: Self = Self::IdempotencyGone;
        }
    };
    (
        $mutation:ident($code:ident) or InvalidInput {
            $($(#[$variant_doc:meta])* $variant:ident),* $(,)?
        }
    ) => {
        crate::graphql::mutations::respond::codes! {
            $mutation($code) {
                $($(#[$variant_doc])* $variant,)*
                /// An input field is invalid. The message says what to send instead.
                InvalidInput,
            }
        }

        impl crate::graphql::mutations::respond::RefusesInput for $code {
            const INVALID_INPUT: Self = Self::InvalidInput;
        }
    };
    ($mutation:ident($code:ident) { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        #[doc = concat!("The error codes of `", stringify!($mutation), "UserError`.")]
        #[derive(async_graphql::Enum, Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $code { $($(#[$variant_doc])* $variant),+ }

        impl crate::graphql::mutations::respond::ErrorCode for $code {
            const MUTATION: &'static str = stringify!($mutation);
        }
    };
}
pub(crate) use codes;

/// Declares what a mutation returns besides its errors. `creates` adds whether an earlier request
/// has created it.
macro_rules! done {
    (
        $done:ident($code:ident) creates {
            $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)?
        }
    ) => {
        crate::graphql::mutations::respond::done! {
            $done($code) {
                $($(#[$field_doc])* $field: $type,)+
                /// Whether an earlier request with the same idempotency key has done this. Nothing
                /// was created again then, and the payload shows what exists now.
                replayed: bool,
            }
        }

        impl crate::graphql::mutations::respond::Creates for $done {
            fn gone() -> Self {
                Self { replayed: true, ..Self::default() }
            }
        }
    };
    ($done:ident($code:ident) { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        #[derive(async_graphql::SimpleObject, Default)]
        pub struct $done { $($(#[$field_doc])* pub $field: $type),+ }

        impl crate::graphql::mutations::respond::Done for $done {
            type Code = $code;
        }
    };
}
pub(crate) use done;
