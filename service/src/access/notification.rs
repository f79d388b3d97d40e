//! What a notification shows of its memo. The notification itself is visible to one person only.

use super::{RecordSight, is_chief, record::sees_content, sees_memo, sees_work};

/// What the recipient of a notification sees of its memo now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotificationAccess {
    /// They see the memo.
    pub sees_memo: bool,
    /// What they see of the record if the memo is deleted.
    pub record: RecordSight,
}

impl NotificationAccess {
    /// Whether the notification has the memo's id.
    pub fn has_id(self) -> bool {
        self.sees_memo || self.record > RecordSight::Nothing
    }

    /// Whether the notification has the memo's name.
    pub fn has_name(self) -> bool {
        self.sees_memo || self.record == RecordSight::Content
    }
}

/// Whether a person sees the subject of a notification now, as SQL text. A delayed mail is sent
/// only if they do. A mail about a memo needs the live memo, because it asks for an action on it. A
/// mail about a deletion needs the record. A mail without such a subject is always sent.
/// `notification` and `user` are rows.
pub fn sees_subject(notification: &str, user: &str) -> String {
    let (n, person, is_chief) = (notification, format!("{user}.id"), is_chief(user));
    let [task, project] = ["task", "project"].map(|work| {
        let sees = sees_work(work, "t", &person, &is_chief);
        format!(
            "WHEN {n}.{work}_id IS NOT NULL \
             THEN EXISTS (SELECT 1 FROM {work}s t WHERE t.id = {n}.{work}_id AND {sees})"
        )
    });
    format!(
        "CASE WHEN {n}.deletion_id IS NOT NULL \
         THEN EXISTS (SELECT 1 FROM memo_deletions r WHERE r.id = {n}.deletion_id AND {}) \
         {task} {project} \
         WHEN {n}.memo_id IS NULL THEN TRUE \
         ELSE EXISTS (SELECT 1 FROM memos e WHERE e.id = {n}.memo_id AND {}) END",
        sees_content("r", &person),
        sees_memo("e", &person, &is_chief)
    )
}
