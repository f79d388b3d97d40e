//! What a notification shows of the memo that it is about. The notification itself is for one
//! person.

use super::{RecordSight, is_chief, record::sees_content, sees_memo, sees_work};

/// What the person whom a notification is for sees now of its memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotificationAccess {
    /// They see the memo.
    pub sees_memo: bool,
    /// What they see of the record, if the memo is deleted.
    pub record: RecordSight,
}

impl NotificationAccess {
    /// Whether the notification has the memo's id.
    pub fn has_id(self) -> bool {
        self.sees_memo || self.record > RecordSight::Nothing
    }

    /// Whether the notification says the memo's name.
    pub fn has_name(self) -> bool {
        self.sees_memo || self.record == RecordSight::Content
    }
}

/// Whether a person sees now what a notification is about, as text: a mail that was delayed is sent
/// only then. A mail about a memo tells of what is to be done with it, so the memo has to be there
/// still; a mail about a deletion needs the record; one about none of these is for everybody.
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
