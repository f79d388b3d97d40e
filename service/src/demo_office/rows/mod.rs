//! Turns the tables into rows of the database.

mod news;
mod work;

use super::{
    Ids,
    catalogues::{DEALS, RESOLUTIONS, TAGS},
    find,
    memos::Memo,
    morning,
};
use crate::{
    Result, Services,
    clock::new_id,
    memos::{blank, word_index},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    comment, deal, memo, memo_file, memo_hold, memo_subscriber, memo_tag, notification, project,
    project_file, project_member, reminder, resolution, tag, task, task_file, task_member,
    unread_mark,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
};
use uuid::Uuid;

/// All rows but people and files.
#[derive(Default)]
pub(super) struct Rows {
    deals: Vec<deal::Model>,
    tags: Vec<tag::Model>,
    resolutions: Vec<resolution::Model>,
    tasks: Vec<task::Model>,
    task_members: Vec<task_member::Model>,
    task_files: Vec<task_file::Model>,
    projects: Vec<project::Model>,
    project_members: Vec<project_member::Model>,
    project_files: Vec<project_file::Model>,
    memos: Vec<memo::Model>,
    subscribers: Vec<memo_subscriber::Model>,
    memo_tags: Vec<memo_tag::Model>,
    memo_files: Vec<memo_file::Model>,
    comments: Vec<comment::Model>,
    reminders: Vec<reminder::Model>,
    holds: Vec<memo_hold::Model>,
    unread: Vec<unread_mark::Model>,
    notifications: Vec<notification::Model>,
}

impl Rows {
    /// The rows of these memos and of everything to which they refer.
    pub(super) fn of(
        services: &Services,
        people: &Ids,
        files: &Ids,
        memos: &[(DateTime<Utc>, Memo)],
    ) -> Result<Self> {
        let mut desk = Desk {
            services,
            people,
            files,
            deals: Ids::new(),
            tags: Ids::new(),
            resolutions: Ids::new(),
            rows: Self::default(),
        };
        desk.add_catalogues();
        for (written, memo) in memos {
            desk.add_memo(*written, memo)?;
        }
        desk.tell_people();
        Ok(desk.rows)
    }

    /// Inserts the rows. Each comes after the rows to which it refers.
    pub(super) async fn insert(&self, transaction: &DatabaseTransaction) -> Result<()> {
        insert(transaction, &self.deals).await?;
        insert(transaction, &self.tags).await?;
        insert(transaction, &self.resolutions).await?;
        insert(transaction, &self.tasks).await?;
        insert(transaction, &self.task_members).await?;
        insert(transaction, &self.task_files).await?;
        insert(transaction, &self.projects).await?;
        insert(transaction, &self.project_members).await?;
        insert(transaction, &self.project_files).await?;
        insert(transaction, &self.memos).await?;
        for memo in &self.memos {
            word_index::index(transaction, memo).await?;
        }
        insert(transaction, &self.subscribers).await?;
        insert(transaction, &self.memo_tags).await?;
        insert(transaction, &self.memo_files).await?;
        insert(transaction, &self.comments).await?;
        insert(transaction, &self.reminders).await?;
        insert(transaction, &self.holds).await?;
        insert(transaction, &self.unread).await?;
        insert(transaction, &self.notifications).await
    }
}

async fn insert<M, A>(transaction: &DatabaseTransaction, rows: &[M]) -> Result<()>
where
    M: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
    A::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}

/// The state while the rows are made.
struct Desk<'a> {
    services: &'a Services,
    people: &'a Ids,
    files: &'a Ids,
    deals: Ids,
    tags: Ids,
    resolutions: Ids,
    rows: Rows,
}

