//! Reads what belongs to a memo, live or deleted, in one statement. One text serves preview,
//! deletion, record and every page of their lists.

use super::KeptReason;
use crate::{
    Result, Viewer,
    access::{is_chief, sees_memo, sees_work},
    database::sql::{id_text, json_array, json_rows, statement},
};
use chrono::{DateTime, Utc};
use entity::memo;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, QueryResult};
use serde::de::DeserializeOwned;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};
use uuid::Uuid;

/// Whose belongings are read.
#[derive(Clone, Copy)]
pub(in crate::memo_deletion) enum Whose<'a> {
    /// Those of a memo.
    Memo,
    /// Those of a deleted memo, whose record says which files stay.
    Record {
        /// The files that stay and why, as the record stores it.
        kept_files: &'a serde_json::Value,
    },
}

/// Which comments are read, of which there may be many.
#[derive(Debug, Clone, Copy)]
pub(in crate::memo_deletion) struct CommentsWindow {
    /// Those after this one.
    pub(in crate::memo_deletion) after: Uuid,
    /// At most so many.
    pub(in crate::memo_deletion) limit: i64,
}

impl CommentsWindow {
    /// None at all.
    pub(in crate::memo_deletion) const NONE: Self = Self { after: Uuid::nil(), limit: 0 };
}

/// A thing that goes or stays with a memo; or the other end of a link that goes.
#[derive(Debug, Clone)]
pub(in crate::memo_deletion) struct Thing {
    pub(super) id: Uuid,
    /// Its name or beginning.
    pub(super) label: String,
    /// Whether the viewer may know which thing it is.
    pub(super) is_visible: bool,
    /// Why a file stays; `None` if it goes.
    pub(super) kept_reason: Option<KeptReason>,
}

impl Thing {
    pub(super) fn stays(&self) -> bool {
        self.kept_reason.is_some()
    }
}

/// A reminder.
#[derive(Debug, Clone)]
pub(super) struct Reminder {
    pub(super) thing: Thing,
    /// Whether it will still remind somebody other than the viewer.
    reminds_another: bool,
}

/// An attached file.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) thing: Thing,
    content: String,
    /// In bytes.
    size: i64,
    /// How many files have that content, of which the viewer may know that they exist.
    holders: usize,
}

/// A memo and what belongs to it, as one person may see it.
#[derive(Debug, Clone)]
pub(in crate::memo_deletion) struct Belongings {
    pub(in crate::memo_deletion) memo: memo::Model,
    pub(super) itself: Thing,
    /// Author and recipient.
    parties: Vec<Thing>,
    pub(super) subscribers: Vec<Thing>,
    pub(super) tags: Vec<Thing>,
    pub(super) task: Vec<Thing>,
    pub(super) project: Vec<Thing>,
    pub(super) deal: Vec<Thing>,
    pub(super) resolution: Vec<Thing>,
    /// Those of the window.
    pub(super) comments: Vec<Thing>,
    pub(super) reminders: Vec<Reminder>,
    /// Who has not read it.
    pub(super) unread: Vec<Thing>,
    pub(super) files: Vec<File>,
}

impl Belongings {
    /// Author, recipient and subscribers, each once.
    pub(super) fn people(&self) -> Vec<&Thing> {
        let mut seen = BTreeSet::new();
        self.parties
            .iter()
            .chain(&self.subscribers)
            .filter(|person| seen.insert(person.id))
            .collect()
    }

    pub(in crate::memo_deletion) fn is_subscriber(&self, person: Uuid) -> bool {
        self.subscribers.iter().any(|subscriber| subscriber.id == person)
    }

    /// How many reminders of other people are still to come: of those who are active and see the
    /// memo.
    pub(in crate::memo_deletion) fn others_reminders(&self) -> u64 {
        let others = self.reminders.iter().filter(|reminder| reminder.reminds_another);
        u64::try_from(others.count()).unwrap_or(u64::MAX)
    }

    /// How many files go.
    pub(in crate::memo_deletion) fn files_that_go(&self) -> u64 {
        let going = self.files.iter().filter(|file| !file.thing.stays());
        u64::try_from(going.count()).unwrap_or(u64::MAX)
    }

    /// Size in bytes of what the purge will remove: contents of the files that go, each once, but
    /// for those that another file shares.
    pub(in crate::memo_deletion) fn bytes_freed(&self) -> i64 {
        let mut contents: BTreeMap<&str, (i64, usize, usize)> = BTreeMap::new();
        for file in self.files.iter().filter(|file| !file.thing.stays()) {
            contents.entry(&file.content).or_insert((file.size, file.holders, 0)).2 += 1;
        }
        contents
            .values()
            .filter(|(_, holders, going)| going == holders)
            .map(|(size, ..)| size)
            .sum()
    }

