//! `markNotificationsRead`, `markAllNotificationsRead`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, element},
    loaders::services,
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::Notification,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use service::{
    memos::is_searchable,
    notifications::{MAX_MARKED, mark_all_read, mark_read},
};

#[derive(Default)]
pub struct NotificationMarkMutation;

/// Which notifications the viewer has read.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// The notifications' global ids, at most 100.
    notification_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    MarkNotificationsRead(MarkNotificationsReadErrorCode) {
        /// The viewer has no such notification. The others were marked.
        NotFound,
        /// The input is not acceptable: the message says what to give instead. Nothing was marked.
        InvalidInput,
    }
}

// Not by `or InvalidInput`: the code says what became of the others.
impl RefusesInput for MarkNotificationsReadErrorCode {
    const INVALID_INPUT: Self = Self::InvalidInput;
}

done! {
    NotificationsMarked(MarkNotificationsReadErrorCode) {
        /// The notifications that are marked now, each once, in the order of the input.
        notifications: Vec<Notification>,
    }
}

/// Up to when the viewer has read their notifications.
#[derive(InputObject)]
pub struct MarkAllNotificationsReadInput {
    /// The `createdAt` of the latest notification that the viewer has seen, so that one that came
    /// meanwhile stays unread; now, if left out.
    up_to: Option<DateTime<Utc>>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    MarkAllNotificationsRead(MarkAllNotificationsReadErrorCode) or InvalidInput {}
}

done! {
    AllNotificationsMarked(MarkAllNotificationsReadErrorCode) {
        /// How many notifications were unread before and are read now.
        marked_count: Option<u64>,
    }
}

#[Object]
impl NotificationMarkMutation {
    /// Marks notifications of the viewer as read. One that has been read stays as it is; one that
    /// is not found does not hinder the others.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.notification_ids.len() * child_complexity"
    )]
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which notifications.")] input: MarkNotificationsReadInput,
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
            let done =
                NotificationsMarked { notifications: rows.into_iter().map(Notification).collect() };
            if errors.is_empty() { Ok(done) } else { Err(Stop::refused(done, errors)) }
        })
        .await
    }

    /// Marks as read all that the viewer was told, up to a moment.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn mark_all_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to when.")] input: MarkAllNotificationsReadInput,
    ) -> ApiResult<Payload<AllNotificationsMarked>> {
        respond(input.client_mutation_id, async {
            if let Some(up_to) = input.up_to.filter(|up_to| !is_searchable(*up_to)) {
                let message = format!("This is {up_to:?}: give a moment of the years 1 to 9999.");
                return Err(MutationError::input("upTo", message).into());
            }
            let marked = mark_all_read(services(ctx)?, viewer(ctx)?, input.up_to).await?;
            Ok(AllNotificationsMarked { marked_count: Some(marked) })
        })
        .await
    }
}

/// The viewer has no notification with the id that stands there in the list.
fn not_found(n: usize) -> MutationError<MarkNotificationsReadErrorCode> {
    let code = MarkNotificationsReadErrorCode::NotFound;
    MutationError::at(&element("notificationIds", n), code, sentences::NO_SUCH_NOTIFICATION)
}
