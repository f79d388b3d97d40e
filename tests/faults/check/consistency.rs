//! Checks that the stored rows agree with each other.

use crate::{Result, rows, site::Site};
use sea_orm::DbBackend;
use serde_json::Value;
use service::database::Database;

/// Rows that must not exist.
const NONE: &[(&str, &str)] = &[
    (
        "memos that are live and deleted",
        "memos m WHERE EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = m.id)",
    ),
    (
        "memos without an id",
        "memos m WHERE NOT EXISTS (SELECT 1 FROM memo_ids i WHERE i.id = m.id)",
    ),
    (
        "deleted memos without an id",
        "deleted_memos m WHERE NOT EXISTS (SELECT 1 FROM memo_ids i WHERE i.id = m.id)",
    ),
    (
        "ids of memos that do not exist",
        "memo_ids i WHERE NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = i.id) \
         AND NOT EXISTS (SELECT 1 FROM deleted_memos m WHERE m.id = i.id)",
    ),
    (
        "deleted memos without their one record",
        "deleted_memos d WHERE (SELECT count(*) FROM memo_deletions r WHERE r.memo_id = d.id \
         AND r.restored_at IS NULL AND r.purged_at IS NULL) <> 1",
    ),
    (
        "records of a deletion that was not done",
        "memo_deletions r WHERE r.restored_at IS NULL AND r.purged_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = r.memo_id)",
    ),
    (
        "records without their one event",
        "memo_deletions r WHERE (SELECT count(*) FROM memo_events e \
         WHERE e.deletion_id = r.id AND e.memo_id = r.memo_id AND e.kind = 'DELETED') <> 1",
    ),
    (
        "live memos whose comments are miscounted",
        "memos m WHERE m.comment_count <> (SELECT count(*) FROM comments c WHERE c.memo_id = m.id)",
    ),
    (
        "deleted memos whose comments are miscounted",
        "deleted_memos m WHERE m.comment_count <> (SELECT count(*) FROM comments c WHERE c.memo_id \
         = m.id)",
    ),
    (
        "comments of no memo",
        "comments c WHERE NOT EXISTS (SELECT 1 FROM memo_ids i WHERE i.id = c.memo_id)",
    ),
    (
        "attachments to no memo",
        "memo_files c WHERE NOT EXISTS (SELECT 1 FROM memo_ids i WHERE i.id = c.memo_id)",
    ),
    (
        "subscribers of no memo",
        "memo_subscribers c WHERE NOT EXISTS (SELECT 1 FROM memo_ids i WHERE i.id = c.memo_id)",
    ),
    (
        "unread marks of no memo",
        "unread_marks c WHERE NOT EXISTS (SELECT 1 FROM memo_ids i WHERE i.id = c.memo_id)",
    ),
    (
        "attachments of no file",
        "memo_files l WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.id = l.file_id)",
    ),
    (
        "files without content",
        "files f WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.sha256 = f.blob_sha256)",
    ),
    (
        "mails of no notification",
        "mails l WHERE NOT EXISTS (SELECT 1 FROM notifications n WHERE n.id = l.notification_id)",
    ),
    (
        "events that share a position",
        "(SELECT position FROM memo_events GROUP BY position HAVING count(*) > 1) AS shared",
    ),
    (
        "missing positions of events",
        "memo_event_counter c WHERE c.last_position <> (SELECT count(*) FROM memo_events)",
    ),
    (
        "notifications that share a position",
        "(SELECT position FROM notifications GROUP BY position HAVING count(position) > 1) AS \
         shared",
    ),
    (
        "missing positions of notifications",
        "notification_counter c \
         WHERE c.last_position <> (SELECT count(position) FROM notifications)",
    ),
];

/// The kinds of belongings for which the counts in records are checked.
const COUNTED: [(&str, &str); 4] = [
    ("COMMENT", "comments"),
    ("ATTACHMENT", "memo_files"),
    ("SUBSCRIBER_LINK", "memo_subscribers"),
    ("UNREAD_MARK", "unread_marks"),
];

/// Records disagreements.
///
/// # Errors
/// The error of the database.
pub(super) async fn check(site: &Site, database: &Database) -> Result<()> {
    for (what, from) in NONE {
        let count = rows::number(database, format!("SELECT count(*) AS n FROM {from}")).await?;
        if count > 0 {
            site.ledger.violated(format!("{count} {what}"));
        }
    }
    if database.backend() == DbBackend::Sqlite {
        for row in rows::all(database, "PRAGMA integrity_check").await? {
            let said: String = row.try_get("", "integrity_check")?;
            if said != "ok" {
                site.ledger.violated(format!("SQLite's file is damaged: {said}"));
            }
        }
        let broken = rows::all(database, "PRAGMA foreign_key_check").await?.len();
        if broken > 0 {
            site.ledger.violated(format!("{broken} foreign keys have no target"));
        }
    }
    let counts: Vec<String> = COUNTED
        .iter()
        .map(|(kind, table)| {
            format!("(SELECT count(*) FROM {table} c WHERE c.memo_id = r.memo_id) AS {kind}")
        })
        .collect();
    let records = format!(
        "SELECT r.memo_name, r.counts, {} FROM memo_deletions r WHERE r.restored_at IS NULL AND \
         r.purged_at IS NULL",
        counts.join(", ").to_lowercase().replace("(select", "(SELECT")
    );
    for row in rows::all(database, records).await? {
        let (name, counts): (Option<String>, Value) =
            (row.try_get("", "memo_name")?, row.try_get("", "counts")?);
        for (kind, _) in COUNTED {
            let stored: i64 = row.try_get("", &kind.to_lowercase())?;
            let said = said(&counts, kind);
            if said != stored {
                site.ledger.violated(format!(
                    "the record of {name:?} lists {said} {kind}, but {stored} exist"
                ));
            }
        }
    }
    Ok(())
}

/// The number of removed items of that kind, according to a record.
fn said(counts: &Value, kind: &str) -> i64 {
    let of_kind = counts.as_array().into_iter().flatten().filter(|count| count["kind"] == kind);
    of_kind
        .filter(|count| count["disposition"] == "REMOVED")
        .filter_map(|count| count["count"].as_i64())
        .sum()
}
