//! What an erasure removes of a person, and what it keeps under the pseudonym: one table.
//!
//! A draft exists for its author alone. So no count includes drafts or what belongs to them. The
//! drafts of an erased person go with the person.

use crate::{Result, database::Parameters, holds::HELD_OF_PERSON, work::open_of_person};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why an erasure keeps something, under the pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeptReason {
    /// Others read it or work with it.
    OthersNeedIt,
    /// It belongs to a log, which must remain true. It has ids and times.
    Log,
}

/// How many things of a kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCount {
    /// The kind.
    pub kind: ItemKind,
    /// How many.
    pub count: i64,
}

macro_rules! inventory {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $kept:expr, $count:literal;)+) => {
        /// A kind of things that are stored about a person or were written by them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ItemKind {
            $($(#[$doc])* #[serde(rename = $name)] $kind,)+
        }

        impl ItemKind {
            /// All kinds, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// The kind as in the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)+ }
            }

            /// Why things of this kind stay. `None` if they go.
            pub fn kept_because(self) -> Option<KeptReason> {
                match self { $(Self::$kind => $kept,)+ }
            }

            /// An expression that counts them for the person `:person`. `{sent}` is the condition
            /// that the memo of the row `x` is no draft.
            fn count(self) -> &'static str {
                match self { $(Self::$kind => $count,)+ }
            }
        }
    };
}

inventory! {
    /// The password, as a hash.
    Password = "PASSWORD", None,
        "SELECT count(*) FROM credentials x WHERE x.user_id = :person";
    /// A session on a device, with the name of the client.
    Session = "SESSION", None,
        "SELECT count(*) FROM sessions x WHERE x.user_id = :person";
    /// An identity at an OpenID Connect provider.
    Identity = "IDENTITY", None,
        "SELECT count(*) FROM identities x WHERE x.user_id = :person";
    /// The key of a request that created something in the last 24 hours.
    IdempotencyKey = "IDEMPOTENCY_KEY", None,
        "SELECT count(*) FROM idempotency_keys x WHERE x.user_id = :person";
    /// A choice to get no mails of a kind.
    MailPreference = "MAIL_PREFERENCE", None,
        "SELECT count(*) FROM mail_opt_outs x WHERE x.user_id = :person";
    /// A mail that waits, or was sent lately.
    Mail = "MAIL", None,
        "SELECT count(*) FROM mails x WHERE x.user_id = :person";
    /// A notification.
    Notification = "NOTIFICATION", None,
        "SELECT count(*) FROM notifications x WHERE x.user_id = :person";
    /// A reminder.
    Reminder = "REMINDER", None,
        "SELECT count(*) FROM reminders x WHERE x.user_id = :person AND {sent}";
    /// A mark that the person has not read a memo.
    UnreadMark = "UNREAD_MARK", None,
        "SELECT count(*) FROM unread_marks x WHERE x.user_id = :person AND {sent}";
    /// A reason in the person's words: of a deletion, an erasure or a released hold.
    Reason = "REASON", None,
        "SELECT count(*)
        FROM (
            SELECT r.id
            FROM memo_deletions r
            WHERE r.deleted_by = :person AND r.reason IS NOT NULL AND NOT r.draft
            UNION ALL
            SELECT r.id
            FROM memo_deletions r
            WHERE r.erased_by = :person AND r.erasure_reason IS NOT NULL AND NOT r.draft
            UNION ALL
            SELECT h.id
            FROM memo_holds h
            WHERE h.placed_by = :person AND h.released_at IS NOT NULL AND h.reason <> '(erased)'
            UNION ALL
            SELECT e.id
            FROM person_erasures e
            WHERE e.erased_by = :person AND e.reason IS NOT NULL
        ) AS reasons";
    /// A file that the person uploaded and that nothing has.
    UnusedFile = "UNUSED_FILE", None,
        "SELECT count(*)
        FROM files x
        WHERE x.uploaded_by = :person
            AND NOT EXISTS (SELECT 1 FROM memo_files l WHERE l.file_id = x.id)
            AND NOT EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = x.id)
            AND NOT EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = x.id)";
    /// A sent memo, also a deleted one that can be restored, of which the person is author or
    /// recipient.
    Memo = "MEMO", Some(KeptReason::OthersNeedIt),
        "SELECT count(*)
        FROM (
            SELECT m.id
            FROM memos m
            WHERE (m.author_id = :person OR m.recipient_id = :person) AND NOT m.draft
            UNION ALL
            SELECT d.id
            FROM deleted_memos d
            WHERE (d.author_id = :person OR d.recipient_id = :person) AND NOT d.draft
        ) AS sent_memos";
    /// A comment of the person.
    Comment = "COMMENT", Some(KeptReason::OthersNeedIt),
        "SELECT count(*) FROM comments x WHERE x.author_id = :person AND {sent}";
    /// A file that the person uploaded and that a sent memo, a task or a project has.
    File = "FILE", Some(KeptReason::OthersNeedIt),
        "SELECT count(*)
        FROM files f
        WHERE f.uploaded_by = :person
            AND (
                EXISTS (SELECT 1 FROM memo_files x WHERE x.file_id = f.id AND {sent})
                OR EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id)
                OR EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)
            )";
    /// A subscription to a memo.
    Subscription = "SUBSCRIPTION", Some(KeptReason::OthersNeedIt),
        "SELECT count(*) FROM memo_subscribers x WHERE x.user_id = :person AND {sent}";
    /// A task that the person created or has a part in.
    Task = "TASK", Some(KeptReason::OthersNeedIt),
        "SELECT count(*)
        FROM tasks t
        WHERE t.created_by = :person
            OR t.id IN (SELECT w.task_id FROM task_members w WHERE w.user_id = :person)";
    /// A project that the person created or has a part in.
    Project = "PROJECT", Some(KeptReason::OthersNeedIt),
        "SELECT count(*)
        FROM projects p
        WHERE p.created_by = :person
            OR p.id IN (SELECT w.project_id FROM project_members w WHERE w.user_id = :person)";
    /// The record of a memo's deletion, in which the person has a part.
    Deletion = "DELETION", Some(KeptReason::Log),
        "SELECT count(*)
        FROM memo_deletions r
        WHERE NOT r.draft
            AND (
                r.author_id = :person
                OR r.recipient_id = :person
                OR r.deleted_by = :person
                OR r.restored_by = :person
                OR r.erased_by = :person
            )";
    /// A refused attempt of the person to delete or to erase.
    RefusedAttempt = "REFUSED_ATTEMPT", Some(KeptReason::Log),
        "SELECT count(*) FROM refused_deletions x WHERE x.user_id = :person";
    /// A hold that the person placed or released.
    Hold = "HOLD", Some(KeptReason::Log),
        "SELECT count(*)
        FROM memo_holds h
        WHERE h.placed_by = :person OR h.released_by = :person";
    /// The record that memos were passed on from the person, to the person or by the person.
    Reassignment = "REASSIGNMENT", Some(KeptReason::Log),
        "SELECT count(*)
        FROM memo_reassignments r
        WHERE r.from_user_id = :person OR r.to_user_id = :person OR r.reassigned_by = :person";
    /// The record of another person's erasure by this person.
    Erasure = "ERASURE", Some(KeptReason::Log),
        "SELECT count(*) FROM person_erasures e WHERE e.erased_by = :person";
}

