//! HTTP: routes, limits, request ids.

mod access;
mod answer_size;
mod assets;
mod body;
mod clients;
mod documents;
mod end;
mod errors;
mod files;
mod graphql;
mod headers;
mod health;
mod host;
mod json;
mod negotiation;
mod pace;
mod parameters;
mod permits;
mod presence;
mod rates;
mod refusal;
mod request_id;
mod run;
mod sse;
mod websocket;

pub(crate) use clients::counted_as;
pub use clients::{ClientLimits, serve};
pub use documents::TrustedDocuments;
pub use end::{End, Ending};
pub(crate) use files::MediaType;
pub use rates::{Exceeded, RateLimits, Rates};

use crate::{
    auth::SignIn,
    backend::Backend,
    front_door::{DocumentLimits, FrontDoor},
    graphql as schema,
    metrics::Metrics,
};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use documents::Documents;
use files::Uploads;
use permits::Permits;
use service::{
    Services, accounts::LivePeople, blobs::FileStore, events::Feed, memo_deletion::DeletionSettings,
};
use std::{sync::Arc, time::Duration};

/// What a request may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// What a document may be.
    pub document: DocumentLimits,
    /// Deepest nesting of fields.
    pub max_depth: usize,
    /// Highest sum of fields, those of a list counted as often as the list may be long.
    pub max_complexity: usize,
    /// Longest body in bytes.
    pub max_body_bytes: usize,
    /// Longest time that a request may take.
    pub request_timeout: Duration,
    /// How long a server that was told to stop goes on as before, but for telling proxies that they
    /// shall send nobody here.
    pub drain: Duration,
    /// Longest time that running requests are given when the server stops.
    pub shutdown_timeout: Duration,
    /// How long a WebSocket may stay without saying who it is.
    pub websocket_init_timeout: Duration,
    /// Most connections of a person that stay open at a time: by `WebSocket` or as streams of
    /// events.
    pub max_streams_per_person: usize,
    /// Most operations of a WebSocket at a time.
    pub max_subscriptions: usize,
    /// Origins of pages that may ask and open a WebSocket, beside the server's own:
    /// `https://app.example.org`.
    pub allowed_origins: Vec<String>,
    /// Longest file in bytes.
    pub max_upload_bytes: u64,
    /// Most bytes of all files together; `None` for no limit.
    pub max_storage_bytes: Option<u64>,
    /// Media types of the files that are taken: `application/pdf`, `image/*`; all if empty.
    pub upload_media_types: Vec<String>,
    /// Longest wait for a further byte of a file.
    pub upload_idle_timeout: Duration,
    /// How many bytes of a file a second a client has to send on average, after that time; 0 for
    /// any number.
    pub min_upload_rate: u32,
    /// Most uploads of a person at a time.
    pub max_uploads_per_person: usize,
    /// Most queries and mutations at a time that run or whose answers wait to be read.
    pub max_running: usize,
    /// Most bytes of all answers together that wait to be read.
    pub max_unsent_bytes: usize,
    /// Most of them on one connection.
    pub max_unsent_bytes_per_connection: usize,
    /// Longest answer in bytes.
    pub max_answer_bytes: usize,
    /// Most errors of an answer that are told.
    pub max_errors: usize,
    /// Most operations of a request; 0 where a request is one operation.
    pub max_batch: usize,
    /// The only documents that run, where there are some.
    pub trusted_documents: Option<Arc<TrustedDocuments>>,
    /// How often one may ask. Without settings, as in tests, as often as one likes.
    pub rates: RateLimits,
    /// What connections may cost.
    pub clients: ClientLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: DocumentLimits::default(),
            max_depth: 16,
            max_complexity: 20_000,
            max_body_bytes: 1_048_576,
            request_timeout: Duration::from_secs(30),
            drain: Duration::ZERO,
            shutdown_timeout: Duration::from_secs(30),
            websocket_init_timeout: Duration::from_secs(10),
            max_streams_per_person: 100,
            max_subscriptions: 100,
            allowed_origins: Vec::new(),
            max_upload_bytes: 50 * 1_048_576,
            max_storage_bytes: None,
            upload_media_types: Vec::new(),
            upload_idle_timeout: Duration::from_secs(30),
            min_upload_rate: 1_024,
            max_uploads_per_person: 10,
            max_running: 500,
            max_unsent_bytes: 256 * 1_048_576,
            max_unsent_bytes_per_connection: 32 * 1_048_576,
            max_answer_bytes: 16_777_216,
            max_errors: 100,
            max_batch: 0,
            trusted_documents: None,
            rates: RateLimits::default(),
            clients: ClientLimits::default(),
        }
    }
}

