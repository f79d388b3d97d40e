//! Tasks and projects, with their people.

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
        dialect::drop_tables(manager, &["project_members", "projects", "task_members", "tasks"])
            .await
    }
}

const UP: &str = "
CREATE TABLE tasks (
    id {uuid} PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 250),
    description text NOT NULL,
    stage text NOT NULL CHECK (stage IN ('OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED')),
    due_date {date},
    created_by {uuid} NOT NULL REFERENCES users (id),
    created_at {timestamp} NOT NULL
) {strict};
CREATE INDEX tasks_created_by ON tasks (created_by);

CREATE TABLE task_members (
    task_id {uuid} NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    part text NOT NULL CHECK (part IN ('RESPONSIBLE', 'SUBSCRIBER')),
    PRIMARY KEY (task_id, user_id)
) {strict};
CREATE INDEX task_members_user ON task_members (user_id);

CREATE TABLE projects (
    id {uuid} PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 250),
    description text NOT NULL,
    stage text NOT NULL CHECK (stage IN ('OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED')),
    due_date {date},
    created_by {uuid} NOT NULL REFERENCES users (id),
    created_at {timestamp} NOT NULL
) {strict};
CREATE INDEX projects_created_by ON projects (created_by);

CREATE TABLE project_members (
    project_id {uuid} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    part text NOT NULL CHECK (part IN ('RESPONSIBLE', 'SUBSCRIBER')),
    PRIMARY KEY (project_id, user_id)
) {strict};
CREATE INDEX project_members_user ON project_members (user_id);
";
