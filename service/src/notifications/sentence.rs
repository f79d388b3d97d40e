//! The text of a notification, in one sentence.

use entity::NotificationKind;

/// The sentence for a kind of notification. `actor` is the person who acted. `name` is the
/// subject's name, or `None` if the person no longer sees the subject.
pub fn sentence(kind: NotificationKind, actor: &str, name: Option<&str>) -> String {
    let memo = |article: &str| named(article, "memo", name);
    match kind {
        NotificationKind::MemoSent => format!("{actor} sent you {}.", memo("the")),
        NotificationKind::MemoShared => {
            format!("{actor} made you a subscriber of {}.", memo("the"))
        }
        NotificationKind::MemoReviewed => format!("{actor} reviewed {}.", memo("the")),
        NotificationKind::MemoDeletedByRecipient => format!("{actor} deleted {}.", memo("your")),
        // The record contains no name any more.
        NotificationKind::MemoErased => {
            format!("{actor} erased a deleted memo that you could have restored.")
        }
        NotificationKind::MemosReassigned => {
            format!("{actor} passed on to you memos of somebody who has left.")
        }
        NotificationKind::TaskAssigned => {
            format!("{actor} made you responsible for {}.", named("the", "task", name))
        }
        NotificationKind::ProjectAssigned => {
            format!("{actor} made you responsible for {}.", named("the", "project", name))
        }
        NotificationKind::ReminderDue => format!("You wanted to be reminded of {}.", memo("the")),
    }
}

fn named(article: &str, noun: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{article} {noun} \"{name}\""),
        None if article == "the" => format!("a {noun} that you cannot see any more"),
        None => format!("a {noun} of yours"),
    }
}
