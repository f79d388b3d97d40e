//! `dismissReminder`

use super::answer::{REMINDER, Stop, answer};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::{Memo, Reminder},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::discussion::dismiss_reminder;

#[derive(Default)]
pub struct DismissReminder;

/// Which reminder is put aside.
#[derive(InputObject)]
pub struct DismissReminderInput {
    /// The reminder's global id.
    reminder_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the reminder was not put aside.
    DismissReminderUserError,
    /// The codes with which `dismissReminder` refuses.
    DismissReminderErrorCode {
        /// The viewer has no such reminder, or no longer sees its memo.
        NotFound = NotFound,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    DismissReminderPayload {
        /// The reminder as it is now; null if it was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl DismissReminderInput {
    async fn run(self, ctx: &Context<'_>) -> Result<DismissReminderPayload, Stop> {
        let reminder_id = Kind::Reminder.parse("reminderId", &self.reminder_id)?;
        let dismissed = dismiss_reminder(services(ctx)?, viewer(ctx)?, reminder_id).await?;
        let (reminder, memo) = dismissed.map_err(|refusal| REMINDER.refused(refusal))?;
        Ok(DismissReminderPayload {
            reminder: Some(Reminder(reminder)),
            memo: Some(Memo(memo)),
            ..DismissReminderPayload::default()
        })
    }
}

#[Object]
impl DismissReminder {
    /// Puts a reminder of one's own aside: it reminds no more. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn dismiss_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reminder.")] input: DismissReminderInput,
    ) -> ApiResult<DismissReminderPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let result = input.run(ctx).await;
        loaders(ctx)?.forget_memos();
        DismissReminderPayload::of(result, client_mutation_id)
    }
}
