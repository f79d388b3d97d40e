//! What a deleted memo points to may be deleted while the memo can still be restored. The name of
//! what went stays with the record of the memo's deletion, so that a restore can say what is
//! missing.

use crate::{
    Result,
    access::{is_chief, sees_work},
    database::sql::statement,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// What is about to be deleted, and no live memo points to.
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

/// Takes what is about to be deleted out of all deleted memos, and notes its name with their
/// records.
///
/// # Errors
/// What the database answers.
pub(crate) async fn leave_names<C: ConnectionTrait>(transaction: &C, target: Target) -> Result<()> {
    let (id, statements) = match target {
        Target::Tag(id) => (id, tag()),
        Target::Deal(id) => (id, column("deal", EVERYBODY)),
        Target::Resolution(id) => (id, column("resolution", EVERYBODY)),
        Target::Task(id) => {
            (id, column("task", (&sees("task", "author"), &sees("task", "recipient"))))
        }
        Target::Project(id) => {
            (id, column("project", (&sees("project", "author"), &sees("project", "recipient"))))
        }
        Target::Person(id) => (id, person()),
    };
    let backend = transaction.get_database_backend();
    for sql in statements {
        transaction.execute_raw(statement(backend, sql, [id.into()])).await?;
    }
    Ok(())
}

/// Who may know the name: the memo's author, its recipient.
type Sees<'a> = (&'a str, &'a str);

const EVERYBODY: Sees<'static> = ("TRUE", "TRUE");
const NOBODY: Sees<'static> = ("FALSE", "FALSE");

/// A row that is not of a live memo, in the table.
fn of_no_live_memo(table: &str) -> String {
    format!("NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = {table}.memo_id)")
}

/// Notes what `from` finds. There `d` is the deleted memo and `e` what is about to be deleted.
fn note(kind: &str, node: &str, label: &str, (author, recipient): Sees<'_>, from: &str) -> String {
    format!(
        "INSERT INTO memo_deletion_missing \
         (deletion_id, kind, node_id, label, author_sees, recipient_sees) \
         SELECT r.id, '{kind}', {node}, {label}, {author}, {recipient} FROM {from} \
         JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL WHERE e.id = $1"
    )
}

fn tag() -> Vec<String> {
    let from =
        "memo_tags x JOIN deleted_memos d ON d.id = x.memo_id JOIN tags e ON e.id = x.tag_id";
    vec![
        note("TAG_LINK", "e.id", "e.name", EVERYBODY, from),
        format!("DELETE FROM memo_tags WHERE tag_id = $1 AND {}", of_no_live_memo("memo_tags")),
    ]
}

/// Links in the memo's own row.
fn column(name: &str, sees: Sees<'_>) -> Vec<String> {
    let kind = format!("{}_LINK", name.to_uppercase());
    let from = format!("deleted_memos d JOIN {name}s e ON e.id = d.{name}_id");
    vec![
        note(&kind, "e.id", "e.name", sees, &from),
        format!("UPDATE deleted_memos SET {name}_id = NULL WHERE {name}_id = $1"),
    ]
}

/// Whether the memo's author, or recipient, sees the task or project `e`.
fn sees(work: &str, person: &str) -> String {
    let person = format!("r.{person}_id");
    let is_chief =
        format!("EXISTS (SELECT 1 FROM users u WHERE u.id = {person} AND {})", is_chief("u"));
    sees_work(work, "e", &person, &is_chief)
}

/// Authors and recipients have their records and cannot be deleted. So nobody is left who could see
/// a person's reminders and unread marks.
fn person() -> Vec<String> {
    let from = |table: &str, column: &str| {
        format!(
            "{table} x JOIN deleted_memos d ON d.id = x.memo_id JOIN users e ON e.id = x.{column}"
        )
    };
    let mut statements = vec![
        note(
            "SUBSCRIBER_LINK",
            "e.id",
            "e.full_name",
            EVERYBODY,
            &from("memo_subscribers", "user_id"),
        ),
        note("UNREAD_MARK", "e.id", "NULL", NOBODY, &from("unread_marks", "user_id")),
        note("REMINDER", "x.id", "NULL", NOBODY, &from("reminders", "user_id")),
        note("COMMENT", "x.id", "substr(x.body, 1, 80)", EVERYBODY, &from("comments", "author_id")),
        "UPDATE deleted_memos SET comment_count = comment_count - \
         (SELECT count(*) FROM comments c WHERE c.memo_id = deleted_memos.id AND c.author_id = $1) \
         WHERE id IN (SELECT c.memo_id FROM comments c WHERE c.author_id = $1)"
            .to_owned(),
    ];
    for (table, column) in [
        ("memo_subscribers", "user_id"),
        ("unread_marks", "user_id"),
        ("reminders", "user_id"),
        ("comments", "author_id"),
    ] {
        statements.push(format!(
            "DELETE FROM {table} WHERE {column} = $1 AND {}",
            of_no_live_memo(table)
        ));
    }
    statements
}