impl Desk<'_> {
    fn id(&self, created_at: DateTime<Utc>) -> Uuid {
        new_id(created_at, self.services.randomness.as_ref())
    }

    fn person(&self, username: &str) -> Result<Uuid> {
        find(self.people, username)
    }

    fn day(&self, days_ahead: i64) -> NaiveDate {
        morning(self.services.now(), -days_ahead).date_naive()
    }

    fn add_catalogues(&mut self) {
        let founded = morning(self.services.now(), 200);
        for (n, name) in (0..).zip(TAGS) {
            let id = self.id(founded + TimeDelta::minutes(n));
            self.tags.insert(name, id);
            self.rows.tags.push(tag::Model { id, name: name.to_owned() });
        }
        for (n, name) in (0..).zip(RESOLUTIONS) {
            let id = self.id(founded + TimeDelta::minutes(60 + n));
            self.resolutions.insert(name, id);
            self.rows.resolutions.push(resolution::Model { id, name: name.to_owned() });
        }
        for deal in DEALS {
            let created_at = morning(self.services.now(), deal.days_ago);
            let id = self.id(created_at);
            self.deals.insert(deal.name, id);
            let due_date = deal.due.map(|days| self.day(days));
            self.rows.deals.push(deal::Model {
                id,
                name: deal.name.to_owned(),
                status: deal.status,
                due_date,
                created_at,
            });
        }
    }

    fn add_memo(&mut self, written: DateTime<Utc>, memo: &Memo) -> Result<()> {
        let id = self.id(written);
        let acted_at = memo.first_act.map(|(_, hours)| written + TimeDelta::hours(hours));
        let row = memo::Model {
            name: memo.name.to_owned(),
            description: memo.description.to_owned(),
            conclusion: memo.conclusion.map(ToOwned::to_owned),
            recipient_id: self.person(memo.recipient)?,
            stage: memo.stage,
            draft: memo.draft,
            review_date: memo.review.map(|days| self.day(days)),
            deal_id: memo.deal.map(|name| find(&self.deals, name)).transpose()?,
            task_id: memo.task.map(|work| self.add_task(id, written, memo, &work)).transpose()?,
            project_id: memo
                .project
                .map(|work| self.add_project(id, written, memo, &work))
                .transpose()?,
            resolution_id: memo.resolution.map(|name| find(&self.resolutions, name)).transpose()?,
            sent_at: (!memo.draft).then_some(written),
            acted_at,
            acted_stage: memo.first_act.map(|(stage, _)| stage),
            updated_at: written + TimeDelta::hours(memo.last_act),
            ..blank(id, self.person(memo.author)?, written)
        };
        self.rows.memos.push(row);
        self.add_links(id, written, memo)?;
        self.add_discussion(id, written, memo)?;
        self.add_reminders(id, written, memo)?;
        if let Some(reason) = memo.hold {
            let placed_at = written + TimeDelta::days(2);
            self.rows.holds.push(memo_hold::Model {
                id: self.id(placed_at),
                memo_id: id,
                held_memo_id: Some(id),
                reason: reason.to_owned(),
                placed_by: self.person("admin")?,
                placed_at,
                released_by: None,
                released_at: None,
                matter: String::new(),
            });
        }
        Ok(())
    }

    fn add_links(&mut self, memo_id: Uuid, created_at: DateTime<Utc>, memo: &Memo) -> Result<()> {
        for username in memo.subscribers {
            let user_id = self.person(username)?;
            self.rows.subscribers.push(memo_subscriber::Model { memo_id, user_id, created_at });
        }
        for name in memo.tags {
            self.rows.memo_tags.push(memo_tag::Model { memo_id, tag_id: find(&self.tags, name)? });
        }
        let attached_by = Some(self.person(memo.author)?);
        for name in memo.files {
            let file_id = find(self.files, name)?;
            let link = memo_file::Model { memo_id, file_id, created_at, attached_by };
            self.rows.memo_files.push(link);
        }
        Ok(())
    }

    fn add_discussion(&mut self, memo_id: Uuid, written: DateTime<Utc>, memo: &Memo) -> Result<()> {
        for (username, hours, body) in memo.discussion {
            let created_at = written + TimeDelta::hours(*hours);
            self.rows.comments.push(comment::Model {
                id: self.id(created_at),
                memo_id,
                author_id: self.person(username)?,
                body: (*body).to_owned(),
                created_at,
                edited_at: None,
            });
        }
        Ok(())
    }

    /// Each reminder was set soon after the memo was written. Old ones have been dismissed. Those
    /// that are due fire when the server starts.
    fn add_reminders(&mut self, memo_id: Uuid, written: DateTime<Utc>, memo: &Memo) -> Result<()> {
        let now = self.services.now();
        for (n, (username, days)) in (0..).zip(memo.reminders) {
            let created_at = written + TimeDelta::minutes(90 + n);
            let due_at = morning(now, -days) + TimeDelta::hours(1);
            let dismissed_at = (*days < -2).then_some(due_at + TimeDelta::minutes(40));
            self.rows.reminders.push(reminder::Model {
                id: self.id(created_at),
                memo_id,
                user_id: self.person(username)?,
                due_at,
                fired_at: dismissed_at.map(|_| due_at),
                dismissed_at,
                created_at,
            });
        }
        Ok(())
    }
}
