//! The office's memos, and the form in which the tables describe one.
//!
//! Times are relative: days before or after today, hours after the memo was written.

mod office;
mod sales;
mod two_desks;
mod workshop;

use super::morning;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{MemoStage, WorkStatus};

/// A memo with all its belongings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memo {
    /// Days since it was written.
    pub(super) days_ago: i64,
    pub(super) author: &'static str,
    pub(super) recipient: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) draft: bool,
    pub(super) stage: MemoStage,
    /// The recipient's first act, and the number of hours until it.
    pub(super) first_act: Option<(MemoStage, i64)>,
    /// The number of hours until its last change.
    pub(super) last_act: i64,
    /// Days from today until its review date.
    pub(super) review: Option<i64>,
    pub(super) conclusion: Option<&'static str>,
    pub(super) resolution: Option<&'static str>,
    pub(super) deal: Option<&'static str>,
    pub(super) task: Option<Work>,
    pub(super) project: Option<Work>,
    pub(super) subscribers: &'static [&'static str],
    pub(super) tags: &'static [&'static str],
    pub(super) files: &'static [&'static str],
    /// The comments: who, after how many hours, and what.
    pub(super) discussion: &'static [(&'static str, i64, &'static str)],
    /// The reminders: for whom, and in how many days from today.
    pub(super) reminders: &'static [(&'static str, i64)],
    /// Why an administrator has placed a hold on it.
    pub(super) hold: Option<&'static str>,
}

/// A task or a project that the recipient created from a memo during its review.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) status: WorkStatus,
    /// Days from today until it is due.
    pub(super) due: i64,
    pub(super) responsible: &'static [&'static str],
    /// Files of the memo that were transferred to it.
    pub(super) files: &'static [&'static str],
}

/// Every memo with the time at which it was written, the oldest first.
pub(super) fn all(now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Memo)> {
    let tables = two_desks::MEMOS
        .into_iter()
        .chain(sales::MEMOS)
        .chain(workshop::MEMOS)
        .chain(office::MEMOS);
    let mut memos: Vec<_> = (0..)
        .zip(tables)
        // Times are spread over the working day. No two of them are in the same second.
        .map(|(n, memo)| {
            (
                morning(now, memo.days_ago)
                    + TimeDelta::minutes(n * 53 % 480)
                    + TimeDelta::seconds(n),
                memo,
            )
        })
        .collect();
    memos.sort_by_key(|(written, _)| *written);
    memos
}

const fn memo(
    days_ago: i64,
    author: &'static str,
    recipient: &'static str,
    name: &'static str,
) -> Memo {
    Memo {
        days_ago,
        author,
        recipient,
        name,
        description: "",
        draft: false,
        stage: MemoStage::Pending,
        first_act: None,
        last_act: 0,
        review: None,
        conclusion: None,
        resolution: None,
        deal: None,
        task: None,
        project: None,
        subscribers: &[],
        tags: &[],
        files: &[],
        discussion: &[],
        reminders: &[],
        hold: None,
    }
}

impl Memo {
    const fn says(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    const fn draft(self) -> Self {
        Self { draft: true, ..self }
    }

    const fn postponed(self, hours: i64, review: i64) -> Self {
        Self { review: Some(review), ..self.moved(MemoStage::Postponed, hours) }
    }

    const fn reviewed(self, hours: i64, conclusion: &'static str) -> Self {
        Self { conclusion: Some(conclusion), ..self.moved(MemoStage::Reviewed, hours) }
    }

    const fn moved(self, stage: MemoStage, hours: i64) -> Self {
        let first_act = match self.first_act {
            None => Some((stage, hours)),
            earlier => earlier,
        };
        Self { stage, first_act, last_act: hours, ..self }
    }

    /// The resolution: what its author wants from the recipient.
    const fn wanted(self, resolution: &'static str) -> Self {
        Self { resolution: Some(resolution), ..self }
    }

    const fn about(self, deal: &'static str) -> Self {
        Self { deal: Some(deal), ..self }
    }

    const fn task(self, task: Work) -> Self {
        Self { task: Some(task), ..self }
    }

    const fn project(self, project: Work) -> Self {
        Self { project: Some(project), ..self }
    }

    const fn read_by(self, subscribers: &'static [&'static str]) -> Self {
        Self { subscribers, ..self }
    }

    const fn tagged(self, tags: &'static [&'static str]) -> Self {
        Self { tags, ..self }
    }

    const fn with(self, files: &'static [&'static str]) -> Self {
        Self { files, ..self }
    }

    const fn discussed(self, discussion: &'static [(&'static str, i64, &'static str)]) -> Self {
        Self { discussion, ..self }
    }

    const fn reminds(self, reminders: &'static [(&'static str, i64)]) -> Self {
        Self { reminders, ..self }
    }

    const fn held(self, reason: &'static str) -> Self {
        Self { hold: Some(reason), ..self }
    }
}

const fn work(
    status: WorkStatus,
    due: i64,
    responsible: &'static [&'static str],
    name: &'static str,
) -> Work {
    Work { name, description: "", status, due, responsible, files: &[] }
}

impl Work {
    const fn says(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    const fn with(self, files: &'static [&'static str]) -> Self {
        Self { files, ..self }
    }
}
