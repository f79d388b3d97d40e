//! `setReminder`, `changeReminder`, `dismissReminder`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::{Memo, Reminder},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use service::{
    discussion::{self, DismissReminderError, ReminderError},
    memos::is_searchable,
};

#[derive(Default)]
pub struct ReminderMutation;

/// Of which memo, and when, to remind.
#[derive(InputObject)]
pub struct SetReminderInput {
    /// The memo's global id.
    memo_id: ID,
    /// When to remind: a moment that is still to come.
    due_at: DateTime<Utc>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    SetReminder(SetReminderErrorCode) or InvalidInput {
        /// The memo does not exist for the viewer.
        NotFound,
    }
}

done! {
    ReminderSet(SetReminderErrorCode) {
        /// The reminder; null if it was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

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

codes! {
    ChangeReminder(ChangeReminderErrorCode) or InvalidInput {
        /// The viewer has no such reminder, or no longer sees its memo.
        NotFound,
    }
}

done! {
    ReminderChanged(ChangeReminderErrorCode) {
        /// The reminder as it is now; null if it was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

/// Setting and changing a reminder are refused alike, but for what is not found.
macro_rules! refuses_reminder {
    ($done:ident, $code:ident, $field:literal, $not_found:expr) => {
        impl From<ReminderError> for Stop<$done> {
            fn from(error: ReminderError) -> Self {
                match error {
                    ReminderError::NotFound => {
                        MutationError::at($field, $code::NotFound, $not_found)
                    }
                    ReminderError::Past => MutationError::input("dueAt", sentences::PAST_MOMENT),
                    ReminderError::TooMany => {
                        MutationError::input($field, sentences::too_many_reminders())
                    }
                    ReminderError::Failed(error) => return error.into(),
                }
                .into()
            }
        }
    };
}
refuses_reminder!(ReminderSet, SetReminderErrorCode, "memoId", sentences::NO_SUCH_MEMO);
refuses_reminder!(
    ReminderChanged,
    ChangeReminderErrorCode,
    "reminderId",
    sentences::NO_SUCH_REMINDER
);

/// Which reminder is put aside.
#[derive(InputObject)]
pub struct DismissReminderInput {
    /// The reminder's global id.
    reminder_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    DismissReminder(DismissReminderErrorCode) or InvalidInput {
        /// The viewer has no such reminder, or no longer sees its memo.
        NotFound,
    }
}

done! {
    ReminderDismissed(DismissReminderErrorCode) {
        /// The reminder as it is now; null if it was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl From<DismissReminderError> for Stop<ReminderDismissed> {
    fn from(error: DismissReminderError) -> Self {
        match error {
            DismissReminderError::NotFound => {
                let code = DismissReminderErrorCode::NotFound;
                MutationError::at("reminderId", code, sentences::NO_SUCH_REMINDER).into()
            }
            DismissReminderError::Failed(error) => error.into(),
        }
    }
}

#[Object]
impl ReminderMutation {
    /// Sets a reminder of a memo for oneself: at that moment there is a notification, and a mail
    /// for those who want one.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn set_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of what to be reminded, and when.")] input: SetReminderInput,
    ) -> ApiResult<Payload<ReminderSet>> {
        respond(input.client_mutation_id, async {
            let due_at = read_due_at(input.due_at)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let (reminder, memo) =
                discussion::set_reminder(services(ctx)?, viewer(ctx)?, memo_id, due_at).await?;
            Ok(ReminderSet { reminder: Some(Reminder(reminder)), memo: Some(Memo(memo)) })
        })
        .await
    }

    /// Sets another moment for a reminder of one's own: a snooze. It reminds then, even if it had
    /// reminded already or was put aside.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn change_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reminder, and its new moment.")] input: ChangeReminderInput,
    ) -> ApiResult<Payload<ReminderChanged>> {
        respond(input.client_mutation_id, async {
            let due_at = read_due_at(input.due_at)?;
            let reminder_id = Kind::Reminder.parse("reminderId", &input.reminder_id)?;
            let (reminder, memo) =
                discussion::change_reminder(services(ctx)?, viewer(ctx)?, reminder_id, due_at)
                    .await?;
            Ok(ReminderChanged { reminder: Some(Reminder(reminder)), memo: Some(Memo(memo)) })
        })
        .await
    }

    /// Puts a reminder of one's own aside: it reminds no more. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn dismiss_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reminder.")] input: DismissReminderInput,
    ) -> ApiResult<Payload<ReminderDismissed>> {
        respond(input.client_mutation_id, async {
            let reminder_id = Kind::Reminder.parse("reminderId", &input.reminder_id)?;
            let (reminder, memo) =
                discussion::dismiss_reminder(services(ctx)?, viewer(ctx)?, reminder_id).await?;
            Ok(ReminderDismissed { reminder: Some(Reminder(reminder)), memo: Some(Memo(memo)) })
        })
        .await
    }
}

/// When to remind: a moment that both databases can sort.
fn read_due_at<C: RefusesInput>(due_at: DateTime<Utc>) -> Result<DateTime<Utc>, MutationError<C>> {
    if is_searchable(due_at)
        // Also makes an ordinary moment of a leap second, which the databases store as one.
        && let Some(due_at) = DateTime::from_timestamp_millis(due_at.timestamp_millis())
    {
        return Ok(due_at);
    }
    Err(MutationError::input(
        "dueAt",
        format!("This is {due_at:?}: give a moment of the years 1 to 9999."),
    ))
}
