//! `markAllNotificationsRead`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    loaders::services,
    payload::user_error,
};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use service::{memos::is_searchable, notifications::mark_all_read};

#[derive(Default)]
pub struct MarkAllNotificationsRead;

/// Up to when the viewer has read their notifications.
#[derive(InputObject)]
pub struct MarkAllNotificationsReadInput {
    /// The `createdAt` of the latest notification that the viewer has seen, so that one that came meanwhile stays unread; now, if left out.
    up_to: Option<DateTime<Utc>>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why nothing was marked.
    MarkAllNotificationsReadUserError,
    /// The codes with which `markAllNotificationsRead` refuses.
    MarkAllNotificationsReadErrorCode {
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct MarkAllNotificationsReadPayload {
    /// How many notifications were unread before and are read now.
    marked_count: Option<u64>,
    /// Why nothing was marked; empty if it was done.
    user_errors: Vec<MarkAllNotificationsReadUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl MarkAllNotificationsRead {
    /// Marks as read all that the viewer was told, up to a moment.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn mark_all_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to when.")] input: MarkAllNotificationsReadInput,
    ) -> ApiResult<MarkAllNotificationsReadPayload> {
        let client_mutation_id = input.client_mutation_id;
        if let Some(up_to) = input.up_to.filter(|up_to| !is_searchable(*up_to)) {
            let user_errors = vec![MarkAllNotificationsReadUserError::at(
                "upTo",
                MarkAllNotificationsReadErrorCode::InvalidInput,
                format!("This is {up_to:?}: give a moment of the years 1 to 9999."),
            )];
            return Ok(MarkAllNotificationsReadPayload {
                user_errors,
                client_mutation_id,
                ..MarkAllNotificationsReadPayload::default()
            });
        }
        let marked = mark_all_read(services(ctx)?, viewer(ctx)?, input.up_to).await?;
        Ok(MarkAllNotificationsReadPayload {
            marked_count: Some(marked),
            client_mutation_id,
            ..MarkAllNotificationsReadPayload::default()
        })
    }
}
