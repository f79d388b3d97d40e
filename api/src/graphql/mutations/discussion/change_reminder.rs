//! `changeReminder`

use super::answer::{REMINDER, Stop, answer, due_at};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::{Memo, Reminder},
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use service::discussion::change_reminder;

#[derive(Default)]
pub struct ChangeReminder;

/// Which reminder, and when it is to remind.
#[derive(InputObject)]
pub struct ChangeReminderInput {
    /// The reminder's global id.
    reminder_id: ID,
    /// When to remind: a moment that is still to come.
    due_at: DateTime<Utc>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the reminder was not changed.
    ChangeReminderUserError,
    /// The codes with which `changeReminder` refuses.
    ChangeReminderErrorCode {
        /// The viewer has no such reminder, or no longer sees its memo.
        NotFound = NotFound,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    ChangeReminderPayload {
        /// The reminder as it is now; null if it was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl ChangeReminderInput {
    async fn run(self, ctx: &Context<'_>) -> Result<ChangeReminderPayload, Stop> {
        let due_at = due_at(self.due_at)?;
        let reminder_id = Kind::Reminder.parse("reminderId", &self.reminder_id)?;
        let changed = change_reminder(services(ctx)?, viewer(ctx)?, reminder_id, due_at).await?;
        let (reminder, memo) = changed.map_err(|refusal| REMINDER.refused(refusal))?;
        Ok(ChangeReminderPayload {
            reminder: Some(Reminder(reminder)),
            memo: Some(Memo(memo)),
            ..ChangeReminderPayload::default()
        })
    }
}

#[Object]
impl ChangeReminder {
    /// Sets another moment for a reminder of one's own: a snooze. It reminds then, even if it had reminded already or was put aside.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn change_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reminder, and its new moment.")] input: ChangeReminderInput,
    ) -> ApiResult<ChangeReminderPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let result = input.run(ctx).await;
        loaders(ctx)?.forget_memos();
        ChangeReminderPayload::of(result, client_mutation_id)
    }
}