/// What the handlers share.
pub(crate) struct App {
    pub(crate) services: Services,
    pub(crate) file_store: FileStore,
    pub(crate) deletion: DeletionSettings,
    pub(crate) sign_in: SignIn,
    pub(crate) limits: Limits,
    pub(crate) schema: schema::Schema,
    pub(crate) front_door: FrontDoor,
    pub(crate) sdl: String,
    pub(crate) feed: Feed,
    pub(crate) live: LivePeople,
    pub(crate) documents: Documents,
    pub(crate) rates: Rates,
    pub(crate) metrics: Metrics,
    pub(crate) permits: Permits,
    pub(crate) uploads: Uploads,
    pub(crate) end: End,
}

/// All routes.
pub fn router(
    backend: Backend,
    sign_in: SignIn,
    limits: Limits,
    feed: Feed,
    live: LivePeople,
    metrics: Metrics,
    end: End,
) -> Router {
    let schema = schema::build(&limits);
    let sdl = schema::sdl_of(&schema);
    let front_door = match FrontDoor::new(&sdl, schema::CUSTOM_SCALARS, limits.document) {
        Ok(front_door) => front_door,
        // The schema is part of the program, and a test reads it in the same way.
        Err(problems) => unreachable!("the program's own schema is not valid: {problems}"),
    };
    let documents = Documents::new(limits.trusted_documents.clone());
    for (id, text) in limits.trusted_documents.iter().flat_map(|trusted| trusted.iter()) {
        if let Err(problem) = front_door.check(text) {
            tracing::warn!(id, problem, "a trusted document will be refused");
        }
    }
    let rates = Rates::new(limits.rates);
    // The longest answer fits, or nobody would ever get it.
    let longest = limits.max_answer_bytes;
    let permits = Permits::new(
        limits.max_running,
        limits.max_unsent_bytes.max(longest),
        limits.max_unsent_bytes_per_connection.max(longest),
    );
    let uploads = Uploads::new(limits.max_uploads_per_person, limits.max_storage_bytes);
    let allowed_origins = limits.allowed_origins.clone();
    let Backend { services, file_store, deletion } = backend;
    let app = Arc::new(App {
        services,
        file_store,
        deletion,
        sign_in,
        limits,
        schema,
        front_door,
        sdl,
        feed,
        live,
        documents,
        rates,
        metrics,
        permits,
        uploads,
        end,
    });
    let routes = Router::new()
        .route("/", get(assets::to_graphiql))
        .route("/graphql", get(graphql::get).post(graphql::post))
        .route("/graphiql/{file}", get(assets::file))
        .route("/files", files::upload())
        .route("/files/{id}", files::download())
        .route("/schema.graphql", get(assets::schema))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz));
    // Without a list, browsers hear nothing that would let other pages ask.
    let routes = if allowed_origins.is_empty() {
        routes
    } else {
        routes.layer(headers::cors(&allowed_origins))
    };
    routes
        .layer(from_fn(host::check))
        .layer(from_fn(headers::protect))
        .layer(from_fn_with_state(app.clone(), request_id::trace))
        .layer(from_fn_with_state(app.clone(), clients::identify))
        .with_state(app)
}
