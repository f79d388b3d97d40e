//! GraphQL schema, guards, loaders, HTTP and command line of Memoranda. Resolvers translate and
//! hold no rule.

pub mod auth;
pub mod backend;
mod by_key_length;
pub mod cli;
mod client_address;
pub mod document;
mod feeds;
pub mod graphql;
pub mod http;
mod jobs;
mod media_type;
mod metrics;
pub mod server;
pub mod settings;
mod similar_names;
mod telemetry;
mod trusted_documents;

/// The version, the commit of a release, and the machine for which it is built.
pub const VERSION: &str = env!("MEMORANDA_VERSION");
