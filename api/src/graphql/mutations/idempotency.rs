//! Idempotency keys: in the input of a mutation that creates something, or in a header of the
//! request.

use super::respond::{
    Creates, ErrorCode, MutationError, Payload, RefusesInput, RefusesRepetition, Stop, respond,
};
use crate::graphql::{error::ApiResult, guard::viewer, sentences};
use async_graphql::{Context, InputObjectType, Name, Value, indexmap::IndexMap};
use service::{
    idempotency::{CreateError, IdempotencyKey},
    text,
};

/// The input field for the key.
const FIELD: &str = "idempotencyKey";

/// The header for the key.
pub const HEADER: &str = "Idempotency-Key";

/// The key in the header of the request.
#[derive(Debug, Clone, Default)]
pub struct KeyInHeader(pub Option<String>);

/// Runs a mutation that creates something, and builds the payload from the result. The work gets
/// the input and, if the client has sent one, the idempotency key of the request.
///
/// # Errors
/// Everything that is not a refusal.
pub async fn create<I: InputObjectType, T: Creates>(
    ctx: &Context<'_>,
    input: I,
    work: impl AsyncFnOnce(I, Option<IdempotencyKey>) -> Result<T, Stop<T>>,
) -> ApiResult<Payload<T>> {
    let sent = SentInput::of(&input);
    respond(sent.client_mutation_id.clone(), async move {
        let key = sent.key(ctx)?;
        work(input, key).await
    })
    .await
}

impl<T: Creates, E> From<CreateError<E>> for Stop<T>
where
    Self: From<E>,
{
    fn from(error: CreateError<E>) -> Self {
        match error {
            CreateError::KeyReused => {
                let code = T::Code::IDEMPOTENCY_MISMATCH;
                MutationError::at(FIELD, code, sentences::IDEMPOTENCY_MISMATCH).into()
            }
            CreateError::Gone => {
                let code = T::Code::IDEMPOTENCY_GONE;
                let error = MutationError::at(FIELD, code, sentences::IDEMPOTENCY_GONE);
                Self::refused(T::gone(), vec![error])
            }
            CreateError::Operation(error) => error.into(),
        }
    }
}

/// The input of a mutation that creates something: what it asks for, apart from what only
/// identifies the request.
struct SentInput {
    /// The client's text for the payload.
    client_mutation_id: Option<String>,
    key: Option<String>,
    asked: IndexMap<Name, Value>,
}

impl SentInput {
    /// Takes the input apart. Defaults are already filled in.
    fn of<I: InputObjectType>(input: &I) -> Self {
        let mut asked = match input.to_value() {
            Value::Object(fields) => fields,
            _ => IndexMap::default(),
        };
        let mut text = |name: &str| match asked.shift_remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        Self { client_mutation_id: text("clientMutationId"), key: text(FIELD), asked }
    }

    /// The key of the request, if the client has sent one.
    ///
    /// # Errors
    /// The key is invalid, or the header has another one.
    fn key<T: Creates>(self, ctx: &Context<'_>) -> Result<Option<IdempotencyKey>, Stop<T>> {
        let in_header = ctx.data_opt::<KeyInHeader>().and_then(|header| header.0.as_ref());
        let key = match (self.key, in_header) {
            (None, None) => return Ok(None),
            (Some(key), Some(header)) if key != *header => {
                let message = sentences::two_idempotency_keys(&key, header);
                return Err(MutationError::input(FIELD, message).into());
            }
            (Some(key), _) => checked(key)?,
            (None, Some(header)) => header.clone(),
        };
        let person = viewer(ctx)?.id;
        let verb = T::Code::MUTATION;
        let asked = Value::Object(self.asked).into_json().map_err(service::Error::from)?;
        Ok(Some(IdempotencyKey::new(person, key, verb, &asked)))
    }
}

fn checked<C: RefusesInput>(key: String) -> Result<String, MutationError<C>> {
    match text::idempotency_key(&key) {
        Ok(_) => Ok(key),
        Err(problem) => Err(MutationError::text(FIELD, problem)),
    }
}
