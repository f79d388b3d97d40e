//! The GraphQL schema: queries, mutations, objects, guards, loaders. One file a verb, one file an object.

mod connection;
mod error;
mod guard;
mod id;
mod loaders;
mod mutations;
mod objects;
mod payload;
mod queries;
mod words;

pub use error::INTERNAL_MESSAGE;
pub use guard::CurrentPerson;
pub use id::Kind;
pub use loaders::Loaders;

use crate::http::Limits;
use async_graphql::{EmptySubscription, SDLExportOptions, SchemaBuilder};
use mutations::Mutation;
use objects::{Deletable, Node};
use queries::Query;

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Most directives on one element of a document.
const MAX_DIRECTIVES: usize = 16;

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<Node>()
        .register_output_type::<Deletable>()
}

/// The schema with the limits of a server.
pub fn build(limits: &Limits) -> Schema {
    builder()
        .limit_depth(limits.max_depth)
        .limit_complexity(limits.max_complexity)
        .limit_directives(MAX_DIRECTIVES)
        .finish()
}

/// The schema as text, as `memoranda schema` prints it.
pub fn sdl() -> String {
    sdl_of(&builder().finish())
}

/// The text of a schema.
pub fn sdl_of(schema: &Schema) -> String {
    schema.sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions().include_specified_by())
}
