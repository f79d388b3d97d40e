//! HTTP: routes, limits, request ids.

mod access;
mod answer_size;
mod body;
mod clients;
mod cost;
mod demo;
mod documents;
mod errors;
mod files;
mod graphql;
mod headers;
mod health;
mod host;
mod idempotency;
mod json;
pub(crate) mod metrics_page;
mod negotiation;
mod origins;
mod pace;
mod pages;
mod parameters;
mod permits;
mod presence;
mod rates;
mod refusal;
mod request_id;
mod run;
mod shutdown;
mod sse;
mod websocket;

pub use crate::{
    settings::{ClientLimits, LOCAL_PAGES, Limits, RateLimits},
    trusted_documents::TrustedDocuments,
};
pub use clients::serve;
pub use rates::{Exceeded, Rates};
pub use shutdown::{End, Shutdown};

use crate::{
    auth::SignIn, backend::Backend, document::DocumentPipeline, feeds::Feeds, graphql as schema,
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
    Services, accounts::SessionRegistry, blobs::FileStore, memo_deletion::DeletionSettings,
};
use std::sync::Arc;

/// What the handlers share.
pub(crate) struct App {
    pub(crate) services: Services,
    pub(crate) file_store: FileStore,
    pub(crate) deletion: DeletionSettings,
    pub(crate) sign_in: SignIn,
    pub(crate) limits: Limits,
    pub(crate) schema: schema::Schema,
    pub(crate) document: DocumentPipeline,
    pub(crate) sdl: String,
    pub(crate) feeds: Feeds,
    pub(crate) registry: SessionRegistry,
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
    feeds: Feeds,
    registry: SessionRegistry,
    metrics: Metrics,
    end: End,
) -> Router {
    let schema = schema::build(&limits);
    let sdl = schema::sdl_of(&schema);
    let document = match DocumentPipeline::new(&sdl, schema::CUSTOM_SCALARS, limits.document) {
        Ok(document) => document,
        // The schema is part of the program, and a test reads it in the same way.
        Err(problems) => unreachable!("the program's own schema is not valid: {problems}"),
    };
    let desk = limits.desk.then(pages::desk::documents);
    let documents = Documents::new(limits.trusted_documents.clone(), desk);
    for (id, text) in limits.trusted_documents.iter().flat_map(|trusted| trusted.iter()) {
        if let Err(problem) = document.check(text) {
            tracing::warn!(id, problem, "a trusted document will be refused");
        }
    }
    let rates = Rates::new(limits.rates);
    // The longest answer fits, otherwise nobody could ever get it.
    let longest = limits.max_answer_bytes;
    let permits = Permits::new(
        limits.max_running,
        limits.max_unsent_bytes.max(longest),
        limits.max_unsent_bytes_per_connection.max(longest),
    );
    let uploads = Uploads::new(limits.max_uploads_per_person, limits.max_storage_bytes);
    let allowed_origins: Arc<[String]> = limits.allowed_origins.clone().into();
    let has_desk = limits.desk;
    let Backend { services, file_store, deletion } = backend;
    let app = Arc::new(App {
        services,
        file_store,
        deletion,
        sign_in,
        limits,
        schema,
        document,
        sdl,
        feeds,
        registry,
        documents,
        rates,
        metrics,
        permits,
        uploads,
        end,
    });
    let routes = Router::new()
        .route("/", get(pages::first))
        .route("/graphql", get(graphql::get).post(graphql::post))
        .route("/graphiql/{file}", get(pages::graphiql::file))
        .route("/demo/people", get(demo::people))
        .route("/files", files::upload())
        .route("/files/{id}", files::download())
        .route("/personal-data/{id}", files::personal_data())
        .route("/schema.graphql", get(pages::schema))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz));
    let routes = if has_desk { routes.merge(pages::desk::routes()) } else { routes };
    // Without a list, browsers get no header that lets other pages send requests.
    let routes = if allowed_origins.is_empty() {
        routes
    } else {
        routes.layer(headers::cors(&allowed_origins))
    };
    routes
        .layer(from_fn_with_state(allowed_origins, origins::name_refused))
        .layer(from_fn(host::check))
        .layer(from_fn(headers::protect))
        .layer(from_fn_with_state(app.clone(), request_id::trace))
        .layer(from_fn_with_state(app.clone(), clients::identify))
        .with_state(app)
}
