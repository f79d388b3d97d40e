//! What the import asks the temporary database.

use super::{Staging, rows::*};
use crate::{
    Result,
    source::schema::{MEMO, PROJECT, TASK},
};

/// Reads rows of a table after an id, in pages.
macro_rules! pages {
    ($($(#[$doc:meta])* $function:ident: $row:ident = $sql:literal;)+) => {
        impl Staging {
            $(
                $(#[$doc])*
                pub(crate) async fn $function(&self, after: i64, limit: u64) -> Result<Vec<$row>> {
                    self.find($sql, [after.into(), limit.into()]).await
                }
            )+
        }
    };
}

pages! {
    /// People.
    people: PersonRow = "SELECT * FROM auth_user WHERE id > ? ORDER BY id LIMIT ?";
    /// Resolutions.
    resolutions: NamedRow = "SELECT id, name, TRUE AS for_memos FROM tasks_resolution
        WHERE id > ? ORDER BY id LIMIT ?";
    /// Tags.
    tags: NamedRow = "SELECT t.id, t.name,
            coalesce(t.for_content_id = 'tasks.memo', TRUE)
                OR EXISTS (SELECT 1 FROM tasks_memo_tags l WHERE l.tag_id = t.id) AS for_memos
        FROM tasks_tag t WHERE t.id > ? ORDER BY t.id LIMIT ?";
    /// Deals.
    deals: DealRow = "SELECT d.id, d.name, d.creation_date, d.closing_date, d.active,
            s.\"default\" AS is_first, s.success_stage AS is_success,
            d.closing_reason_id IS NOT NULL AS closed, r.success_reason AS closed_well
        FROM crm_deal d
        LEFT JOIN crm_stage s ON s.id = d.stage_id
        LEFT JOIN crm_closingreason r ON r.id = d.closing_reason_id
        WHERE d.id > ? ORDER BY d.id LIMIT ?";
    /// Tasks.
    tasks: WorkSourceRow = "SELECT w.id, w.name, w.description, w.note, w.workflow, w.creation_date,
            w.due_date, w.active, w.owner_id, w.co_owner_id, s.name AS stage,
            s.done AS is_done, s.in_progress AS is_in_progress,
            m.id AS memo_id, m.creation_date AS memo_created, m.update_date AS memo_updated
        FROM tasks_task w
        LEFT JOIN tasks_taskstage s ON s.id = w.stage_id
        LEFT JOIN tasks_memo m ON m.id = (SELECT min(o.id) FROM tasks_memo o WHERE o.task_id = w.id)
        WHERE w.id > ? ORDER BY w.id LIMIT ?";
    /// Projects.
    projects: WorkSourceRow = "SELECT w.id, w.name, w.description, w.note, w.workflow,
            w.creation_date, w.due_date, w.active, w.owner_id, w.co_owner_id, s.name AS stage,
            s.done AS is_done, s.in_progress AS is_in_progress,
            m.id AS memo_id, m.creation_date AS memo_created, m.update_date AS memo_updated
        FROM tasks_project w
        LEFT JOIN tasks_projectstage s ON s.id = w.stage_id
        LEFT JOIN tasks_memo m ON m.id = (SELECT min(o.id) FROM tasks_memo o
            WHERE o.project_id = w.id)
        WHERE w.id > ? ORDER BY w.id LIMIT ?";
    /// Memos.
    memos: MemoRow = "SELECT * FROM tasks_memo WHERE id > ? ORDER BY id LIMIT ?";
    /// Files that are on no memo.
    files_of_work: FileRow = "SELECT f.id, f.file, f.content_type_id, f.object_id
        FROM common_thefile f
        WHERE f.id > ? AND f.content_type_id IN ('tasks.task', 'tasks.project')
        ORDER BY f.id LIMIT ?";
    /// Entries of the log about deleted memos.
    deletions: LogRow = "SELECT id, object_id, action_flag, change_message, user_id, action_time
        FROM django_admin_log
        WHERE id > ? AND content_type_id = 'tasks.memo' AND action_flag = 3
        ORDER BY id LIMIT ?";
}

/// Reads links of a range of owners.
macro_rules! links {
    ($($(#[$doc:meta])* $function:ident = $table:literal ($of:literal, $to:literal);)+) => {
        impl Staging {
            $(
                $(#[$doc])*
                pub(crate) async fn $function(&self, range: Range) -> Result<Vec<LinkRow>> {
                    let sql = concat!(
                        "SELECT ", $of, " AS of, ", $to, " AS \"to\" FROM ", $table,
                        " WHERE ", $of, " BETWEEN ? AND ? ORDER BY 1, 2"
                    );
                    self.find(sql, [range.first.into(), range.last.into()]).await
                }
            )+
        }
    };
}

links! {
    /// Subscribers of memos.
    memo_subscribers = "tasks_memo_subscribers" ("memo_id", "user_id");
    /// People who were notified of memos.
    memo_notified = "tasks_memo_notified_subscribers" ("memo_id", "user_id");
    /// Tags of memos.
    memo_tags = "tasks_memo_tags" ("memo_id", "tag_id");
    /// People responsible for tasks.
    task_responsible = "tasks_task_responsible" ("task_id", "user_id");
    /// Subscribers of tasks.
    task_subscribers = "tasks_task_subscribers" ("task_id", "user_id");
    /// People responsible for projects.
    project_responsible = "tasks_project_responsible" ("project_id", "user_id");
    /// Subscribers of projects.
    project_subscribers = "tasks_project_subscribers" ("project_id", "user_id");
}

impl Staging {
    /// The names of all groups.
    pub(crate) async fn group_names(&self) -> Result<Vec<String>> {
        let groups: Vec<GroupRow> =
            self.find("SELECT id AS user_id, name FROM auth_group ORDER BY name", []).await?;
        Ok(groups.into_iter().filter_map(|group| group.name).collect())
    }

    /// The groups of people.
    pub(crate) async fn groups_of(&self, range: Range) -> Result<Vec<GroupRow>> {
        let sql = "SELECT l.user_id, g.name FROM auth_user_groups l
            LEFT JOIN auth_group g ON g.id = l.group_id
            WHERE l.user_id BETWEEN ? AND ? ORDER BY 1, 2";
        self.find(sql, [range.first.into(), range.last.into()]).await
    }

    /// The files on memos of a range.
    pub(crate) async fn files_of_memos(&self, range: Range) -> Result<Vec<FileRow>> {
        let sql = "SELECT id, file, content_type_id, object_id FROM common_thefile
            WHERE content_type_id = ? AND object_id BETWEEN ? AND ? ORDER BY id";
        self.find(sql, [MEMO.into(), range.first.into(), range.last.into()]).await
    }

    /// All rows that name the same paths as some rows of these do. Rows on other things than memos,
    /// tasks and projects are left out.
    pub(crate) async fn same_paths(&self, paths: &[String]) -> Result<Vec<FileRow>> {
        let paths = serde_json::to_string(paths).map_err(service::Error::from)?;
        let sql = "SELECT id, file, content_type_id, object_id FROM common_thefile
            WHERE file IN (SELECT value FROM json_each(?)) AND content_type_id IN (?, ?, ?)
            ORDER BY id";
        self.find(sql, [paths.into(), MEMO.into(), TASK.into(), PROJECT.into()]).await
    }

    /// The memos that refer to work, among memos with these ids: task or project, and memo.
    pub(crate) async fn memos_of_work(&self, memos: &[i64]) -> Result<Vec<MemoRow>> {
        let ids = serde_json::to_string(memos).map_err(service::Error::from)?;
        let sql = "SELECT * FROM tasks_memo WHERE id IN (SELECT value FROM json_each(?))
            ORDER BY id";
        self.find(sql, [ids.into()]).await
    }

    /// The reminders on memos of a range.
    pub(crate) async fn reminders_of_memos(&self, range: Range) -> Result<Vec<ReminderRow>> {
        let sql =
            "SELECT id, object_id, description, reminder_date, active, creation_date, owner_id
            FROM common_reminder
            WHERE content_type_id = ? AND object_id BETWEEN ? AND ? ORDER BY id";
        self.find(sql, [MEMO.into(), range.first.into(), range.last.into()]).await
    }

    /// The messages on memos of a range, in their order.
    pub(crate) async fn messages_of_memos(&self, range: Range) -> Result<Vec<MessageRow>> {
        let sql = "SELECT id, object_id, content, creation_date, answer_to_id, topic_id, owner_id
            FROM chat_chatmessage
            WHERE content_type_id = ? AND object_id BETWEEN ? AND ? ORDER BY creation_date, id";
        self.find(sql, [MEMO.into(), range.first.into(), range.last.into()]).await
    }

    /// Messages by their ids.
    pub(crate) async fn messages(&self, ids: &[i64]) -> Result<Vec<MessageRow>> {
        let ids = serde_json::to_string(ids).map_err(service::Error::from)?;
        let sql = "SELECT id, object_id, content, creation_date, answer_to_id, topic_id, owner_id
            FROM chat_chatmessage WHERE id IN (SELECT value FROM json_each(?))";
        self.find(sql, [ids.into()]).await
    }

    /// Links of messages: those to whom they are addressed, or those who have not read them.
    pub(crate) async fn links_of_messages(
        &self,
        table: &'static str,
        ids: &[i64],
    ) -> Result<Vec<LinkRow>> {
        let ids = serde_json::to_string(ids).map_err(service::Error::from)?;
        let sql = format!(
            "SELECT chatmessage_id AS of, user_id AS \"to\" FROM {table}
            WHERE chatmessage_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2"
        );
        self.find(sql, [ids.into()]).await
    }

    /// The log of memos of a range.
    pub(crate) async fn log_of_memos(&self, range: Range) -> Result<Vec<LogRow>> {
        let sql = "SELECT id, object_id, action_flag, change_message, user_id, action_time
            FROM django_admin_log
            WHERE content_type_id = ? AND object_id BETWEEN ? AND ? ORDER BY action_time, id";
        self.find(sql, [MEMO.into(), range.first.into(), range.last.into()]).await
    }

    /// Those of the ids that the table has.
    pub(crate) async fn there(&self, table: &'static str, ids: &[i64]) -> Result<Vec<i64>> {
        let ids = serde_json::to_string(ids).map_err(service::Error::from)?;
        let sql = format!("SELECT id FROM {table} WHERE id IN (SELECT value FROM json_each(?))");
        let rows: Vec<IdRow> = self.find(sql, [ids.into()]).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Ids of rows that a condition finds, after an id, in pages.
    pub(crate) async fn ids_where(
        &self,
        table: &'static str,
        condition: &str,
        after: i64,
        limit: u64,
    ) -> Result<Vec<i64>> {
        let sql =
            format!("SELECT id FROM {table} WHERE id > ? AND ({condition}) ORDER BY id LIMIT ?");
        let rows: Vec<IdRow> = self.find(sql, [after.into(), limit.into()]).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}
