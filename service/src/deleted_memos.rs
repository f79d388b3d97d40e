//! Things to which a deleted memo refers can be deleted while the memo can still be restored. The
//! record of the memo's deletion keeps their names, so that a restore can say what is missing.

use crate::{
    Result,
    access::{is_chief, sees_work},
    database::Parameters,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

/// A thing that is about to be deleted. No live memo refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A tag.
    Tag(Uuid),
    /// A deal.
    Deal(Uuid),
    /// A resolution.
    Resolution(Uuid),
    /// A task.
    Task(Uuid),
    /// A project.
    Project(Uuid),
    /// A person.
    Person(Uuid),
}

/// Removes a thing that is about to be deleted from all deleted memos. Notes its name in the
/// records of their deletions.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn leave_names<C: ConnectionTrait>(transaction: &C, target: Target) -> Result<()> {
    for text in texts(target) {
        let leave = left_name_statement(transaction.get_database_backend(), target, &text);
        transaction.execute_raw(leave).await?;
    }
    Ok(())
}

/// Notes in the records of deleted memos that a person's reminders and unread marks of them are
/// about to be erased. They have no names, because nobody else sees them.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn note_private_rows<C: ConnectionTrait>(
    transaction: &C,
    person: Uuid,
) -> Result<()> {
    let target = Target::Person(person);
    for text in [NOTE_UNREAD_MARKS, NOTE_REMINDERS] {
        let note = left_name_statement(transaction.get_database_backend(), target, text);
        transaction.execute_raw(note).await?;
    }
    Ok(())
}

fn left_name_statement(backend: DbBackend, target: Target, text: &str) -> Statement {
    let (Target::Tag(id)
    | Target::Deal(id)
    | Target::Resolution(id)
    | Target::Task(id)
    | Target::Project(id)
    | Target::Person(id)) = target;
    Parameters::new(backend).bind("id", id).statement(text)
}

/// The statements in order. Those that note the names come first.
fn texts(target: Target) -> Vec<String> {
    match target {
        Target::Tag(_) => vec![NOTE_TAG.to_owned(), remove_of_no_live_memo("memo_tags", "tag_id")],
        Target::Deal(_) => vec![note_link("deal", ["TRUE"; 2]), clear_link("deal")],
        Target::Resolution(_) => {
            vec![note_link("resolution", ["TRUE"; 2]), clear_link("resolution")]
        }
        Target::Task(_) => vec![note_work("task"), clear_link("task")],
        Target::Project(_) => vec![note_work("project"), clear_link("project")],
        Target::Person(_) => vec![
            NOTE_SUBSCRIBER.to_owned(),
            NOTE_UNREAD_MARKS.to_owned(),
            NOTE_REMINDERS.to_owned(),
            NOTE_COMMENTS.to_owned(),
            COUNT_COMMENTS.to_owned(),
            remove_of_no_live_memo("memo_subscribers", "user_id"),
            remove_of_no_live_memo("unread_marks", "user_id"),
            remove_of_no_live_memo("reminders", "user_id"),
            remove_of_no_live_memo("comments", "author_id"),
        ],
    }
}

const NOTE_TAG: &str = "
    INSERT INTO memo_deletion_missing (
        deletion_id, kind, node_id, label, author_sees, recipient_sees
    )
    SELECT r.id, 'TAG_LINK', t.id, t.name, TRUE, TRUE
    FROM memo_tags l
    JOIN deleted_memos d ON d.id = l.memo_id
    JOIN tags t ON t.id = l.tag_id
    JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
    WHERE t.id = :id";

/// Notes a thing to which the memo's own row refers. The conditions say whether the memo's author,
/// and its recipient, may know its name.
fn note_link(name: &str, [author_sees, recipient_sees]: [&str; 2]) -> String {
    let kind = name.to_uppercase();
    format!(
        "INSERT INTO memo_deletion_missing (
            deletion_id, kind, node_id, label, author_sees, recipient_sees
        )
        SELECT r.id, '{kind}_LINK', t.id, t.name, {author_sees}, {recipient_sees}
        FROM deleted_memos d
        JOIN {name}s t ON t.id = d.{name}_id
        JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
        WHERE t.id = :id"
    )
}

