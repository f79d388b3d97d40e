//! The GraphQL schema: queries, mutations, objects, guards, loaders. One file a verb, one file an
//! object.

mod connection;
mod date;
mod enums;
mod error;
mod guard;
mod id;
mod loaders;
mod mutations;
mod objects;
mod payload;
mod queries;
mod refusals;
mod sentences;
mod subscriptions;

pub use date::CUSTOM_SCALARS;
pub use error::{FIELD, Fault, INTERNAL_MESSAGE, RETRY_AFTER, fault};
pub use guard::{CurrentPerson, CurrentSession};
pub use id::{Kind, link_id};
pub use loaders::Loaders;
pub use mutations::THROTTLED_FIELDS;
pub use objects::file_url;
pub use refusals::noted;
pub use subscriptions::{LAST_EVENT_ID, LastEventId};

use crate::settings::Limits;
use async_graphql::{
    Request, Response, SDLExportOptions, SchemaBuilder, ValidationMode,
    connection::{Connection, EmptyFields},
};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use mutations::{Mutation, UserError};
use objects::{
    Comment, Deal, Deletable, DeletionItemConnection, Memo, MemoDeletion, MemoHold,
    MemoReassignment, Node, Notification, Project, RefusedMemoDeletion, Reminder, Resolution, Tag,
    Task, User,
};
use queries::{
    CatalogueConnectionFields, MemoConnectionFields, Query, UserConnectionFields,
    WorkConnectionFields,
};
use subscriptions::Subscription;

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// A page of a list.
type Page<Node, Fields = EmptyFields> = Connection<String, Node, Fields>;

/// The schema without our pipeline of documents, as the library comes: for the benchmark, which
/// compares the two.
pub fn build_alone() -> Schema {
    builder().validation_mode(ValidationMode::Strict).finish()
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription)
        .register_output_type::<Node>()
        .register_output_type::<Deletable>()
        .register_output_type::<UserError>()
        .override_output_type_description::<DateTime<Utc>>(
            "A moment in UTC, as \
            `2026-03-02T09:00:00.5+00:00` (RFC 3339).",
        )
        .override_output_type_description::<Query>("Everything that can be read.")
        .override_output_type_description::<Mutation>(
            "Everything that can be changed. Each \
            mutation answers a payload whose `userErrors` carry its refusals.",
        )
        .override_output_type_description::<Page<Memo, MemoConnectionFields>>(
            "A page of a list of memos.",
        )
        .override_output_type_description::<Page<Comment>>("A page of a memo's discussion.")
        .override_output_type_description::<Page<MemoDeletion>>(
            "A page of a list of deletion records.",
        )
        .override_output_type_description::<Page<RefusedMemoDeletion>>(
            "A page of the log of refused attempts.",
        )
        .override_output_type_description::<Page<MemoHold>>("A page of a list of holds.")
        .override_output_type_description::<Page<MemoReassignment>>(
            "A page of the records of memos that were passed on.",
        )
        .override_output_type_description::<Page<Notification>>(
            "A page of the viewer's notifications.",
        )
        .override_output_type_description::<Page<Reminder>>("A page of the viewer's reminders.")
        .override_output_type_description::<Page<Task, WorkConnectionFields>>(
            "A page of a list of tasks.",
        )
        .override_output_type_description::<Page<Project, WorkConnectionFields>>(
            "A page of a list of projects.",
        )
        .override_output_type_description::<Page<Tag, CatalogueConnectionFields>>(
            "A page of a list of tags.",
        )
        .override_output_type_description::<Page<Resolution, CatalogueConnectionFields>>(
            "A page of a list of resolutions.",
        )
        .override_output_type_description::<Page<Deal, CatalogueConnectionFields>>(
            "A page of a list of deals.",
        )
        .override_output_type_description::<Page<User, UserConnectionFields>>(
            "A page of a list of people.",
        )
        .override_output_type_description::<DeletionItemConnection>(
            "A page of what a deletion removes or keeps, with the counts of all of it.",
        )
}

/// The schema with the limits of a server.
pub fn build(limits: &Limits) -> Schema {
    builder()
        // The pipeline of documents has validated the request to the letter.
        .validation_mode(ValidationMode::Fast)
        .limit_depth(limits.max_depth)
        .limit_complexity(limits.max_complexity)
        .finish()
}

/// Runs a request. Boxed, so that whoever calls need not know what all the resolvers become.
pub fn execute(schema: &Schema, request: Request) -> BoxFuture<'_, Response> {
    Box::pin(schema.execute(request))
}

/// The schema as text, as `memoranda schema` prints it.
pub fn sdl() -> String {
    sdl_of(&builder().finish())
}

/// The text of a schema.
pub fn sdl_of(schema: &Schema) -> String {
    schema.sdl_with_options(
        SDLExportOptions::new().prefer_single_line_descriptions().include_specified_by(),
    )
}
