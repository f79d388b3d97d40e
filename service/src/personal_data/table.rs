//! The table of what belongs to a person's data.
//!
//! Each entry has the type of its lines, the column by which they are ordered, the tables and
//! conditions, and the members of a line. A member is the column of that name of the row `x`, or an
//! expression. `{visible}` is the condition that the memo of the row `x` is no draft of somebody
//! else.

use super::sections::{KeyColumn, Member, Section, Value};
use crate::ids;

macro_rules! sections {
    ($(
        $kind:ident by $key:ident($column:literal) from $rows:literal {
            $($name:ident: $value:ident $(($prefix:ident))? $(= $expression:literal)?),+ $(,)?
        }
    )+) => {
        /// All sections, in the order of the lines.
        pub(super) const SECTIONS: &[Section] = &[$(
            Section {
                kind: stringify!($kind),
                key: KeyColumn::$key($column),
                members: &[$(
                    Member {
                        name: stringify!($name),
                        value: Value::$value $((ids::$prefix))?,
                        expression: sections!(@ $($expression)?),
                    }
                ),+],
                rows: $rows,
            }
        ),+];
    };
    (@ $expression:literal) => { Some($expression) };
    (@) => { None };
}

sections! {
    person by Id("x.id") from "
        FROM users x
        WHERE x.id = :person
    " {
        id: Id(USER), username: Text, fullName: Text, email: Text, role: Text, active: Flag,
        createdAt: Time, erasedAt: Time,
    }
    password by Id("x.user_id") from "
        FROM credentials x
        WHERE x.user_id = :person
    " {
        changedAt: Time,
    }
    session by Id("x.id") from "
        FROM sessions x
        WHERE x.user_id = :person
    " {
        id: Id(SESSION), createdAt: Time, refreshedAt: Time, expiresAt: Time, revokedAt: Time,
        userAgent: Text,
    }
    identity by Id("x.user_id") from "
        FROM identities x
        WHERE x.user_id = :person
    " {
        issuer: Text, subject: Text, createdAt: Time,
    }
    idempotencyKey by Id("x.created_id") from "
        FROM idempotency_keys x
        WHERE x.user_id = :person
    " {
        key: Text, verb: Text, createdAt: Time = "x.created_at",
    }
    mailPreference by Id("x.user_id") from "
        FROM mail_opt_outs x
        WHERE x.user_id = :person
    " {
        kind: Text,
    }
    mail by Id("x.id") from "
        FROM mails x
        WHERE x.user_id = :person
    " {
        id: Id(MAIL), notificationId: Id(NOTIFICATION), attempts: Number,
        lastError: Text, createdAt: Time, sentAt: Time, givenUpAt: Time,
    }
    notification by Id("x.id") from "
        FROM notifications x
        WHERE x.user_id = :person
    " {
        id: Id(NOTIFICATION), kind: Text, actorId: Id(USER), memoId: Id(MEMO), taskId: Id(TASK),
        projectId: Id(PROJECT), deletionId: Id(MEMO_DELETION), createdAt: Time, readAt: Time,
    }
    memo by Id("x.id") from "
        FROM memos x
        WHERE x.author_id = :person AND (NOT x.draft OR :own)
    " {
        id: Id(MEMO), name: Text, description: Text, stage: Text, draft: Flag,
        recipientId: Id(USER), dealId: Id(DEAL), taskId: Id(TASK), projectId: Id(PROJECT),
        resolutionId: Id(RESOLUTION), reviewDate: Day, sentAt: Time, createdAt: Time,
        updatedAt: Time,
    }
    deletedMemo by Id("x.id") from "
        FROM deleted_memos x
        WHERE x.author_id = :person AND (NOT x.draft OR :own)
    " {
        id: Id(MEMO), name: Text, description: Text, stage: Text, draft: Flag,
        recipientId: Id(USER), dealId: Id(DEAL), taskId: Id(TASK), projectId: Id(PROJECT),
        resolutionId: Id(RESOLUTION), reviewDate: Day, sentAt: Time, createdAt: Time,
        updatedAt: Time,
    }
    receivedMemo by Id("x.id") from "
        FROM memos x
        WHERE x.recipient_id = :person AND (NOT x.draft OR (:own AND x.author_id = :person))
    " {
        id: Id(MEMO), authorId: Id(USER), stage: Text, note: Text, reviewDate: Day, actedAt: Time,
        sentAt: Time,
    }
    deletedReceivedMemo by Id("x.id") from "
        FROM deleted_memos x
        WHERE x.recipient_id = :person AND (NOT x.draft OR (:own AND x.author_id = :person))
    " {
        id: Id(MEMO), authorId: Id(USER), stage: Text, note: Text, reviewDate: Day, actedAt: Time,
        sentAt: Time,
    }
    subscription by Id("x.memo_id") from "
        FROM memo_subscribers x
        WHERE x.user_id = :person AND {visible}
    " {
        memoId: Id(MEMO), createdAt: Time,
    }
    unreadMark by Id("x.memo_id") from "
        FROM unread_marks x
        WHERE x.user_id = :person AND {visible}
    " {
        memoId: Id(MEMO), createdAt: Time,
    }
    reminder by Id("x.id") from "
        FROM reminders x
        WHERE x.user_id = :person AND {visible}
    " {
        id: Id(REMINDER), memoId: Id(MEMO), dueAt: Time, dismissedAt: Time, firedAt: Time,
        createdAt: Time,
    }
    comment by Id("x.id") from "
        FROM comments x
        WHERE x.author_id = :person AND {visible}
    " {
        id: Id(COMMENT), memoId: Id(MEMO), body: Text, createdAt: Time, editedAt: Time,
    }
    file by Id("f.id") from "
        FROM files f
        WHERE f.uploaded_by = :person
            AND (
                :own
                OR EXISTS (SELECT 1 FROM memo_files x WHERE x.file_id = f.id AND {visible})
                OR EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id)
                OR EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)
            )
    " {
        id: Id(FILE) = "f.id", name: Text = "f.name", mediaType: Text = "f.media_type",
        size: Number = "f.size", sha256: Text = "f.blob_sha256", createdAt: Time = "f.created_at",
    }
    memoFile by Id("x.file_id") from "
        FROM memo_files x
        WHERE x.attached_by = :person AND {visible}
    " {
        fileId: Id(FILE), memoId: Id(MEMO), createdAt: Time,
    }
    taskFile by Id("x.file_id") from "
        FROM task_files x
        WHERE x.attached_by = :person
    " {
        fileId: Id(FILE), taskId: Id(TASK), createdAt: Time,
    }
    projectFile by Id("x.file_id") from "
        FROM project_files x
        WHERE x.attached_by = :person
    " {
        fileId: Id(FILE), projectId: Id(PROJECT), createdAt: Time,
    }
    task by Id("x.id") from "
        FROM tasks x
        WHERE x.created_by = :person
    " {
        id: Id(TASK), name: Text, description: Text, stage: Text, dueDate: Day, createdAt: Time,
        sourceMemoId: Id(MEMO),
    }
    taskMember by Id("x.task_id") from "
        FROM task_members x
        WHERE x.user_id = :person
    " {
        taskId: Id(TASK), part: Text,
    }
    project by Id("x.id") from "
        FROM projects x
        WHERE x.created_by = :person
    " {
        id: Id(PROJECT), name: Text, description: Text, stage: Text, dueDate: Day, createdAt: Time,
        sourceMemoId: Id(MEMO),
    }
    projectMember by Id("x.project_id") from "
        FROM project_members x
        WHERE x.user_id = :person
    " {
        projectId: Id(PROJECT), part: Text,
    }
    event by Number("x.id") from "
        FROM memo_events x
        WHERE x.actor_id = :person AND (NOT x.draft OR (:own AND x.author_id = :person))
    " {
        kind: Text, memoId: Id(MEMO), occurredAt: Time,
    }
    deletion by Id("x.id") from "
        FROM memo_deletions x
        WHERE (NOT x.draft OR (:own AND x.author_id = :person))
            AND (
                x.author_id = :person
                OR x.recipient_id = :person
                OR x.deleted_by = :person
                OR x.restored_by = :person
                OR x.erased_by = :person
            )
    " {
        id: Id(MEMO_DELETION), memoId: Id(MEMO), authorId: Id(USER), recipientId: Id(USER),
        deletedBy: Id(USER), deletedAt: Time,
        reason: Text = "CASE WHEN x.deleted_by = :person THEN x.reason END", restoredBy: Id(USER),
        restoredAt: Time, erasedBy: Id(USER), purgedAt: Time,
        erasureReason: Text = "CASE WHEN x.erased_by = :person THEN x.erasure_reason END",
    }
    refusedAttempt by Id("x.id") from "
        FROM refused_deletions x
        WHERE x.user_id = :person
    " {
        id: Id(REFUSED_DELETION), memoId: Id(MEMO), deletionId: Id(MEMO_DELETION), codes: Text,
        refusedAt: Time,
    }
    hold by Id("x.id") from "
        FROM memo_holds x
        WHERE (x.placed_by = :person OR x.released_by = :person)
    " {
        id: Id(MEMO_HOLD), memoId: Id(MEMO),
        matter: Text = "CASE WHEN x.placed_by = :person THEN x.matter END",
        reason: Text = "CASE WHEN x.placed_by = :person THEN x.reason END", placedBy: Id(USER),
        placedAt: Time, releasedBy: Id(USER), releasedAt: Time,
    }
    reassignment by Id("x.id") from "
        FROM memo_reassignments x
        WHERE (
            x.from_user_id = :person
            OR x.to_user_id = :person
            OR x.reassigned_by = :person
        )
    " {
        id: Id(MEMO_REASSIGNMENT), fromUserId: Id(USER), toUserId: Id(USER),
        reassignedBy: Id(USER), reassignedAt: Time, memoCount: Number,
    }
    erasure by Id("x.id") from "
        FROM person_erasures x
        WHERE (x.person_id = :person OR x.erased_by = :person)
    " {
        id: Id(PERSON_ERASURE), personId: Id(USER), erasedBy: Id(USER), erasedAt: Time,
        reason: Text = "CASE WHEN x.erased_by = :person THEN x.reason END",
    }
}
