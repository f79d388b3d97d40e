//! The pipeline of documents. It parses, checks and flattens every GraphQL request before the
//! GraphQL library sees it. Then it brings every answer into the form that its request asks for.
//!
//! ```text
//! text ──checks.rs──▶ checked document ──planner.rs──▶ plan ──execute.rs──▶ the library
//!          (cached)                         │
//!                                           └──complete.rs── answer: order of keys, nulls
//! ```
//!
//! The library alone would overflow its stack on nested lists, run a repeated mutation twice, and
//! put null where the schema forbids it.

mod argument_budget;
mod checks;
mod complete;
mod execute;
mod input_fields;
mod introspection;
mod plan;
mod planner;
mod scalars;
mod suggestions;
mod written;

pub use crate::settings::DocumentLimits;
pub(crate) use plan::TYPE_KEY;
pub use scalars::CustomScalar;
pub(crate) use written::{write, write_list, written};

use crate::by_key_length::ByKeyLength;
use apollo_compiler::{
    ExecutableDocument, Schema, executable::OperationType, request::coerce_variable_values,
    response::JsonValue, validation::Valid,
};
use async_graphql::{Request, Response};
use checks::check;
use introspection::SchemaAllowance;
use plan::QueryPlan;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// About how many documents are remembered as checked.
const REMEMBERED: usize = 1_000;
/// Maximum size of all remembered documents, in bytes. A checked document takes several times as
/// much memory.
const REMEMBERED_BYTES: u64 = 4 * 1_048_576;

/// A field that the library supports but the validation does not know. The specification has it
/// since September 2025.
const INTROSPECTION: &str = "\nextend type __Type { isOneOf: Boolean }\n";

/// Checks requests against one schema. All requests share it.
pub struct DocumentPipeline {
    schema: Valid<Schema>,
    schema_allowance: SchemaAllowance,
    custom_scalars: &'static [CustomScalar],
    limits: DocumentLimits,
    checked: Cache<String, Arc<Valid<ExecutableDocument>>, ByKeyLength>,
}

/// Why a request does not run. The text is for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong, and what is allowed.
    pub message: String,
    /// Line and column in the document, from 1, if there is a position.
    pub location: Option<(usize, usize)>,
    /// The path into the variables or the arguments, if the error is about one of them.
    pub field: Option<Vec<String>>,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), location: None, field: None }
    }

    fn of_argument(path: Vec<String>, problem: &str) -> Self {
        let message = format!("{}: {problem}.", path.join("."));
        Self { field: Some(path), ..Self::new(message) }
    }
}

/// An operation that may run.
pub struct PreparedOperation {
    plan: QueryPlan,
}

impl DocumentPipeline {
    /// A pipeline for that schema.
    ///
    /// # Errors
    /// What is wrong with the schema.
    pub fn new(
        sdl: &str,
        custom_scalars: &'static [CustomScalar],
        limits: DocumentLimits,
    ) -> Result<Self, String> {
        let schema = Schema::parse_and_validate(format!("{sdl}{INTROSPECTION}"), "schema.graphql")
            .map_err(|problems| problems.to_string())?;
        Ok(Self {
            schema_allowance: SchemaAllowance::of(&schema),
            schema,
            custom_scalars,
            limits,
            checked: Cache::with_weighter(REMEMBERED, REMEMBERED_BYTES, ByKeyLength),
        })
    }

    /// Checks a document that clients may send later.
    ///
    /// # Errors
    /// The first of its mistakes.
    pub fn check(&self, text: &str) -> Result<(), String> {
        let first = |refusals: Vec<Refusal>| {
            refusals.into_iter().next().map_or_else(String::new, |one| one.message)
        };
        check(&self.schema, text, &self.limits).map(drop).map_err(first)
    }

    /// Checks a request.
    ///
    /// # Errors
    /// What is wrong with the request: at most a few of its mistakes.
    pub fn prepare(
        &self,
        text: &str,
        operation_name: Option<&str>,
        variables: serde_json::Value,
    ) -> Result<PreparedOperation, Vec<Refusal>> {
        let document = match self.checked.get(text) {
            Some(document) => document,
            None => {
                let document = Arc::new(check(&self.schema, text, &self.limits)?);
                self.checked.insert(text.to_owned(), document.clone());
                document
            }
        };
        let one = |message: String| vec![Refusal::new(message)];
        let operation =
            document.operations.get(operation_name).map_err(|_| match operation_name {
                Some(name) => one(format!("The document has no operation named {name:?}.")),
                None => {
                    one("The document has several operations: name one of them in `operationName`."
                        .to_owned())
                }
            })?;
        let JsonValue::Object(variables) = JsonValue::from(variables) else {
            return Err(one("`variables` must be an object.".to_owned()));
        };
        let variables =
            coerce_variable_values(&self.schema, operation, &variables).map_err(|error| {
                let message = format!("The variables do not fit: {}.", error.message());
                let field = scalars::misfit(&self.schema, operation, &variables);
                vec![Refusal { field, ..Refusal::new(message) }]
            })?;
        let plan = planner::make(
            (&self.schema, &self.schema_allowance),
            self.custom_scalars,
            &document,
            operation,
            &variables,
            &self.limits,
        )
        .map_err(|refusal| vec![refusal])?;
        Ok(PreparedOperation { plan })
    }
}

impl PreparedOperation {
    /// `query`, `mutation` or `subscription`.
    pub fn kind(&self) -> &'static str {
        self.plan.operation_type.name()
    }

    /// Its name in the document, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.plan.name.as_deref()
    }

    /// Whether it is a mutation.
    pub fn is_mutation(&self) -> bool {
        self.plan.operation_type == OperationType::Mutation
    }

    /// Whether it is a query.
    pub fn is_query(&self) -> bool {
        self.plan.operation_type == OperationType::Query
    }

    /// The names of the root fields that run, one for each key.
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        self.plan.fields.iter().map(|field| field.name.as_str())
    }

    /// Whether it is a subscription, which can have any number of answers.
    pub fn is_subscription(&self) -> bool {
        self.plan.operation_type == OperationType::Subscription
    }

    /// The request for the GraphQL library.
    pub fn request(&self) -> Request {
        execute::request(&self.plan)
    }

    /// The library's answer in the form that the request asks for: keys in the order of the
    /// selection, and null only where the schema allows it.
    #[must_use]
    pub fn complete(&self, answer: Response) -> Response {
        complete::answer(&self.plan, answer)
    }
}
