//! What a list reads along with its memos: the things that are linked to them, so that a page needs
//! no further statement.

use crate::{
    Error, Result, Services, Viewer,
    access::sees_work,
    database::{
        FromColumns,
        sql::{column_names_as, ids_column, ids_of},
    },
    directory::{Rows, VERSION},
    memos::losses::Losses,
    sign_in_check::SIGN_IN_CHANGES,
};
use entity::{deal, memo, project, resolution, tag, task, user};
use sea_orm::{DbBackend, QueryResult};
use std::sync::Arc;
use uuid::Uuid;

/// Which linked things are read along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is one question of the client")]
pub struct WantedLinks {
    /// Author and recipient.
    pub parties: bool,
    /// The subscribers.
    pub subscribers: bool,
    /// The tags.
    pub tags: bool,
    /// The task, if the viewer sees it.
    pub task: bool,
    /// The project, if the viewer sees it.
    pub project: bool,
    /// The deal.
    pub deal: bool,
    /// The resolution.
    pub resolution: bool,
    /// Whether the viewer subscribes to the memo.
    pub subscribed: bool,
    /// Whether the viewer has not read the memo.
    pub unread: bool,
    /// What would be lost with the memo.
    pub losses: bool,
}

/// What is linked to a memo, as far as it was read along. `None` means that it was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoLinks {
    /// The author.
    pub author: Option<Arc<user::Model>>,
    /// The recipient.
    pub recipient: Option<Arc<user::Model>>,
    /// The subscribers, sorted by id.
    pub subscribers: Option<Vec<Arc<user::Model>>>,
    /// The tags, sorted by name.
    pub tags: Option<Vec<Arc<tag::Model>>>,
    /// The task, if there is one that the viewer sees.
    pub task: Option<Option<task::Model>>,
    /// The project, if there is one that the viewer sees.
    pub project: Option<Option<project::Model>>,
    /// The deal, if there is one.
    pub deal: Option<Option<Arc<deal::Model>>>,
    /// The resolution, if there is one.
    pub resolution: Option<Option<Arc<resolution::Model>>>,
    /// Whether the viewer subscribes to the memo.
    pub subscribed: Option<bool>,
    /// Whether the viewer has not read the memo.
    pub unread: Option<bool>,
    /// What would be lost with the memo.
    pub losses: Option<Losses>,
}

/// The prefix of a task's columns.
const TASK: &str = "task__";
/// The prefix of a project's columns.
const PROJECT: &str = "project__";

