//! Deletion records with their items, refused attempts, notifications.
//!
//! `memo_id` is not a foreign key here, because these rows remain after the memo is gone.

use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, &UP.replace("{items}", ITEMS)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(
            manager,
            &["notifications", "refused_deletions", "memo_deletion_items", "memo_deletions"],
        )
        .await
    }
}

/// The items of a record. The way down of a later migration creates this table again.
pub(crate) const ITEMS: &str = "
CREATE TABLE memo_deletion_items (
    deletion_id {uuid} NOT NULL REFERENCES memo_deletions (id) ON DELETE CASCADE,
    position {bigint} NOT NULL,
    disposition text NOT NULL CHECK (disposition IN ('REMOVED', 'KEPT')),
    kind text NOT NULL,
    node_id {uuid},
    author_sees {bool} NOT NULL,
    recipient_sees {bool} NOT NULL,
    label text,
    kept_reason text,
    blob_sha256 text REFERENCES blobs (sha256),
    content text,
    PRIMARY KEY (deletion_id, position),
    CHECK ((disposition = 'KEPT') = (kept_reason IS NOT NULL))
) {strict};
CREATE INDEX memo_deletion_items_blob ON memo_deletion_items (blob_sha256) WHERE blob_sha256 IS \
    NOT NULL;
";

const UP: &str = "
CREATE TABLE memo_deletions (
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL,
    memo_name text,
    author_id {uuid} NOT NULL REFERENCES users (id),
    recipient_id {uuid} NOT NULL REFERENCES users (id),
    stage text NOT NULL CHECK (stage IN ('PENDING', 'POSTPONED', 'REVIEWED')),
    draft {bool} NOT NULL,
    deleted_by {uuid} NOT NULL REFERENCES users (id),
    deleted_at {timestamp} NOT NULL,
    reason text CHECK (length(reason) BETWEEN 1 AND 2000),
    verdict text NOT NULL CHECK (verdict IN ('ALLOWED', 'DISCOURAGED')),
    warnings {json} NOT NULL,
    counts {json} NOT NULL,
    bytes_freed {bigint} NOT NULL,
    restorable_until {timestamp} NOT NULL,
    restored_at {timestamp},
    restored_by {uuid} REFERENCES users (id),
    purged_at {timestamp},
    CHECK (deleted_by IN (author_id, recipient_id)),
    CHECK ((restored_at IS NULL) = (restored_by IS NULL)),
    CHECK ((purged_at IS NULL) = (memo_name IS NOT NULL))
) {strict};
CREATE UNIQUE INDEX memo_deletions_current ON memo_deletions (memo_id) WHERE restored_at IS NULL;
CREATE INDEX memo_deletions_memo ON memo_deletions (memo_id, id);
CREATE INDEX memo_deletions_author ON memo_deletions (author_id, id);
CREATE INDEX memo_deletions_recipient ON memo_deletions (recipient_id, id);
CREATE INDEX memo_deletions_deleted_by ON memo_deletions (deleted_by, id);
CREATE INDEX memo_deletions_restored_by ON memo_deletions (restored_by) WHERE restored_by IS NOT \
    NULL;
CREATE INDEX memo_deletions_unpurged ON memo_deletions (restorable_until) WHERE purged_at IS NULL;

{items}
CREATE TABLE refused_deletions (
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users (id),
    codes text NOT NULL,
    refused_at {timestamp} NOT NULL
) {strict};
CREATE INDEX refused_deletions_memo ON refused_deletions (memo_id, id);
CREATE INDEX refused_deletions_user ON refused_deletions (user_id, id);

CREATE TABLE notifications (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    actor_id {uuid} NOT NULL REFERENCES users (id),
    memo_id {uuid} NOT NULL,
    deletion_id {uuid} REFERENCES memo_deletions (id),
    created_at {timestamp} NOT NULL,
    read_at {timestamp}
) {strict};
CREATE INDEX notifications_user ON notifications (user_id, id);
CREATE INDEX notifications_actor ON notifications (actor_id);
CREATE INDEX notifications_deletion ON notifications (deletion_id) WHERE deletion_id IS NOT NULL;
";
