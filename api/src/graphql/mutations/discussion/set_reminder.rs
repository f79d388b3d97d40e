//! `setReminder`

use super::answer::{MEMO, Stop, answer, due_at};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::{Memo, Reminder},
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use service::discussion::set_reminder;

#[derive(Default)]
pub struct SetReminder;

/// Of which memo to be reminded, and when.
#[derive(InputObject)]
pub struct SetReminderInput {
    /// The memo's global id.
    memo_id: ID,
    /// When to remind: a moment that is still to come.
    due_at: DateTime<Utc>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the reminder was not set.
    SetReminderUserError,
    /// The codes with which `setReminder` refuses.
    SetReminderErrorCode {
        /// The memo does not exist for the viewer.
        NotFound = NotFound,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    SetReminderPayload {
        /// The reminder; null if it was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl SetReminderInput {
    async fn run(self, ctx: &Context<'_>) -> Result<SetReminderPayload, Stop> {
        let due_at = due_at(self.due_at)?;
        let memo_id = Kind::Memo.parse("memoId", &self.memo_id)?;
        let set = set_reminder(services(ctx)?, viewer(ctx)?, memo_id, due_at).await?;
        let (reminder, memo) = set.map_err(|refusal| MEMO.refused(refusal))?;
        Ok(SetReminderPayload {
            reminder: Some(Reminder(reminder)),
            memo: Some(Memo(memo)),
            ..SetReminderPayload::default()
        })
    }
}

#[Object]
impl SetReminder {
    /// Sets a reminder of a memo for oneself: at that moment there is a notification, and a mail for those who want one.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn set_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of what to be reminded, and when.")] input: SetReminderInput,
    ) -> ApiResult<SetReminderPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let result = input.run(ctx).await;
        loaders(ctx)?.forget_memos();
        SetReminderPayload::of(result, client_mutation_id)
    }
}
