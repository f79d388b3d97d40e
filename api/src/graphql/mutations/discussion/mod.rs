//! What people say about a memo, and when they want to be reminded of it.

mod add_comment;
mod answer;
mod change_reminder;
mod delete_comment;
mod dismiss_reminder;
mod set_reminder;
mod update_comment;

use async_graphql::MergedObject;

/// Discussions and reminders.
#[derive(MergedObject, Default)]
pub struct DiscussionMutation(
    add_comment::AddComment,
    update_comment::UpdateComment,
    delete_comment::DeleteComment,
    set_reminder::SetReminder,
    change_reminder::ChangeReminder,
    dismiss_reminder::DismissReminder,
);