/// The condition that the memo of the row `x` is no draft.
const SENT: &str = "(
    EXISTS (SELECT 1 FROM memos m WHERE m.id = x.memo_id AND NOT m.draft)
    OR EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = x.memo_id AND NOT d.draft)
)";

/// What the database says of a person, apart from their own row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// How many things of each kind there are, without kinds of which there are none.
    pub(super) counts: Vec<ItemCount>,
    /// How many memos on hold the person has a part in.
    pub(super) held_memos: i64,
    /// How many memos wait for the person as their recipient.
    pub(super) open_memos: i64,
    /// For how many open tasks and projects nobody else who is active is responsible.
    pub(super) open_work: i64,
}

/// Counts everything in one statement.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn read<C: ConnectionTrait>(connection: &C, person: Uuid) -> Result<Facts> {
    let query = personal_counts_statement(connection.get_database_backend(), person);
    let row = connection.query_one_raw(query).await?;
    let count = |name: &str| -> Result<i64> {
        Ok(row.as_ref().map(|row| row.try_get("", name)).transpose()?.unwrap_or_default())
    };
    let mut counts = Vec::new();
    for kind in ItemKind::ALL {
        let count = count(&kind.as_str().to_lowercase())?;
        if count > 0 {
            counts.push(ItemCount { kind: *kind, count });
        }
    }
    Ok(Facts {
        counts,
        held_memos: count("held_memos")?,
        open_memos: count("open_memos")?,
        open_work: count("open_tasks")? + count("open_projects")?,
    })
}

fn personal_counts_statement(backend: DbBackend, person: Uuid) -> Statement {
    let counts: Vec<String> = ItemKind::ALL
        .iter()
        .map(|kind| format!("({}) AS {}", kind.count(), kind.as_str().to_lowercase()))
        .collect();
    let counts = counts.join(", ").replace("{sent}", SENT);
    let [open_tasks, open_projects] = ["task", "project"].map(open_work);
    Parameters::new(backend).bind("person", person).statement(&format!(
        "SELECT
            {counts},
            (SELECT count(DISTINCT h.held_memo_id) {HELD_OF_PERSON}) AS held_memos,
            (
                SELECT count(*)
                FROM memos m
                WHERE m.recipient_id = :person
                    AND NOT m.draft
                    AND NOT m.on_hold
                    AND m.stage <> 'REVIEWED'
            ) AS open_memos,
            ({open_tasks}) AS open_tasks,
            ({open_projects}) AS open_projects"
    ))
}

/// Counts the open tasks or projects for which nobody else who is active is responsible.
fn open_work(work: &str) -> String {
    format!(
        "SELECT count(*)
        {}
            AND NOT EXISTS (
                SELECT 1
                FROM {work}_members w
                JOIN users u ON u.id = w.user_id
                WHERE w.{work}_id = t.id
                    AND w.user_id <> :person
                    AND w.part = 'RESPONSIBLE'
                    AND u.active
            )",
        open_of_person(work)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("personal_counts", |backend| {
            personal_counts_statement(backend, Uuid::nil())
        });
    }
}
