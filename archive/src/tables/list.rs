//! The tables of an archive and their columns.

use super::{Column, Kind, Table};

/// The columns of a table: `name: Kind`, or `name: Kind or null`.
macro_rules! columns {
    ($($name:ident: $kind:ident $(or $null:ident)?),+ $(,)?) => {
        &[$(Column {
            name: stringify!($name),
            kind: Kind::$kind,
            nullable: !<[&str]>::is_empty(&[$(stringify!($null))?]),
        }),+]
    };
}

/// A table whose first columns are its key.
const fn table(name: &'static str, key: usize, columns: &'static [Column]) -> Table {
    Table { name, key, columns, only: None, is_prefilled: false }
}

/// Migrations write the only row of such a table.
const fn counter(name: &'static str, columns: &'static [Column]) -> Table {
    Table { is_prefilled: true, ..table(name, 1, columns) }
}

/// A memo has the same columns while it is deleted.
const MEMO: &[Column] = columns! {
    id: Uuid, name: Text, description: Text, note: Text or null, author_id: Uuid,
    recipient_id: Uuid, stage: Text, draft: Bool, review_date: Date or null,
    deal_id: Uuid or null, task_id: Uuid or null, project_id: Uuid or null,
    resolution_id: Uuid or null, sent_at: Time or null, acted_at: Time or null,
    acted_stage: Text or null, created_at: Time, updated_at: Time, revision: Integer,
    on_hold: Bool, comment_count: Integer, author_comment_count: Integer,
    recipient_comment_count: Integer, version: Integer,
};

