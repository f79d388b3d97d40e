//! The GraphQL schema: queries, mutations, objects, guards, loaders. There is one file per object
//! and per group of verbs.

pub(crate) mod at_hand;
mod connection;
mod counted;
mod enums;
mod error;
mod guard;
mod id;
mod loaders;
mod mutations;
mod objects;
mod order;
mod payload;
mod queries;
mod refusals;
mod scalars;
pub(crate) mod sentences;
mod subscriptions;

pub use error::{FIELD, Fault, INTERNAL_MESSAGE, RETRY_AFTER, fault};
pub use guard::{CurrentPerson, CurrentSession};
pub use id::{Kind, link_id};
pub use loaders::Loaders;
pub use mutations::{IDEMPOTENCY_HEADER, KeyInHeader, THROTTLED_FIELDS};
pub use objects::{PERSONAL_DATA_TYPE, file_url};
pub use refusals::noted;
pub use scalars::CUSTOM_SCALARS;

use crate::settings::Limits;
use async_graphql::{
    Request, Response, SDLExportOptions, SchemaBuilder, ValidationMode, extensions::Analyzer,
};
use connection::ListConnection;
use futures_util::future::BoxFuture;
use mutations::{Descriptions, Mutation, UserError};
use objects::{
    Comment, Deal, Deletable, DeletionItemConnection, Memo, MemoDeletion, MemoHold,
    MemoReassignment, Node, Notification, PersonErasure, Project, RefusedMemoDeletion, Reminder,
    Resolution, Tag, Task, User,
};
use queries::Query;
use subscriptions::Subscription;

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema as the library executes it, without the document pipeline. The benchmark compares the
/// two.
pub fn build_alone() -> Schema {
    builder().validation_mode(ValidationMode::Strict).finish()
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .register_output_type::<Node>()
        .register_output_type::<Deletable>()
        .register_output_type::<UserError>()
        .register_output_type::<Descriptions>()
        .override_output_type_description::<Query>(
            "Everything that can be read. A person sees only what exists for them: for the rest,\n\
            fields are null and lists leave it out. Start with `viewer` and `memos`. Lists are\n\
            connections: `first` and `after` turn pages forwards, `last` and `before` backwards.\n\
            `memoDeletionPreview` shows what a deletion would do.",
        )
        .override_output_type_description::<Mutation>(
            "Everything that can be changed. Each mutation returns a payload with what has\n\
            changed and with `userErrors`, which say why the mutation, or a part of it, was\n\
            refused, and what to do instead. To delete a memo: read `memoDeletionPreview`, show\n\
            it, and send its `confirmationToken` to `deleteMemo`. The receipt's id undoes it with\n\
            `restoreMemo`. Fields of an input that are left out stay as they are; null clears\n\
            them. Whatever creates something takes an `idempotencyKey`, so that repeating it\n\
            creates nothing twice.",
        )
        .override_output_type_description::<ListConnection<Memo>>("A page of a list of memos.")
        .override_output_type_description::<ListConnection<Comment>>(
            "A page of a memo's discussion.",
        )
        .override_output_type_description::<ListConnection<MemoDeletion>>(
            "A page of a list of deletion records.",
        )
        .override_output_type_description::<ListConnection<RefusedMemoDeletion>>(
            "A page of refused attempts to delete a memo.",
        )
        .override_output_type_description::<ListConnection<MemoHold>>("A page of a list of holds.")
        .override_output_type_description::<ListConnection<MemoReassignment>>(
            "A page of a list of records of memos that were passed on.",
        )
        .override_output_type_description::<ListConnection<PersonErasure>>(
            "A page of a list of records of erased people.",
        )
        .override_output_type_description::<ListConnection<Notification>>(
            "A page of the viewer's notifications.",
        )
        .override_output_type_description::<ListConnection<Reminder>>(
            "A page of the viewer's reminders.",
        )
        .override_output_type_description::<ListConnection<Task>>("A page of a list of tasks.")
        .override_output_type_description::<ListConnection<Project>>(
            "A page of a list of projects.",
        )
        .override_output_type_description::<ListConnection<Tag>>("A page of a list of tags.")
        .override_output_type_description::<ListConnection<Resolution>>(
            "A page of a list of resolutions.",
        )
        .override_output_type_description::<ListConnection<Deal>>("A page of a list of deals.")
        .override_output_type_description::<ListConnection<User>>("A page of a list of people.")
        .override_output_type_description::<DeletionItemConnection>(
            "A page of the items that a deletion removes or keeps, with the counts of all items.",
        )
}

/// The schema with the limits of a server.
pub fn build(limits: &Limits) -> Schema {
    let builder = if limits.cost_extension { builder().extension(Analyzer) } else { builder() };
    builder
        // The document pipeline has already validated the request strictly.
        .validation_mode(ValidationMode::Fast)
        .limit_depth(limits.max_depth)
        .limit_complexity(limits.max_complexity)
        .data(limits.clone())
        .finish()
}

/// Runs a request. The future is boxed, so that callers do not compile the types of all resolvers.
pub fn execute(schema: &Schema, request: Request) -> BoxFuture<'_, Response> {
    Box::pin(schema.execute(request))
}

/// The schema as SDL, as `memoranda schema` prints it.
pub fn sdl() -> String {
    sdl_of(&builder().finish())
}

/// The SDL of a schema.
pub fn sdl_of(schema: &Schema) -> String {
    schema.sdl_with_options(
        SDLExportOptions::new().prefer_single_line_descriptions().include_specified_by(),
    )
}
