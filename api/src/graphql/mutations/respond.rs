//! How every mutation answers: one payload, one kind of refusal, one way to write a resolver.
//!
//! A resolver reads its input, calls one function of the service, and says what was done. Whatever
//! ends it early is a [`Stop`]: `?` makes one of a wrong id, of the verb's error and of a fault.

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

/// The codes with which one mutation refuses.
pub trait ErrorCode: EnumType + OutputType + Copy {
    /// The mutation, as in the names of its types: `AddComment`.
    const MUTATION: &'static str;
}

/// The codes of a mutation that takes what people write, or ids.
pub trait RefusesInput: ErrorCode {
    /// The code for it.
    const INVALID_INPUT: Self;
}

/// What a mutation tells if it was done: the fields of its payload before `userErrors`.
pub trait Done: OutputType + ContainerType + Default {
    /// Its codes.
    type Code: ErrorCode;
}

/// What a mutation answers.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Payload<T: Done> {
    #[graphql(flatten)]
    done: T,
    /// Why nothing was done, or not all; empty if all was done.
    user_errors: Vec<MutationError<T::Code>>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

impl<T: Done> TypeName for Payload<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Payload", T::Code::MUTATION).into()
    }
}

/// A refusal, and what to do instead.
#[derive(SimpleObject, Debug, Clone)]
#[graphql(name_type)]
pub struct MutationError<C: ErrorCode> {
    /// The reason, for programs.
    pub code: C,
    /// The path into the input, for example `["input", "reason"]`; null if it is about no single
    /// field.
    pub field: Option<Vec<String>>,
    /// The reason, and what to do instead, in words for a person.
    pub message: String,
}

impl<C: ErrorCode> TypeName for MutationError<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}UserError", C::MUTATION).into()
    }
}

impl<C: ErrorCode> MutationError<C> {
    /// A refusal of what stands at that path in the input, as `memoIds.2`.
    pub fn at(path: &str, code: C, message: impl Into<String>) -> Self {
        let field = Some(steps(&format!("input.{path}")));
        Self { code: refusals::note(code), field, message: message.into() }
    }

    /// A refusal of the mutation as a whole.
    pub fn whole(code: C, message: impl Into<String>) -> Self {
        Self { code: refusals::note(code), field: None, message: message.into() }
    }
}

impl<C: RefusesInput> MutationError<C> {
    /// What stands at that path in the input is not acceptable.
    pub fn input(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, C::INVALID_INPUT, message)
    }

    /// The text there is not acceptable.
    pub fn text(path: &str, problem: TextProblem) -> Self {
        Self::input(path, format!("The {path} {problem}."))
    }
}

/// Why a resolver ends early.
pub enum Stop<T: Done> {
    /// The mutation is refused: for which reasons, and what its payload tells all the same.
    Refused(Box<T>, Vec<MutationError<T::Code>>),
    /// Something else, which becomes a top-level error.
    Failed(ApiError),
}

impl<T: Done> Stop<T> {
    /// The mutation is refused for these reasons, and its payload tells that all the same.
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

/// Most ids of one list.
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

/// Runs a mutation's work, and answers what came of it.
///
/// # Errors
/// Faults, and whatever is no refusal.
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

/// Declares the codes of a mutation; with `InvalidInput` in front, it takes texts or ids.
macro_rules! codes {
    (
        $mutation:ident($code:ident) or InvalidInput {
            $($(#[$variant_doc:meta])* $variant:ident),* $(,)?
        }
    ) => {
        crate::graphql::mutations::respond::codes! {
            $mutation($code) {
                $($(#[$variant_doc])* $variant,)*
                /// The input is not acceptable: the message says what to give instead.
                InvalidInput,
            }
        }

        impl crate::graphql::mutations::respond::RefusesInput for $code {
            const INVALID_INPUT: Self = Self::InvalidInput;
        }
    };
    ($mutation:ident($code:ident) { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        #[doc = concat!("The codes of `", stringify!($mutation), "UserError`.")]
        #[derive(async_graphql::Enum, Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $code { $($(#[$variant_doc])* $variant),+ }

        impl crate::graphql::mutations::respond::ErrorCode for $code {
            const MUTATION: &'static str = stringify!($mutation);
        }
    };
}
pub(crate) use codes;

/// Declares what a mutation tells if it was done.
macro_rules! done {
    ($done:ident($code:ident) { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        #[derive(async_graphql::SimpleObject, Default)]
        pub struct $done { $($(#[$field_doc])* pub $field: $type),+ }

        impl crate::graphql::mutations::respond::Done for $done {
            type Code = $code;
        }
    };
}
pub(crate) use done;