    /// The files that stay and why, as the record stores it.
    ///
    /// # Errors
    /// [`crate::Error::Json`]; never, since reasons are words.
    pub(in crate::memo_deletion) fn kept_files(&self) -> Result<serde_json::Value> {
        let mut kept = serde_json::Map::new();
        for Thing { id, kept_reason, .. } in self.files.iter().map(|file| &file.thing) {
            if let Some(reason) = kept_reason {
                kept.insert(id.simple().to_string(), serde_json::to_value(reason)?);
            }
        }
        Ok(kept.into())
    }
}

/// Reads a memo with what belongs to it; `None` if there is none. Whether the viewer may see it,
/// the rules say.
///
/// # Errors
/// What the database answers.
pub(in crate::memo_deletion) async fn read<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_id: Uuid,
    whose: Whose<'_>,
    now: DateTime<Utc>,
    comments: CommentsWindow,
) -> Result<Option<Belongings>> {
    let backend = connection.get_database_backend();
    let values = [
        memo_id.into(),
        viewer.id.into(),
        viewer.is_chief().into(),
        now.into(),
        comments.after.into(),
        comments.limit.into(),
    ];
    let row = connection.query_one_raw(statement(backend, text(backend, whose), values)).await?;
    let Some(mut belongings) = row.as_ref().map(from_row).transpose()? else { return Ok(None) };
    if let Whose::Record { kept_files } = whose {
        for file in &mut belongings.files {
            let reason = kept_files.get(file.thing.id.simple().to_string());
            file.thing.kept_reason = reason.cloned().map(serde_json::from_value).transpose()?;
        }
    }
    Ok(Some(belongings))
}

/// Where else a file `f` of the memo `m` is used; null if nowhere: then it goes with the memo.
/// Deleted memos do not count.
const WHERE_ELSE_USED: &str = "CASE
        WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = f.id) THEN 'TRANSFERRED_TO_TASK'
        WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = f.id) THEN \
    'TRANSFERRED_TO_PROJECT'
        WHEN EXISTS (SELECT 1 FROM memo_files o JOIN memos n ON n.id = o.memo_id
            WHERE o.file_id = f.id AND o.memo_id <> m.id) THEN 'ATTACHED_TO_ANOTHER_MEMO' END";

/// Whether a file `o` counts for the viewer `$2`: it is theirs, or a task's or a project's, or a
/// sent memo's, deleted or not. What only drafts of others have does not exist, not even as a
/// number.
const KNOWN_TO_EXIST: &str = "o.uploaded_by = $2
        OR EXISTS (SELECT 1 FROM task_files y WHERE y.file_id = o.id)
        OR EXISTS (SELECT 1 FROM project_files y WHERE y.file_id = o.id)
        OR EXISTS (SELECT 1 FROM memo_files y JOIN memos n ON n.id = y.memo_id
            WHERE y.file_id = o.id AND NOT n.draft)
        OR EXISTS (SELECT 1 FROM memo_files y JOIN deleted_memos n ON n.id = y.memo_id
            WHERE y.file_id = o.id AND NOT n.draft)";

/// Raises the revision of every other memo that has a file of the memo `$1`: when that one is
/// deleted or restored, the deletion of the others takes the file along, or does not any more.
pub(in crate::memo_deletion) const REVISE_SHARING: &str = "UPDATE memos SET revision = revision + \
    1 WHERE id IN \
    (SELECT o.memo_id FROM memo_files x JOIN memo_files o ON o.file_id = x.file_id \
     WHERE x.memo_id = $1 AND o.memo_id <> $1)";

