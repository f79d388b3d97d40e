//! `reminders`

use crate::graphql::{
    connection::{PageArguments, Scope, connection, weight},
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    objects::Reminder,
};
use async_graphql::{Context, Object, connection::Connection};
use service::{
    discussion::{self, ReminderKey},
    memos::is_searchable,
};

#[derive(Default)]
pub struct RemindersQuery;

#[Object]
impl RemindersQuery {
    /// The viewer's reminders, the earliest first. Nobody else can see them.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    async fn reminders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether to include dismissed reminders.", default = false)]
        include_dismissed: bool,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, Reminder>> {
        let scope = Scope::new("reminders", include_dismissed);
        let request = PageArguments { first, after, last, before }
            .request_by(&scope, |(due_at, _): &ReminderKey| is_searchable(*due_at))?;
        let page =
            discussion::list_reminders(services(ctx)?, viewer(ctx)?, include_dismissed, &request)
                .await?;
        Ok(connection(page, &scope, |row| (row.due_at, row.id), Reminder))
    }
}