/// The same for a task or project. Only people who see it may know its name.
fn note_work(work: &str) -> String {
    let [author_sees, recipient_sees] = ["r.author_id", "r.recipient_id"].map(|person| {
        let is_chief =
            format!("EXISTS (SELECT 1 FROM users u WHERE u.id = {person} AND {})", is_chief("u"));
        sees_work(work, "t", person, &is_chief)
    });
    note_link(work, [&author_sees, &recipient_sees])
}

fn clear_link(name: &str) -> String {
    format!("UPDATE deleted_memos SET {name}_id = NULL WHERE {name}_id = :id")
}

const NOTE_SUBSCRIBER: &str = "
    INSERT INTO memo_deletion_missing (
        deletion_id, kind, node_id, label, author_sees, recipient_sees
    )
    SELECT r.id, 'SUBSCRIBER_LINK', u.id, u.full_name, TRUE, TRUE
    FROM memo_subscribers s
    JOIN deleted_memos d ON d.id = s.memo_id
    JOIN users u ON u.id = s.user_id
    JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
    WHERE u.id = :id";

/// A person sees only their own unread marks. Authors and recipients have records, so they cannot
/// be deleted. So nobody else can see the marks of a deleted person.
const NOTE_UNREAD_MARKS: &str = "
    INSERT INTO memo_deletion_missing (
        deletion_id, kind, node_id, label, author_sees, recipient_sees
    )
    SELECT r.id, 'UNREAD_MARK', u.id, NULL, FALSE, FALSE
    FROM unread_marks n
    JOIN deleted_memos d ON d.id = n.memo_id
    JOIN users u ON u.id = n.user_id
    JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
    WHERE u.id = :id";

/// Nobody else can see these either.
const NOTE_REMINDERS: &str = "
    INSERT INTO memo_deletion_missing (
        deletion_id, kind, node_id, label, author_sees, recipient_sees
    )
    SELECT r.id, 'REMINDER', n.id, NULL, FALSE, FALSE
    FROM reminders n
    JOIN deleted_memos d ON d.id = n.memo_id
    JOIN users u ON u.id = n.user_id
    JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
    WHERE u.id = :id";

const NOTE_COMMENTS: &str = "
    INSERT INTO memo_deletion_missing (
        deletion_id, kind, node_id, label, author_sees, recipient_sees
    )
    SELECT r.id, 'COMMENT', c.id, substr(c.body, 1, 80), TRUE, TRUE
    FROM comments c
    JOIN deleted_memos d ON d.id = c.memo_id
    JOIN users u ON u.id = c.author_id
    JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
    WHERE u.id = :id";

const COUNT_COMMENTS: &str = "
    UPDATE deleted_memos
    SET comment_count = comment_count - (
        SELECT count(*)
        FROM comments c
        WHERE c.memo_id = deleted_memos.id AND c.author_id = :id
    )
    WHERE id IN (SELECT c.memo_id FROM comments c WHERE c.author_id = :id)";

/// Removes rows that refer to the thing, except rows of live memos.
fn remove_of_no_live_memo(table: &str, column: &str) -> String {
    format!(
        "DELETE FROM {table}
        WHERE {column} = :id
            AND NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = {table}.memo_id)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let id = Uuid::nil();
        for (name, target) in [
            ("tag", Target::Tag(id)),
            ("deal", Target::Deal(id)),
            ("resolution", Target::Resolution(id)),
            ("task", Target::Task(id)),
            ("project", Target::Project(id)),
            ("person", Target::Person(id)),
        ] {
            for (n, text) in texts(target).iter().enumerate() {
                assert_statement(&format!("left_name.{name}.{}", n + 1), |backend| {
                    left_name_statement(backend, target, text)
                });
            }
        }
    }
}