/// Everything that an archive has. Each table comes after those to which its keys refer, because
/// this is the order of an import.
pub const TABLES: &[Table] = &[
    table(
        "users",
        1,
        columns! {
            id: Uuid, username: Text, full_name: Text, email: Text, role: Text, active: Bool,
            created_at: Time, search_name: Text, chief_after: Integer, erased_at: Time or null,
        },
    ),
    table("credentials", 1, columns! { user_id: Uuid, password_hash: Text, changed_at: Time }),
    table(
        "identities",
        2,
        columns! {
            issuer: Text, subject: Text, user_id: Uuid, created_at: Time, role_as_of: Time or null,
        },
    ),
    table("mail_opt_outs", 2, columns! { user_id: Uuid, kind: Text }),
    table(
        "deals",
        1,
        columns! {
            id: Uuid, name: Text, stage: Text, due_date: Date or null, created_at: Time,
        },
    ),
    table("tags", 1, columns! { id: Uuid, name: Text }),
    table("resolutions", 1, columns! { id: Uuid, name: Text }),
    table(
        "tasks",
        1,
        columns! {
            id: Uuid, name: Text, description: Text, stage: Text, due_date: Date or null,
            created_by: Uuid, created_at: Time, source_memo_id: Uuid or null,
        },
    ),
    table("task_members", 2, columns! { task_id: Uuid, user_id: Uuid, part: Text }),
    table(
        "projects",
        1,
        columns! {
            id: Uuid, name: Text, description: Text, stage: Text, due_date: Date or null,
            created_by: Uuid, created_at: Time, source_memo_id: Uuid or null,
        },
    ),
    table("project_members", 2, columns! { project_id: Uuid, user_id: Uuid, part: Text }),
    Table {
        only: Some("EXISTS (SELECT 1 FROM files f WHERE f.blob_sha256 = blobs.sha256)"),
        ..table(
            "blobs",
            1,
            columns! {
                sha256: Text, size: Integer, location: Text, created_at: Time,
                claimed_at: Time or null,
            },
        )
    },
    table(
        "files",
        1,
        columns! {
            id: Uuid, name: Text, media_type: Text, size: Integer, blob_sha256: Text,
            uploaded_by: Uuid, created_at: Time, detached_at: Time or null,
        },
    ),
    table(
        "task_files",
        2,
        columns! {
            task_id: Uuid, file_id: Uuid, created_at: Time, attached_by: Uuid or null,
        },
    ),
    table(
        "project_files",
        2,
        columns! {
            project_id: Uuid, file_id: Uuid, created_at: Time, attached_by: Uuid or null,
        },
    ),
    table("memo_ids", 1, columns! { id: Uuid, erasing: Bool }),
    table("memos", 1, MEMO),
    table(
        "memo_deletions",
        1,
        columns! {
            id: Uuid, memo_id: Uuid, memo_name: Text or null, author_id: Uuid, recipient_id: Uuid,
            stage: Text, draft: Bool, deleted_by: Uuid, deleted_at: Time, reason: Text or null,
            verdict: Text, warnings: Json, counts: Json, bytes_freed: Integer,
            restorable_until: Time, restored_at: Time or null, restored_by: Uuid or null,
            purged_at: Time or null, kept_files: Json, erased_by: Uuid or null,
            erasure_reason: Text or null,
        },
    ),
    table("deleted_memos", 1, MEMO),
    table(
        "memo_deletion_missing",
        3,
        columns! {
            deletion_id: Uuid, kind: Text, node_id: Uuid, label: Text or null, author_sees: Bool,
            recipient_sees: Bool,
        },
    ),
    table("memo_subscribers", 2, columns! { memo_id: Uuid, user_id: Uuid, created_at: Time }),
    table("memo_tags", 2, columns! { memo_id: Uuid, tag_id: Uuid }),
    table(
        "memo_files",
        2,
        columns! {
            memo_id: Uuid, file_id: Uuid, created_at: Time, attached_by: Uuid or null,
        },
    ),
    table(
        "comments",
        1,
        columns! {
            id: Uuid, memo_id: Uuid, author_id: Uuid, body: Text, created_at: Time,
            edited_at: Time or null,
        },
    ),
    table(
        "reminders",
        1,
        columns! {
            id: Uuid, memo_id: Uuid, user_id: Uuid, due_at: Time, dismissed_at: Time or null,
            created_at: Time, fired_at: Time or null,
        },
    ),
    table("unread_marks", 2, columns! { memo_id: Uuid, user_id: Uuid, created_at: Time }),
    table(
        "memo_holds",
        1,
        columns! {
            id: Uuid, memo_id: Uuid, held_memo_id: Uuid or null, reason: Text, placed_by: Uuid,
            placed_at: Time, released_by: Uuid or null, released_at: Time or null, matter: Text,
        },
    ),
    table(
        "refused_deletions",
        1,
        columns! {
            id: Uuid, memo_id: Uuid, user_id: Uuid, codes: Text, refused_at: Time,
            deletion_id: Uuid or null,
        },
    ),
    table(
        "notifications",
        1,
        columns! {
            id: Uuid, user_id: Uuid, kind: Text, actor_id: Uuid, memo_id: Uuid or null,
            deletion_id: Uuid or null, created_at: Time, read_at: Time or null,
            task_id: Uuid or null, project_id: Uuid or null, position: Integer or null,
        },
    ),
    counter("notification_counter", columns! { id: Integer, last_position: Integer }),
    table(
        "memo_events",
        1,
        columns! {
            id: Integer, position: Integer or null, memo_id: Uuid, kind: Text, actor_id: Uuid,
            author_id: Uuid, recipient_id: Uuid, draft: Bool, subscriber_ids: Json,
            deletion_id: Uuid or null, occurred_at: Time,
        },
    ),
    table("memo_event_viewers", 2, columns! { user_id: Uuid, position: Integer }),
    counter("memo_event_counter", columns! { id: Integer, last_position: Integer }),
    table(
        "memo_reassignments",
        1,
        columns! {
            id: Uuid, from_user_id: Uuid, to_user_id: Uuid, reassigned_by: Uuid,
            reassigned_at: Time, memo_count: Integer, as_author_count: Integer,
            as_recipient_count: Integer, work_count: Integer,
        },
    ),
    table(
        "person_erasures",
        1,
        columns! {
            id: Uuid, person_id: Uuid, erased_by: Uuid or null, erased_at: Time,
            reason: Text or null, counts: Json,
        },
    ),
    table("erased_identities", 1, columns! { hash: Text, erased_at: Time }),
    table(
        "idempotency_keys",
        2,
        columns! {
            user_id: Uuid, key: Text, verb: Text, input_sha256: Text, created_id: Uuid,
            created_at: Time,
        },
    ),
    table(
        "imported_rows",
        3,
        columns! {
            source: Text, source_table: Text, source_id: Integer, our_id: Uuid, row_hash: Text,
            merged: Bool, inferred: Text or null, links: Text or null, imported_at: Time,
        },
    ),
    Table {
        only: Some("name IN ('erased_identities_key', 'observed_time')"),
        ..counter("installation", columns! { name: Text, value: Text })
    },
    counter("sign_in_counter", columns! { id: Integer, changes: Integer }),
    counter("directory_counter", columns! { id: Integer, changes: Integer }),
];
