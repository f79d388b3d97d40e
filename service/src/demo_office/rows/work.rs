//! Tasks and projects that recipients created from memos.

use super::{Desk, find};
use crate::{
    Result,
    demo_office::memos::{Memo, Work},
    work::WorkRow,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{WorkRole, project_file, project_member, task_file, task_member};
use uuid::Uuid;

impl Desk<'_> {
    pub(super) fn add_task(
        &mut self,
        memo_id: Uuid,
        written: DateTime<Utc>,
        memo: &Memo,
        work: &Work,
    ) -> Result<Uuid> {
        let row = self.work(memo_id, written, memo, work)?;
        let (task_id, created_at, attached_by) = (row.id, row.created_at, Some(row.created_by));
        self.rows.tasks.push(row.into());
        for (user_id, part) in self.members(memo, work)? {
            self.rows.task_members.push(task_member::Model { task_id, user_id, part });
        }
        for name in work.files {
            let file_id = find(self.files, name)?;
            let link = task_file::Model { task_id, file_id, created_at, attached_by };
            self.rows.task_files.push(link);
        }
        Ok(task_id)
    }

    pub(super) fn add_project(
        &mut self,
        memo_id: Uuid,
        written: DateTime<Utc>,
        memo: &Memo,
        work: &Work,
    ) -> Result<Uuid> {
        let row = self.work(memo_id, written, memo, work)?;
        let (project_id, created_at, attached_by) = (row.id, row.created_at, Some(row.created_by));
        self.rows.projects.push(row.into());
        for (user_id, part) in self.members(memo, work)? {
            self.rows.project_members.push(project_member::Model { project_id, user_id, part });
        }
        for name in work.files {
            let file_id = find(self.files, name)?;
            let link = project_file::Model { project_id, file_id, created_at, attached_by };
            self.rows.project_files.push(link);
        }
        Ok(project_id)
    }

    /// The columns that a task and a project have in common.
    fn work(
        &self,
        memo_id: Uuid,
        written: DateTime<Utc>,
        memo: &Memo,
        work: &Work,
    ) -> Result<WorkRow> {
        let created_at = written + TimeDelta::hours(memo.last_act);
        Ok(WorkRow {
            id: self.id(created_at),
            name: work.name.to_owned(),
            description: work.description.to_owned(),
            status: work.status,
            due_date: Some(self.day(work.due)),
            source_memo_id: Some(memo_id),
            created_by: self.person(memo.recipient)?,
            created_at,
        })
    }

    /// The person responsible. The memo's author subscribes.
    fn members(&self, memo: &Memo, work: &Work) -> Result<Vec<(Uuid, WorkRole)>> {
        let author = (!work.responsible.contains(&memo.author))
            .then_some((memo.author, WorkRole::Subscriber));
        let responsible =
            work.responsible.iter().map(|username| (*username, WorkRole::Responsible));
        responsible
            .chain(author)
            .map(|(username, part)| Ok((self.person(username)?, part)))
            .collect()
    }
}
