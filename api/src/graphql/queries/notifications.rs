//! `notifications` and `unreadNotificationCount`

use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    enums::NotificationKind,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::{ProjectById, RecordById, SourceOf, TaskById, UserById, loaders, services},
    objects::Notification,
    order::{ListOrder, NotificationOrderField},
};
use async_graphql::{Context, InputObject, Object};
use entity::notification;
use service::notifications;

#[derive(Default)]
pub struct NotificationsQuery;

/// Selects notifications. A notification must meet all conditions. A condition that is left out or
/// null is ignored.
#[derive(InputObject, Debug, Default)]
pub struct NotificationFilter {
    /// Only notifications that the viewer has not read (true) or has read (false).
    unread: Option<bool>,
    /// The notification is of one of these kinds.
    kinds: Option<Vec<NotificationKind>>,
}

#[Object]
impl NotificationsQuery {
    /// The viewer's notifications, the latest first.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the notifications; all if left out.")] filter: Option<
            NotificationFilter,
        >,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<NotificationOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<Notification>> {
        let filter = filter.unwrap_or_default();
        let filter = notifications::NotificationFilter {
            unread: filter.unread,
            kinds: filter.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
        };
        let scope = Scope::new("notifications", (&filter, order_by));
        let request = PageArguments::of(ctx, first, after, last, before).request(&scope)?;
        let request = order_by.apply(request);
        let page = notifications::list(services(ctx)?, viewer(ctx)?, &filter, &request).await?;
        prefetch(ctx, &page.rows).await?;
        Ok(connection(page, &scope, Counted::Notifications(filter), |row| row.id, Notification))
    }

    /// The number of notifications that the viewer has not read.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        Ok(notifications::count_unread(services(ctx)?, viewer(ctx)?).await?)
    }
}

/// Fetches what the selection asks of every notification. So the number of statements depends only
/// on the selection.
async fn prefetch(ctx: &Context<'_>, rows: &[notification::Model]) -> ApiResult<()> {
    let list = ctx.look_ahead();
    let (nodes, edges) = (list.field("nodes"), list.field("edges").field("node"));
    let asked = |field: &str| nodes.field(field).exists() || edges.field(field).exists();
    let message = asked("message");
    let loaders = loaders(ctx)?;
    if message || asked("actor") {
        loaders.prefetch(rows.iter().map(|row| UserById(row.actor_id))).await?;
    }
    if asked("memo") {
        loaders.prefetch(rows.iter().filter_map(|row| row.memo_id).map(SourceOf)).await?;
    } else if message {
        let about_memos =
            rows.iter().filter(|row| row.task_id.is_none() && row.project_id.is_none());
        loaders.prefetch(about_memos.filter_map(|row| row.memo_id).map(SourceOf)).await?;
    }
    if message || asked("task") {
        loaders.prefetch(rows.iter().filter_map(|row| row.task_id).map(TaskById)).await?;
    }
    if message || asked("project") {
        loaders.prefetch(rows.iter().filter_map(|row| row.project_id).map(ProjectById)).await?;
    }
    if asked("deletion") {
        loaders.prefetch(rows.iter().filter_map(|row| row.deletion_id).map(RecordById)).await?;
    }
    Ok(())
}
