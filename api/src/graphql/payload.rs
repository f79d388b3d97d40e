//! What the payloads of mutations share.

use super::{
    error::ApiResult,
    loaders::{UserById, loaders},
    words::DeletionItemKind,
};
use async_graphql::{Context, SimpleObject};
use service::memo_deletion::MissingThing;
use uuid::Uuid;

/// The type of a mutation's business refusals: a code of that mutation, the path into the input, a message for a person.
macro_rules! user_error {
    ($(#[$doc:meta])* $error:ident, $(#[$code_doc:meta])* $code:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$code_doc])*
        #[derive(async_graphql::Enum, Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $code { $($(#[$vdoc])* $variant),+ }

        $(#[$doc])*
        #[derive(async_graphql::SimpleObject, Debug, Clone)]
        pub struct $error {
            /// Which refusal.
            pub code: $code,
            /// The path into the input, for example `["input", "reason"]`; null if it is about no single field.
            pub field: Option<Vec<String>>,
            /// The refusal, and what to do instead, in words for a person.
            pub message: String,
        }

        impl $error {
            /// A refusal of what stands at that path in the input, as `memoIds.2`.
            pub fn at(path: &str, code: $code, message: impl Into<String>) -> Self {
                let field = Some(crate::graphql::error::steps(&format!("input.{path}")));
                Self { code: crate::graphql::refusals::note(code), field, message: message.into() }
            }
        }
    };
}
pub(crate) use user_error;

/// Lets a mutation refuse ids that cannot be what their fields take.
macro_rules! refuses_wrong_ids {
    ($error:ident, $code:ident) => {
        impl From<crate::graphql::id::WrongId> for $error {
            fn from(wrong: crate::graphql::id::WrongId) -> Self {
                Self::at(&wrong.path, $code::InvalidInput, wrong.message)
            }
        }
    };
}
pub(crate) use refuses_wrong_ids;

/// What was read of the input; a resolver refuses a wrong id by its payload.
macro_rules! or_refuse {
    ($read:expr, $payload:ident, $client_mutation_id:expr) => {
        match $read {
            Ok(read) => read,
            Err(wrong) => {
                return Ok($payload {
                    user_errors: vec![wrong.into()],
                    client_mutation_id: $client_mutation_id,
                    ..$payload::default()
                });
            }
        }
    };
}
pub(crate) use or_refuse;

/// Who can act on a memo instead of its author, as a sentence: its recipient, or once they have left
/// an administrator, who passes their memos on.
///
/// # Errors
/// What went wrong inside.
pub async fn whom_to_ask(ctx: &Context<'_>, recipient: Uuid) -> ApiResult<String> {
    let recipient = loaders(ctx)?.load(UserById(recipient)).await?;
    Ok(match recipient.filter(|person| !person.active) {
        Some(person) => format!(
            "{} is not active any more: ask an administrator to pass their memos on.",
            person.full_name
        ),
        None => "Ask the recipient.".to_owned(),
    })
}

/// A link that a restore could not make again, because its other end is gone.
#[derive(SimpleObject)]
pub struct MissingLink {
    /// Its kind.
    kind: DeletionItemKind,
    /// The name of its other end, or the beginning of the thing's text, as it was.
    label: Option<String>,
}

impl From<MissingThing> for MissingLink {
    fn from(missing: MissingThing) -> Self {
        Self { kind: missing.kind.into(), label: missing.label }
    }
}
