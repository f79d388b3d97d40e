//! `markNotificationsRead`, `markAllNotificationsRead`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, element},
    loaders::services,
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::Notification,
    scalars::Moment,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    memos::is_searchable,
    notifications::{MAX_MARKED, count_unread, mark_all_read, mark_read},
};

#[derive(Default)]
pub struct NotificationMarkMutation;

/// The notifications to mark as read.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// The notifications' global ids, at most 100.
    notification_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    MarkNotificationsRead(MarkNotificationsReadErrorCode) {
        /// The viewer has no such notification. The other notifications were marked.
        NotFound,
        /// An input field is invalid, and nothing was marked. The message says what to send
        /// instead.
        InvalidInput,
    }
}

// Not declared by `or InvalidInput`: this description also says that nothing was marked.
impl RefusesInput for MarkNotificationsReadErrorCode {
    const INVALID_INPUT: Self = Self::InvalidInput;
}

done! {
    NotificationsMarked(MarkNotificationsReadErrorCode) {
        /// The notifications that are now marked as read, each once, in the order of the input.
        notifications: Vec<Notification>,
        /// How many notifications of the viewer are unread now; null if the mutation was refused.
        unread_notification_count: Option<u64>,
    }
}

/// The time up to which the viewer has read notifications.
#[derive(InputObject)]
pub struct MarkAllNotificationsReadInput {
    /// The `createdAt` of the latest notification that the viewer has seen. Later notifications
    /// stay unread. If left out or null, the current time.
    up_to: Option<Moment>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    MarkAllNotificationsRead(MarkAllNotificationsReadErrorCode) or InvalidInput {}
}

done! {
    AllNotificationsMarked(MarkAllNotificationsReadErrorCode) {
        /// How many unread notifications were marked as read; null if the mutation was refused.
        marked_count: Option<u64>,
        /// How many notifications of the viewer are unread now; null if the mutation was refused.
        unread_notification_count: Option<u64>,
    }
}

#[Object]
impl NotificationMarkMutation {
    /// Marks notifications of the viewer as read. Repeating it changes nothing. If a notification
    /// is not found, the others are still marked.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.notification_ids.len() * child_complexity"
    )]
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notifications to mark as read.")] input: MarkNotificationsReadInput,
    ) -> ApiResult<Payload<NotificationsMarked>> {
        respond(input.client_mutation_id, async {
            let count = input.notification_ids.len();
            if count > MAX_MARKED {
                let message = format!(
                    "{count} ids were given: give at most {MAX_MARKED}, or mark all with \
                     `markAllNotificationsRead`."
                );
                return Err(MutationError::input("notificationIds", message).into());
            }
            let ids = Kind::Notification.parse_all("notificationIds", &input.notification_ids)?;
            let rows = mark_read(services(ctx)?, viewer(ctx)?, &ids).await?;
            let missing =
                ids.iter().enumerate().filter(|(_, id)| rows.iter().all(|row| row.id != **id));
            let errors: Vec<_> = missing.map(|(n, _)| not_found(n)).collect();
            let done = NotificationsMarked {
                notifications: rows.into_iter().map(Notification).collect(),
                unread_notification_count: unread_count(ctx).await?,
            };
            if errors.is_empty() { Ok(done) } else { Err(Stop::refused(done, errors)) }
        })
        .await
    }

    /// Marks as read all notifications of the viewer that were created up to a given time.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn mark_all_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The time up to which to mark.")] input: MarkAllNotificationsReadInput,
    ) -> ApiResult<Payload<AllNotificationsMarked>> {
        respond(input.client_mutation_id, async {
            let up_to = input.up_to.map(|moment| moment.0);
            if let Some(up_to) = up_to.filter(|up_to| !is_searchable(*up_to)) {
                let message = format!("This is {up_to:?}: give a moment of the years 1 to 9999.");
                return Err(MutationError::input("upTo", message).into());
            }
            let marked = mark_all_read(services(ctx)?, viewer(ctx)?, up_to).await?;
            Ok(AllNotificationsMarked {
                marked_count: Some(marked),
                unread_notification_count: unread_count(ctx).await?,
            })
        })
        .await
    }
}

/// How many notifications are unread. They are counted only for clients that ask for it.
async fn unread_count(ctx: &Context<'_>) -> ApiResult<Option<u64>> {
    if !ctx.look_ahead().field("unreadNotificationCount").exists() {
        return Ok(None);
    }
    Ok(Some(count_unread(services(ctx)?, viewer(ctx)?).await?))
}

/// The viewer has no notification with the id at this place in the list.
fn not_found(n: usize) -> MutationError<MarkNotificationsReadErrorCode> {
    let code = MarkNotificationsReadErrorCode::NotFound;
    MutationError::at(&element("notificationIds", n), code, sentences::NO_SUCH_NOTIFICATION)
}
