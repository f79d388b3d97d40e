//! `server`

use crate::graphql::objects::Server;
use async_graphql::Object;

#[derive(Default)]
pub struct ServerQuery;

#[Object]
impl ServerQuery {
    /// The server's version, limits and ways to sign in.
    async fn server(&self) -> Server {
        Server
    }
}
