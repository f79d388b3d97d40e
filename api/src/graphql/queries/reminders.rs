//! `reminders`

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    objects::Reminder,
    order::{ListOrder, ReminderOrderField},
};
use async_graphql::{Context, InputObject, Object};
use service::{
    discussion::{self, ReminderKey},
    memos::is_searchable,
};

#[derive(Default)]
pub struct RemindersQuery;

/// Selects reminders.
#[derive(InputObject, Debug, Default)]
pub struct ReminderFilter {
    /// Whether to include dismissed reminders.
    #[graphql(default)]
    include_dismissed: bool,
}

#[Object]
impl RemindersQuery {
    /// The viewer's reminders, the earliest first. Nobody else can see them.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn reminders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the reminders; those not dismissed if left out.")]
        filter: Option<ReminderFilter>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<ReminderOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Reminder>> {
        let dismissed_too = filter.unwrap_or_default().include_dismissed;
        let scope = Scope::new("reminders", (dismissed_too, order_by));
        let request = PageArguments::of(ctx, first, after, last, before)
            .request_by(&scope, |(due_at, _): &ReminderKey| is_searchable(*due_at))?;
        let request = order_by.apply(request);
        let page =
            discussion::list_reminders(services(ctx)?, viewer(ctx)?, dismissed_too, &request)
                .await?;
        Ok(connection(
            page,
            &scope,
            Counted::Reminders(dismissed_too),
            |row| (row.due_at, row.id),
            Reminder,
        ))
    }
}
