//! `notifications`

use crate::graphql::{
    connection::{PageArguments, Scope, connection, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    objects::Notification,
};
use async_graphql::{Context, Object, connection::Connection};
use service::notifications;

#[derive(Default)]
pub struct NotificationsQuery;

#[Object]
impl NotificationsQuery {
    /// What the viewer was told, the latest first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many of the first, 1–100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many of the last, 1–100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Notification>> {
        let scope = Scope::new("notifications", ());
        let request = PageArguments { first, after, last, before }.request(&scope)?;
        let page = notifications::list(services(ctx)?, viewer(ctx)?, &request).await?;
        Ok(connection(page, &scope, |row| row.id, Notification))
    }
}
