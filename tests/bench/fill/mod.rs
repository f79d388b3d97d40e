//! Fills the database: 200 people, and their memos with belongings.

mod discussion;
mod memo;
mod rows;

use crate::{
    Result,
    options::{Options, Part},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{UserRole, deal, tag, user};
use rows::{Rows, insert};
use sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};
use service::{
    clock::{Clock, SystemClock, SystemRandomness, new_id},
    database::Database,
};
use uuid::Uuid;

const PEOPLE: usize = 200;
const TAGS: usize = 40;
const DEALS: usize = 100;
const CHUNK: usize = 1_000;

/// A memo for requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FilledMemo {
    pub(crate) id: Uuid,
    pub(crate) author: Uuid,
    pub(crate) recipient: Uuid,
    /// Whether its author may delete it without a warning.
    pub(crate) deletable: bool,
}

/// The content of the database.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) people: Vec<Uuid>,
    pub(crate) memos: Vec<FilledMemo>,
    /// One memo with a short discussion, one with a long one.
    pub(crate) discussed: Vec<FilledMemo>,
}

/// The rows to which memos refer.
struct Office {
    people: Vec<Uuid>,
    tags: Vec<Uuid>,
    deals: Vec<Uuid>,
    /// When the first memo was written.
    begun: DateTime<Utc>,
    /// The time from one memo to the next.
    gap: TimeDelta,
}

impl Office {
    /// One of the items, for any number.
    fn pick(list: &[Uuid], index: usize) -> Uuid {
        list.get(index % list.len()).copied().unwrap_or_default()
    }

    fn person(&self, index: usize) -> Uuid {
        Self::pick(&self.people, index)
    }
}

/// Fills an empty database.
///
/// # Errors
/// The error of the database.
pub(crate) async fn fill(database: &Database, options: &Options) -> Result<Content> {
    let office = found(database, options.memos).await?;
    let mut memos = Vec::with_capacity(options.memos);
    for first in (0..options.memos).step_by(CHUNK) {
        let mut rows = Rows::default();
        for index in first..(first + CHUNK).min(options.memos) {
            memos.push(memo::write(&office, index, &mut rows));
        }
        rows.insert(database).await?;
    }
    let discussed = if options.wants(Part::Discussion) {
        discussion::write(database, &office, options.memos).await?
    } else {
        Vec::new()
    };
    service::memos::index_stale(database, None).await?;
    gather_statistics(database).await?;
    Ok(Content { people: office.people, memos, discussed })
}

/// Gathers statistics for the planner. PostgreSQL also cleans up, which it would otherwise do
/// during the measurement. The tables of deletions are left out, as on every new installation: with
/// statistics that say they are empty, the planner would scan them.
async fn gather_statistics(database: &Database) -> Result<()> {
    let sql = if database.backend() == DbBackend::Postgres {
        "VACUUM (ANALYZE) users, tags, deals, tasks, task_members, memo_ids, memos, memo_search, \
         memo_subscribers, memo_tags, comments, reminders, blobs, \
         files, memo_files, task_files"
    } else {
        "ANALYZE"
    };
    database.connection().execute_unprepared(sql).await?;
    Ok(())
}

/// People, tags and deals.
async fn found(database: &Database, memos: usize) -> Result<Office> {
    let begun = SystemClock.now() - TimeDelta::days(365);
    let gap = TimeDelta::days(360) / i32::try_from(memos).unwrap_or(i32::MAX);
    let ids = |number: usize| -> Vec<Uuid> {
        (0..number).map(|_| new_id(begun, &SystemRandomness)).collect()
    };
    let office = Office { people: ids(PEOPLE), tags: ids(TAGS), deals: ids(DEALS), begun, gap };
    let people = office.people.iter().enumerate().map(|(index, id)| user::Model {
        id: *id,
        username: format!("person.{index}"),
        full_name: format!("Person Number {index}"),
        email: format!("person.{index}@example.org"),
        role: UserRole::Member,
        active: true,
        created_at: begun,
        search_name: service::people::search_name(
            &format!("Person Number {index}"),
            &format!("person.{index}"),
        ),
    });
    let tags = office
        .tags
        .iter()
        .enumerate()
        .map(|(index, id)| tag::Model { id: *id, name: format!("Tag {index}") });
    let deals = office.deals.iter().enumerate().map(|(index, id)| deal::Model {
        id: *id,
        name: format!("Deal {index}"),
        stage: entity::WorkStage::InProgress,
        due_date: None,
        created_at: begun,
    });
    let transaction = database.connection().begin().await?;
    insert(&transaction, people).await?;
    insert(&transaction, tags).await?;
    insert(&transaction, deals).await?;
    transaction.commit().await?;
    Ok(office)
}
