//! `createReminder`, `updateReminder`, `dismissReminder`, `deleteReminder`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::{
        idempotency::create,
        respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    },
    objects::{Memo, Reminder},
    scalars::Moment,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use service::{
    discussion::{self, DismissReminderError, ReminderError},
    idempotency::Created,
    memos::is_searchable,
};

#[derive(Default)]
pub struct ReminderMutation;

/// The memo, and when to remind.
#[derive(InputObject)]
pub struct CreateReminderInput {
    /// The memo's global id.
    memo_id: ID,
    /// When to remind the viewer. The time must be in the future.
    due_at: Moment,
    /// A key for this request, 1–128 characters. Repeating the request with the same key
    /// within 24 hours creates nothing again.
    idempotency_key: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    CreateReminder(CreateReminderErrorCode) creates {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
    }
}

done! {
    ReminderCreated(CreateReminderErrorCode) creates {
        /// The new reminder; null if the mutation was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

/// The reminder to change, and its new time.
#[derive(InputObject)]
pub struct UpdateReminderInput {
    /// The reminder's global id.
    reminder_id: ID,
    /// When to remind the viewer. The time must be in the future.
    due_at: Moment,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    UpdateReminder(UpdateReminderErrorCode) or InvalidInput {
        /// The viewer has no such reminder, or can no longer see its memo.
        NotFound,
    }
}

done! {
    ReminderUpdated(UpdateReminderErrorCode) {
        /// The reminder as it is now; null if the mutation was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

/// Creating and changing a reminder have the same refusals, except for what is not found.
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
refuses_reminder!(ReminderCreated, CreateReminderErrorCode, "memoId", sentences::NO_SUCH_MEMO);
refuses_reminder!(
    ReminderUpdated,
    UpdateReminderErrorCode,
    "reminderId",
    sentences::NO_SUCH_REMINDER
);

/// The reminder to dismiss.
#[derive(InputObject)]
pub struct DismissReminderInput {
    /// The reminder's global id.
    reminder_id: ID,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DismissReminder(DismissReminderErrorCode) or InvalidInput {
        /// The viewer has no such reminder, or can no longer see its memo.
        NotFound,
    }
}

done! {
    ReminderDismissed(DismissReminderErrorCode) {
        /// The reminder as it is now; null if the mutation was refused.
        reminder: Option<Reminder>,
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

/// The reminder to delete.
#[derive(InputObject)]
pub struct DeleteReminderInput {
    /// The reminder's global id.
    reminder_id: ID,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DeleteReminder(DeleteReminderErrorCode) or InvalidInput {
        /// The viewer has no such reminder, or can no longer see its memo.
        NotFound,
    }
}

done! {
    ReminderDeleted(DeleteReminderErrorCode) {
        /// The global id of the deleted reminder; null if the mutation was refused.
        deleted_reminder_id: Option<ID>,
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

/// Dismissing and deleting a reminder have the same refusals.
macro_rules! refuses_end {
    ($done:ident, $code:ident) => {
        impl From<DismissReminderError> for Stop<$done> {
            fn from(error: DismissReminderError) -> Self {
                match error {
                    DismissReminderError::NotFound => {
                        let message = sentences::NO_SUCH_REMINDER;
                        MutationError::at("reminderId", $code::NotFound, message).into()
                    }
                    DismissReminderError::Failed(error) => error.into(),
                }
            }
        }
    };
}
refuses_end!(ReminderDismissed, DismissReminderErrorCode);
refuses_end!(ReminderDeleted, DeleteReminderErrorCode);

#[Object]
impl ReminderMutation {
    /// Creates a reminder of a memo for the viewer. At that time the viewer gets a notification,
    /// and a mail if they want one. A memo can have at most 20 reminders of the viewer that are not
    /// dismissed.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo, and when to remind.")] input: CreateReminderInput,
    ) -> ApiResult<Payload<ReminderCreated>> {
        create(ctx, input, async |input: CreateReminderInput, key| {
            let due_at = read_due_at(input.due_at.0)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let (services, viewer) = (services(ctx)?, viewer(ctx)?);
            let Created { thing: (reminder, memo), replayed } =
                discussion::create_reminder(services, viewer, key.as_ref(), memo_id, due_at)
                    .await?;
            let (reminder, memo) = (Some(Reminder(reminder)), Some(Memo::from(memo)));
            Ok(ReminderCreated { reminder, memo, replayed })
        })
        .await
    }

    /// Changes the time of a reminder of the viewer, for example to snooze it. It reminds at the
    /// new time, even if it has reminded before or was dismissed.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reminder to change, and its new time.")] input: UpdateReminderInput,
    ) -> ApiResult<Payload<ReminderUpdated>> {
        respond(input.client_mutation_id, async {
            let due_at = read_due_at(input.due_at.0)?;
            let reminder_id = Kind::Reminder.parse("reminderId", &input.reminder_id)?;
            let (reminder, memo) =
                discussion::update_reminder(services(ctx)?, viewer(ctx)?, reminder_id, due_at)
                    .await?;
            Ok(ReminderUpdated { reminder: Some(Reminder(reminder)), memo: Some(Memo::from(memo)) })
        })
        .await
    }

    /// Dismisses a reminder of the viewer, which then no longer reminds. Repeating it changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn dismiss_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reminder to dismiss.")] input: DismissReminderInput,
    ) -> ApiResult<Payload<ReminderDismissed>> {
        respond(input.client_mutation_id, async {
            let reminder_id = Kind::Reminder.parse("reminderId", &input.reminder_id)?;
            let (reminder, memo) =
                discussion::dismiss_reminder(services(ctx)?, viewer(ctx)?, reminder_id).await?;
            Ok(ReminderDismissed {
                reminder: Some(Reminder(reminder)),
                memo: Some(Memo::from(memo)),
            })
        })
        .await
    }

    /// Deletes a reminder of the viewer. It cannot be restored.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_reminder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reminder to delete.")] input: DeleteReminderInput,
    ) -> ApiResult<Payload<ReminderDeleted>> {
        respond(input.client_mutation_id, async {
            let reminder_id = Kind::Reminder.parse("reminderId", &input.reminder_id)?;
            let memo =
                discussion::delete_reminder(services(ctx)?, viewer(ctx)?, reminder_id).await?;
            let deleted_reminder_id = Some(Kind::Reminder.id(reminder_id));
            Ok(ReminderDeleted { deleted_reminder_id, memo: Some(Memo::from(memo)) })
        })
        .await
    }
}

/// Checks that both databases can sort the time of a reminder.
fn read_due_at<C: RefusesInput>(due_at: DateTime<Utc>) -> Result<DateTime<Utc>, MutationError<C>> {
    if is_searchable(due_at)
        // This also converts a leap second into an ordinary second, which the databases can store.
        && let Some(due_at) = DateTime::from_timestamp_millis(due_at.timestamp_millis())
    {
        return Ok(due_at);
    }
    Err(MutationError::input(
        "dueAt",
        format!("This is {due_at:?}: give a moment of the years 1 to 9999."),
    ))
}