impl WantedLinks {
    /// The page with the columns that it needs. `page` is the statement that reads the memos, and
    /// `order` the columns by which they are sorted; `person` is the viewer's placeholder. An empty
    /// page has one row without a memo, since that row also confirms the viewer's access. `now` is
    /// the current time's placeholder.
    pub(super) fn around(
        self,
        backend: DbBackend,
        viewer: Viewer,
        [person, now]: [&str; 2],
        page: &str,
        order: &str,
    ) -> String {
        let (mut columns, mut joins) = (String::new(), String::new());
        let mut add = |column: &str| {
            columns.push_str(", ");
            columns.push_str(column);
        };
        let linked = |table: &str, column: &str, name: &str| {
            let ids = ids_column(backend, &format!("l.{column}"));
            format!("(SELECT {ids} FROM {table} l WHERE l.memo_id = page.id) AS {name}")
        };
        let of_viewer = |table: &str, name: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {table} l WHERE l.memo_id = page.id AND l.user_id = \
                 {person}) AS {name}"
            )
        };
        if self.subscribers {
            add(&linked("memo_subscribers", "user_id", "subscriber_ids"));
        }
        if self.tags {
            add(&linked("memo_tags", "tag_id", "tag_ids"));
        }
        if self.subscribed {
            add(&of_viewer("memo_subscribers", "viewer_subscribes"));
        }
        if self.unread {
            add(&of_viewer("unread_marks", "viewer_has_not_read"));
        }
        if self.losses {
            add(&Losses::columns("page", person, now));
        }
        let is_chief = if viewer.is_chief() { "TRUE" } else { "FALSE" };
        for (wanted, work, names) in [
            (self.task, "task", column_names_as::<task::Entity>("task.", TASK)),
            (self.project, "project", column_names_as::<project::Entity>("project.", PROJECT)),
        ] {
            if wanted {
                add(&names);
                let sees = sees_work(work, work, person, is_chief);
                joins.push_str(&format!(
                    " LEFT JOIN {work}s AS {work} ON {work}.id = page.{work}_id AND {sees}"
                ));
            }
        }
        add(SIGN_IN_CHANGES);
        add(&format!("{VERSION} AS directory_version"));
        format!(
            "WITH page AS MATERIALIZED ({page})
            SELECT page.*{columns}
            FROM (SELECT 1) AS answer LEFT JOIN page ON TRUE{joins}
            ORDER BY {order}"
        )
    }

    /// Reads the links of the page's memos.
    pub(super) async fn read(
        self,
        services: &Services,
        rows: &[QueryResult],
        memos: &[&memo::Model],
    ) -> Result<Vec<MemoLinks>> {
        let Some(first) = rows.first().filter(|_| self != Self::default()) else {
            return Ok(vec![MemoLinks::default(); rows.len()]);
        };
        let directory = &services.directory;
        let connection = services.database.connection();
        let version = first.try_get("", "directory_version")?;
        let ids = |wanted, column| linked_ids(rows, wanted, column);
        let subscribers = ids(self.subscribers, "subscriber_ids")?;
        let tags = ids(self.tags, "tag_ids")?;
        let parties = memos.iter().flat_map(|memo| [memo.author_id, memo.recipient_id]);
        let parties = parties.filter(|_| self.parties);
        let people = parties.chain(subscribers.iter().flatten().copied());
        let people: Rows<user::Model> =
            directory.find::<user::Entity, _>(connection, version, people).await?;
        let known_tags = tags.iter().flatten().copied();
        let known_tags = directory.find::<tag::Entity, _>(connection, version, known_tags).await?;
        let deals = memos.iter().filter_map(|memo| memo.deal_id.filter(|_| self.deal));
        let deals = directory.find::<deal::Entity, _>(connection, version, deals).await?;
        let resolutions = memos.iter().filter_map(|memo| memo.resolution_id);
        let resolutions = resolutions.filter(|_| self.resolution);
        let resolutions =
            directory.find::<resolution::Entity, _>(connection, version, resolutions).await?;
        let party = |id: &Uuid| -> Result<Option<Arc<user::Model>>> {
            if !self.parties {
                return Ok(None);
            }
            let person = people.get(id).cloned();
            Ok(Some(person.ok_or_else(|| Error::Inconsistent(format!("there is no user {id}")))?))
        };
        let flag = |row: &QueryResult, wanted: bool, column: &str| -> Result<Option<bool>> {
            Ok(wanted.then(|| row.try_get("", column)).transpose()?)
        };
        let of_memo = |(n, (row, memo)): (usize, (&QueryResult, &&memo::Model))| {
            let of = |ids: &[Vec<Uuid>]| ids.get(n).cloned().unwrap_or_default();
            let subscribers = self.subscribers.then(|| {
                let mut ids = of(&subscribers);
                ids.sort_unstable();
                ids.iter().filter_map(|id| people.get(id).cloned()).collect()
            });
            let tags = self.tags.then(|| {
                let ids = of(&tags);
                let mut tags: Vec<_> =
                    ids.iter().filter_map(|id| known_tags.get(id).cloned()).collect();
                tags.sort_unstable_by(|a, b| a.name.cmp(&b.name));
                tags
            });
            let work = (self.task, self.project);
            Ok(MemoLinks {
                author: party(&memo.author_id)?,
                recipient: party(&memo.recipient_id)?,
                subscribers,
                tags,
                task: work.0.then(|| task::Model::read_joined(row, TASK)).transpose()?,
                project: work.1.then(|| project::Model::read_joined(row, PROJECT)).transpose()?,
                deal: self.deal.then(|| deals.get(&memo.deal_id?).cloned()),
                resolution: self.resolution.then(|| resolutions.get(&memo.resolution_id?).cloned()),
                subscribed: flag(row, self.subscribed, "viewer_subscribes")?,
                unread: flag(row, self.unread, "viewer_has_not_read")?,
                losses: self.losses.then(|| Losses::of_row(row)).transpose()?,
            })
        };
        rows.iter().zip(memos).enumerate().map(of_memo).collect()
    }
}

/// The linked ids of each row. Empty if they are not wanted.
fn linked_ids(rows: &[QueryResult], wanted: bool, column: &str) -> Result<Vec<Vec<Uuid>>> {
    if !wanted {
        return Ok(Vec::new());
    }
    rows.iter().map(|row| ids_of(row, column)).collect()
}
