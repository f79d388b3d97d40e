//! What people say about a memo, and when they want to be reminded of it.

pub(super) mod comments;
pub(super) mod reminders;

use async_graphql::MergedObject;

/// Discussions and reminders.
#[derive(MergedObject, Default)]
pub struct DiscussionMutation(comments::CommentMutation, reminders::ReminderMutation);
