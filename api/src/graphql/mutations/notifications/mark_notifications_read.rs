//! `markNotificationsRead`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, element},
    loaders::services,
    objects::Notification,
    payload::{or_refuse, refuses_wrong_ids, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::notifications::{MAX_MARKED, mark_read};

#[derive(Default)]
pub struct MarkNotificationsRead;

/// Which notifications the viewer has read.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// The notifications' global ids, at most 100.
    notification_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a notification was not marked.
    MarkNotificationsReadUserError,
    /// The codes with which `markNotificationsRead` refuses.
    MarkNotificationsReadErrorCode {
        /// The viewer has no such notification. The others were marked.
        NotFound,
        /// The input is not acceptable: the message says what to give instead. Nothing was marked.
        InvalidInput,
    }
}
refuses_wrong_ids!(MarkNotificationsReadUserError, MarkNotificationsReadErrorCode);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct MarkNotificationsReadPayload {
    /// The notifications that are marked now, each once, in the order of the input.
    notifications: Vec<Notification>,
    /// An error for each notification that was not marked; empty if all are.
    user_errors: Vec<MarkNotificationsReadUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl MarkNotificationsRead {
    /// Marks notifications of the viewer as read. One that has been read stays as it is; one that is not found does not hinder the others.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.notification_ids.len() * child_complexity"
    )]
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which notifications.")] input: MarkNotificationsReadInput,
    ) -> ApiResult<MarkNotificationsReadPayload> {
        let MarkNotificationsReadInput { notification_ids, client_mutation_id } = input;
        let count = notification_ids.len();
        if count > MAX_MARKED {
            let message = format!(
                "{count} ids were given: give at most {MAX_MARKED}, or mark all with `markAllNotificationsRead`."
            );
            let user_errors = vec![MarkNotificationsReadUserError::at(
                "notificationIds",
                MarkNotificationsReadErrorCode::InvalidInput,
                message,
            )];
            return Ok(MarkNotificationsReadPayload {
                user_errors,
                client_mutation_id,
                ..MarkNotificationsReadPayload::default()
            });
        }
        let ids = or_refuse!(
            Kind::Notification.parse_all("notificationIds", &notification_ids),
            MarkNotificationsReadPayload,
            client_mutation_id
        );
        let rows = mark_read(services(ctx)?, viewer(ctx)?, &ids).await?;
        let missing = ids.iter().enumerate().filter(|(_, id)| rows.iter().all(|row| row.id != **id));
        let user_errors = missing.map(|(n, _)| not_found(n)).collect();
        let notifications = rows.into_iter().map(Notification).collect();
        Ok(MarkNotificationsReadPayload { notifications, user_errors, client_mutation_id })
    }
}

fn not_found(n: usize) -> MarkNotificationsReadUserError {
    MarkNotificationsReadUserError::at(
        &element("notificationIds", n),
        MarkNotificationsReadErrorCode::NotFound,
        "You have no notification with this id. Check the id.",
    )
}
