//! What people say about a memo, and when they want to be reminded of it.

mod comments;
mod reminders;

use async_graphql::MergedObject;

/// Discussions and reminders.
#[derive(MergedObject, Default)]
pub struct DiscussionMutation(comments::CommentMutation, reminders::ReminderMutation);
