//! The GraphQL schema: queries, mutations, objects, guards, loaders. One file a verb, one file an object.

mod connection;
mod date;
mod error;
mod guard;
mod id;
mod loaders;
mod mutations;
mod objects;
mod payload;
mod queries;
mod variables;
mod words;

pub use error::INTERNAL_MESSAGE;
pub use guard::CurrentPerson;
pub use id::Kind;
pub use loaders::Loaders;
pub use variables::settle_variables;

use crate::http::Limits;
use async_graphql::{EmptySubscription, SDLExportOptions, SchemaBuilder, connection::Connection};
use chrono::{DateTime, Utc};
use mutations::Mutation;
use objects::{
    Comment, Deletable, DeletionItemConnection, Memo, MemoDeletion, MemoHold, Node, Notification,
    RefusedMemoDeletion,
};
use queries::{MemoConnectionFields, Query};

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Most directives on one element of a document.
const MAX_DIRECTIVES: usize = 16;

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<Node>()
        .register_output_type::<Deletable>()
        .override_output_type_description::<DateTime<Utc>>("A moment in UTC, as `2026-03-02T09:00:00.5+00:00` (RFC 3339).")
        .override_output_type_description::<Query>("Everything that can be read.")
        .override_output_type_description::<Mutation>("Everything that can be changed. Each mutation answers a payload whose `userErrors` carry its refusals.")
        .override_output_type_description::<Connection<String, Memo, MemoConnectionFields>>("A page of a list of memos.")
        .override_output_type_description::<Connection<String, Comment>>("A page of a memo's discussion.")
        .override_output_type_description::<Connection<String, MemoDeletion>>("A page of a list of deletion records.")
        .override_output_type_description::<Connection<String, RefusedMemoDeletion>>("A page of the log of refused attempts.")
        .override_output_type_description::<Connection<String, MemoHold>>("A page of a list of holds.")
        .override_output_type_description::<Connection<String, Notification>>("A page of the viewer's notifications.")
        .override_output_type_description::<DeletionItemConnection>("A page of what a deletion removes or keeps, with the counts of all of it.")
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
