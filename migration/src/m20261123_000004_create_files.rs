//! Files: stored bytes by content, named files, and their attachment to tasks and projects.
//!
//! No foreign key cascades to a file. A file that is attached anywhere cannot be deleted.

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
        dialect::drop_tables(manager, &["project_files", "task_files", "files", "blobs"]).await
    }
}

const UP: &str = "
CREATE TABLE blobs (
    sha256 text PRIMARY KEY CHECK (length(sha256) = 64),
    size {bigint} NOT NULL CHECK (size >= 0),
    location text NOT NULL,
    created_at {timestamp} NOT NULL
) {strict};

CREATE TABLE files (
    id {uuid} PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 250),
    media_type text NOT NULL,
    size {bigint} NOT NULL CHECK (size >= 0),
    blob_sha256 text NOT NULL REFERENCES blobs (sha256),
    uploaded_by {uuid} NOT NULL REFERENCES users (id),
    created_at {timestamp} NOT NULL
) {strict};
CREATE INDEX files_blob ON files (blob_sha256);
CREATE INDEX files_uploaded_by ON files (uploaded_by);

CREATE TABLE task_files (
    task_id {uuid} NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    file_id {uuid} NOT NULL REFERENCES files (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (task_id, file_id)
) {strict};
CREATE INDEX task_files_file ON task_files (file_id);

CREATE TABLE project_files (
    project_id {uuid} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    file_id {uuid} NOT NULL REFERENCES files (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (project_id, file_id)
) {strict};
CREATE INDEX project_files_file ON project_files (file_id);
";
