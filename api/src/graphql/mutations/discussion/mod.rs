//! Comments on memos, and reminders of memos.

pub(super) mod comments;
pub(super) mod reminders;

use async_graphql::MergedObject;

/// Discussions and reminders.
#[derive(MergedObject, Default)]
pub struct DiscussionMutation(comments::CommentMutation, reminders::ReminderMutation);
