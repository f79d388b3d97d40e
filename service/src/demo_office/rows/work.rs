//! Tasks and projects that recipients created from memos.

use super::{Desk, find};
use crate::{
    Result,
    demo_office::memos::{Memo, Work},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{WorkPart, project, project_file, project_member, task, task_file, task_member};
use uuid::Uuid;

impl Desk<'_> {
    pub(super) fn add_task(
        &mut self,
        memo_id: Uuid,
        written: DateTime<Utc>,
        memo: &Memo,
        work: &Work,
    ) -> Result<Uuid> {
        let created_at = written + TimeDelta::hours(memo.last_act);
        let task_id = self.id(created_at);
        self.rows.tasks.push(task::Model {
            id: task_id,
            name: work.name.to_owned(),
            description: work.description.to_owned(),
            stage: work.stage,
            due_date: Some(self.day(work.due)),
            source_memo_id: Some(memo_id),
            created_by: self.person(memo.recipient)?,
            created_at,
        });
        for (username, part) in members(memo, work) {
            let user_id = self.person(username)?;
            self.rows.task_members.push(task_member::Model { task_id, user_id, part });
        }
        for name in work.files {
            let file_id = find(self.files, name)?;
            self.rows.task_files.push(task_file::Model { task_id, file_id, created_at });
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
        let created_at = written + TimeDelta::hours(memo.last_act);
        let project_id = self.id(created_at);
        self.rows.projects.push(project::Model {
            id: project_id,
            name: work.name.to_owned(),
            description: work.description.to_owned(),
            stage: work.stage,
            due_date: Some(self.day(work.due)),
            source_memo_id: Some(memo_id),
            created_by: self.person(memo.recipient)?,
            created_at,
        });
        for (username, part) in members(memo, work) {
            let user_id = self.person(username)?;
            self.rows.project_members.push(project_member::Model { project_id, user_id, part });
        }
        for name in work.files {
            let file_id = find(self.files, name)?;
            self.rows.project_files.push(project_file::Model { project_id, file_id, created_at });
        }
        Ok(project_id)
    }
}

/// Who does it; the memo's author reads along.
fn members(memo: &Memo, work: &Work) -> impl Iterator<Item = (&'static str, WorkPart)> {
    let author = (!work.responsible.contains(&memo.author)).then_some((memo.author, WorkPart::Subscriber));
    work.responsible.iter().map(|username| (*username, WorkPart::Responsible)).chain(author)
}
