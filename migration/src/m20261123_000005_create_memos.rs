//! Memos, and the tables whose rows cannot exist without one.
//!
//! The foreign keys here guarantee that deleting a memo harms nothing else. Keys that cascade from
//! `memos` lead only to its own subscriber links, tag links, attachments, comments and reminders.
//! From those, nothing cascades further. All other keys forbid the deletion. A person, task,
//! project, deal, tag, resolution or file cannot be deleted while a memo refers to it. A memo
//! cannot be deleted while a hold refers to it.

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
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(
            manager,
            &[
                "memo_holds",
                "reminders",
                "comments",
                "memo_files",
                "memo_tags",
                "memo_subscribers",
                "memos",
            ],
        )
        .await
    }
}

const UP: &str = "
CREATE TABLE memos (
    id {uuid} PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 250),
    description text NOT NULL,
    note text,
    author_id {uuid} NOT NULL REFERENCES users (id),
    recipient_id {uuid} NOT NULL REFERENCES users (id),
    stage text NOT NULL CHECK (stage IN ('PENDING', 'POSTPONED', 'REVIEWED')),
    draft {bool} NOT NULL,
    review_date {date},
    deal_id {uuid} REFERENCES deals (id),
    task_id {uuid} REFERENCES tasks (id),
    project_id {uuid} REFERENCES projects (id),
    resolution_id {uuid} REFERENCES resolutions (id),
    sent_at {timestamp},
    acted_at {timestamp},
    acted_stage text CHECK (acted_stage IN ('POSTPONED', 'REVIEWED')),
    created_at {timestamp} NOT NULL,
    updated_at {timestamp} NOT NULL,
    revision {bigint} NOT NULL DEFAULT 1,
    on_hold {bool} NOT NULL DEFAULT FALSE,
    comment_count {bigint} NOT NULL DEFAULT 0,
    author_comment_count {bigint} NOT NULL DEFAULT 0,
    recipient_comment_count {bigint} NOT NULL DEFAULT 0,
    CHECK (stage = 'PENDING' OR NOT draft),
    CHECK ((acted_at IS NULL) = (acted_stage IS NULL))
) {strict};
CREATE INDEX memos_author ON memos (author_id, id);
CREATE INDEX memos_recipient ON memos (recipient_id, id);
CREATE INDEX memos_deal ON memos (deal_id, id) WHERE deal_id IS NOT NULL;
CREATE INDEX memos_task ON memos (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX memos_project ON memos (project_id) WHERE project_id IS NOT NULL;
CREATE INDEX memos_resolution ON memos (resolution_id) WHERE resolution_id IS NOT NULL;

CREATE TABLE memo_subscribers (
    memo_id {uuid} NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (memo_id, user_id)
) {strict};
CREATE INDEX memo_subscribers_user ON memo_subscribers (user_id, memo_id);

CREATE TABLE memo_tags (
    memo_id {uuid} NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    tag_id {uuid} NOT NULL REFERENCES tags (id),
    PRIMARY KEY (memo_id, tag_id)
) {strict};
CREATE INDEX memo_tags_tag ON memo_tags (tag_id, memo_id);

CREATE TABLE memo_files (
    memo_id {uuid} NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    file_id {uuid} NOT NULL REFERENCES files (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (memo_id, file_id)
) {strict};
CREATE INDEX memo_files_file ON memo_files (file_id, memo_id);

CREATE TABLE comments (
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    author_id {uuid} NOT NULL REFERENCES users (id),
    body text NOT NULL CHECK (length(body) >= 1),
    created_at {timestamp} NOT NULL,
    edited_at {timestamp}
) {strict};
CREATE INDEX comments_memo ON comments (memo_id, id);
CREATE INDEX comments_author ON comments (author_id);

CREATE TABLE reminders (
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    due_at {timestamp} NOT NULL,
    dismissed_at {timestamp},
    created_at {timestamp} NOT NULL
) {strict};
CREATE INDEX reminders_memo ON reminders (memo_id, id);
CREATE INDEX reminders_user ON reminders (user_id, due_at);

CREATE TABLE memo_holds (
    id {uuid} PRIMARY KEY,
    memo_id {uuid} NOT NULL,
    held_memo_id {uuid} UNIQUE REFERENCES memos (id),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    placed_by {uuid} NOT NULL REFERENCES users (id),
    placed_at {timestamp} NOT NULL,
    released_by {uuid} REFERENCES users (id),
    released_at {timestamp},
    CHECK (held_memo_id IS NULL OR held_memo_id = memo_id),
    CHECK ((released_at IS NULL) = (held_memo_id IS NOT NULL)),
    CHECK ((released_at IS NULL) = (released_by IS NULL))
) {strict};
CREATE INDEX memo_holds_memo ON memo_holds (memo_id);
CREATE INDEX memo_holds_placed_by ON memo_holds (placed_by);
CREATE INDEX memo_holds_released_by ON memo_holds (released_by) WHERE released_by IS NOT NULL;
";