/// The statement: `$1` the memo, `$2` the viewer, `$3` whether they are a chief, `$4` the present
/// moment, `$5` and `$6` the comments' window. Each belonging is one column, a JSON array of
/// arrays.
fn text(backend: DbBackend, whose: Whose<'_>) -> &'static str {
    static TEXTS: [OnceLock<String>; 4] = [const { OnceLock::new() }; 4];
    let deleted = matches!(whose, Whose::Record { .. });
    let index = usize::from(backend == DbBackend::Postgres) | usize::from(deleted) << 1;
    TEXTS.get(index).map_or("", |text| text.get_or_init(|| write(backend, deleted)))
}

fn write(backend: DbBackend, deleted: bool) -> String {
    let things = |row: &str| json_rows(backend, &json_array(backend, row));
    let named = |name: &str| things(&format!("{}, {name}, 1", id_text(backend, "t.id")));
    let work = |work: &str| {
        let sees = sees_work(work, "t", "$2", "$3");
        let row = format!("{}, t.name, CAST({sees} AS integer)", id_text(backend, "t.id"));
        format!("(SELECT {} FROM {work}s t WHERE t.id = m.{work}_id)", things(&row))
    };
    let (person, thing) = (named("t.full_name"), named("t.name"));
    let unread =
        things(&format!("{}, t.full_name, CAST(t.id = $2 AS integer)", id_text(backend, "t.id")));
    let comment = named("t.beginning");
    let reminder = things(&format!(
        "{}, substr(replace(CAST(t.due_at AS text), 'T', ' '), 1, 16) || ' UTC', \
         CAST(t.user_id = $2 AS integer), \
         CAST(u.id <> $2 AND t.due_at > $4 AND t.dismissed_at IS NULL AND u.active AND {} AS \
         integer)",
        id_text(backend, "t.id"),
        sees_memo("m", "u.id", &is_chief("u"))
    ));
    let file = things(&format!(
        "{}, f.name, {}, f.blob_sha256, f.size, \
         (SELECT count(*) FROM files o WHERE o.blob_sha256 = f.blob_sha256 \
            AND (o.id = f.id OR {KNOWN_TO_EXIST}))",
        id_text(backend, "f.id"),
        if deleted { "NULL" } else { WHERE_ELSE_USED }
    ));
    let (task, project) = (work("task"), work("project"));
    let table = if deleted { entity::deleted_memo::TABLE } else { "memos" };
    format!(
        "SELECT m.*,
    (SELECT {person} FROM users t WHERE t.id IN (m.author_id, m.recipient_id)) AS parties,
    (SELECT {person} FROM memo_subscribers x JOIN users t ON t.id = x.user_id
        WHERE x.memo_id = m.id) AS subscribers,
    (SELECT {thing} FROM memo_tags x JOIN tags t ON t.id = x.tag_id WHERE x.memo_id = m.id) AS tags,
    {task} AS task,
    {project} AS project,
    (SELECT {thing} FROM deals t WHERE t.id = m.deal_id) AS deal,
    (SELECT {thing} FROM resolutions t WHERE t.id = m.resolution_id) AS resolution,
    (SELECT {comment} FROM (SELECT c.id, substr(c.body, 1, 80) AS beginning FROM comments c
        WHERE c.memo_id = m.id AND c.id > $5 ORDER BY c.id LIMIT $6) AS t) AS comments,
    (SELECT {reminder} FROM reminders t JOIN users u ON u.id = t.user_id
        WHERE t.memo_id = m.id) AS reminders,
    (SELECT {unread} FROM unread_marks x JOIN users t ON t.id = x.user_id
        WHERE x.memo_id = m.id) AS unread,
    (SELECT {file} FROM memo_files x JOIN files f ON f.id = x.file_id WHERE x.memo_id = m.id) AS \
         files
FROM {table} m WHERE m.id = $1"
    )
}

fn from_row(row: &QueryResult) -> Result<Belongings> {
    let memo = memo::Model::from_query_result(row, "")?;
    Ok(Belongings {
        itself: Thing {
            id: memo.id,
            label: memo.name.clone(),
            is_visible: true,
            kept_reason: None,
        },
        parties: things(row, "parties")?,
        subscribers: things(row, "subscribers")?,
        tags: things(row, "tags")?,
        task: things(row, "task")?,
        project: things(row, "project")?,
        deal: things(row, "deal")?,
        resolution: things(row, "resolution")?,
        comments: things(row, "comments")?,
        reminders: column::<(Uuid, String, u8, u8)>(row, "reminders")?
            .into_iter()
            .map(|(id, label, own, reminds_another)| Reminder {
                thing: Thing { id, label, is_visible: own != 0, kept_reason: None },
                reminds_another: reminds_another != 0,
            })
            .collect(),
        unread: things(row, "unread")?,
        files: column::<(Uuid, String, Option<KeptReason>, String, i64, usize)>(row, "files")?
            .into_iter()
            .map(|(id, label, kept_reason, content, size, holders)| File {
                thing: Thing { id, label, is_visible: true, kept_reason },
                content,
                size,
                holders,
            })
            .collect(),
        memo,
    })
}

fn things(row: &QueryResult, name: &str) -> Result<Vec<Thing>> {
    let rows: Vec<(Uuid, String, u8)> = column(row, name)?;
    let thing =
        |(id, label, visible)| Thing { id, label, is_visible: visible != 0, kept_reason: None };
    Ok(rows.into_iter().map(thing).collect())
}

/// A column's JSON array; nothing where there are no rows.
fn column<T: DeserializeOwned>(row: &QueryResult, name: &str) -> Result<Vec<T>> {
    match row.try_get::<Option<String>>("", name)? {
        Some(json) => Ok(serde_json::from_str(&json)?),
        None => Ok(Vec::new()),
    }
}
