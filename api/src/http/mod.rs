//! HTTP: routes, limits, request ids.

mod assets;
mod errors;
mod graphql;
mod health;
mod negotiation;
mod parameters;
mod presence;
mod refusal;
mod request_id;
mod run;
mod sse;
mod websocket;

use crate::{
    auth::SignIn,
    front_door::{DocumentLimits, FrontDoor},
    graphql as schema,
};
use axum::{Router, middleware::from_fn_with_state, routing::get};
use service::{Services, accounts::LivePeople, events::Feed};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

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
    /// Longest time that running requests are given when the server stops.
    pub shutdown_timeout: Duration,
    /// How long a WebSocket may stay without saying who it is.
    pub websocket_init_timeout: Duration,
    /// Most operations of a WebSocket at a time.
    pub max_subscriptions: usize,
    /// Origins of pages that may open a WebSocket, beside the server's own: `https://app.example.org`.
    pub allowed_origins: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: DocumentLimits::default(),
            max_depth: 16,
            max_complexity: 20_000,
            max_body_bytes: 1_048_576,
            request_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(30),
            websocket_init_timeout: Duration::from_secs(10),
            max_subscriptions: 100,
            allowed_origins: Vec::new(),
        }
    }
}

/// What the handlers share.
pub(crate) struct App {
    pub(crate) services: Services,
    pub(crate) sign_in: SignIn,
    pub(crate) limits: Limits,
    pub(crate) schema: schema::Schema,
    pub(crate) front_door: FrontDoor,
    pub(crate) sdl: String,
    pub(crate) feed: Feed,
    pub(crate) live: LivePeople,
    /// Changes when the server stops.
    pub(crate) stopping: watch::Receiver<()>,
}

/// All routes.
pub fn router(
    services: Services,
    sign_in: SignIn,
    limits: Limits,
    feed: Feed,
    live: LivePeople,
    stopping: watch::Receiver<()>,
) -> Router {
    let schema = schema::build(&limits);
    let sdl = schema::sdl_of(&schema);
    let front_door = match FrontDoor::new(&sdl, limits.document) {
        Ok(front_door) => front_door,
        // The schema is part of the program, and a test reads it in the same way.
        Err(problems) => unreachable!("the program's own schema is not valid: {problems}"),
    };
    let app = Arc::new(App { services, sign_in, limits, schema, front_door, sdl, feed, live, stopping });
    Router::new()
        .route("/", get(assets::to_graphiql))
        .route("/graphql", get(graphql::get).post(graphql::post))
        .route("/graphiql/{file}", get(assets::file))
        .route("/schema.graphql", get(assets::schema))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(from_fn_with_state(app.clone(), request_id::trace))
        .with_state(app)
}
