//! A memo and its belongings, as one person may see them.

use super::{
    contents::Holders,
    select::Reads,
    statement::belongings_statement,
    table::{Belonging, KeptReason, Linked, Parser, Pointer, Source, TABLE},
};
use crate::{
    Result, Services, Viewer,
    access::MemoState,
    database::{id_list, sql::ids_of},
    directory::{Directory, Rows},
};
use chrono::{DateTime, Utc};
use entity::{deal, memo, resolution, tag, user};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, QueryResult, Value};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which memo's belongings are read.
#[derive(Clone, Copy)]
pub(in crate::memo_deletion) enum Whose<'a> {
    /// Those of a live memo.
    Memo,
    /// Those of a deleted memo. Its record knows which files stay.
    Record {
        /// The files that stay and why, in the form in which the record stores it.
        kept_files: &'a serde_json::Value,
    },
    /// Those of a deleted memo that is to be erased. It matters which files stay now.
    Erasure,
}

/// Which comments are read, since there may be many.
#[derive(Debug, Clone, Copy)]
pub(in crate::memo_deletion) struct CommentsWindow {
    /// Those after this one.
    pub(in crate::memo_deletion) after: Uuid,
    /// At most this number of comments.
    pub(in crate::memo_deletion) limit: i64,
}

impl CommentsWindow {
    /// No comments.
    pub(in crate::memo_deletion) const NONE: Self = Self { after: Uuid::nil(), limit: 0 };
}

/// A thing that belongs to a memo, or the other end of a link.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) id: Uuid,
    /// Its name, or the beginning of its text.
    pub(super) label: String,
    /// Whether the viewer may know which thing it is.
    pub(super) is_visible: bool,
    /// Whether the memo has a link to it that goes. There is no link to author and recipient.
    pub(super) is_linked: bool,
    /// What else is known of it.
    detail: Detail,
}

/// What is known of things of some kinds only.
#[derive(Debug, Clone)]
enum Detail {
    /// Nothing else.
    None,
    /// Of a reminder.
    Reminder {
        /// The person whom it reminds.
        person: Uuid,
        /// Whether it is due later and not dismissed.
        is_to_come: bool,
    },
    /// Of a file.
    File(FileFacts),
}

/// The facts that decide whether a file goes, and how many bytes go with it.
#[derive(Debug, Clone)]
struct FileFacts {
    /// Why it stays; `None` if it goes.
    kept_reason: Option<KeptReason>,
    content: String,
    /// In bytes.
    size: i64,
    /// Whether another file has the same content.
    is_shared: bool,
}

impl Thing {
    fn new(id: Uuid, label: String, is_visible: bool) -> Self {
        Self { id, label, is_visible, is_linked: true, detail: Detail::None }
    }

    /// Why a file stays. `None` if it goes, and for everything that is not a file.
    pub(super) fn kept_reason(&self) -> Option<KeptReason> {
        self.file()?.kept_reason
    }

    fn file(&self) -> Option<&FileFacts> {
        match &self.detail {
            Detail::File(file) => Some(file),
            Detail::None | Detail::Reminder { .. } => None,
        }
    }
}

/// A memo and its belongings, as one person may see them.
#[derive(Debug, Clone)]
pub(in crate::memo_deletion) struct Belongings {
    pub(in crate::memo_deletion) memo: memo::Model,
    /// For each row of the table its things, ordered by id, without duplicates.
    things: Vec<Vec<Thing>>,
    /// All people among them, and those whom reminders remind.
    people: Rows<user::Model>,
}

impl Belongings {
    /// The things of a row of the table.
    pub(super) fn of_row(&self, row: usize) -> &[Thing] {
        self.things.get(row).map_or(&[], Vec::as_slice)
    }

    /// The rows of the table with those sources, each with its things.
    fn rows(
        &self,
        wanted: fn(&Source) -> bool,
    ) -> impl Iterator<Item = (&'static Belonging, &Vec<Thing>)> {
        TABLE.iter().zip(&self.things).filter(move |(row, _)| wanted(&row.source))
    }

    /// All people whom the directory must know: those among the things, and those whom reminders
    /// remind.
    fn people_ids(&self) -> impl Iterator<Item = Uuid> {
        let linked = self
            .rows(|source| matches!(source, Source::Links(_, Linked::Subscriber | Linked::Unread)));
        let linked = linked.flat_map(|(_, people)| people).map(|person| person.id);
        linked.chain(self.all().filter_map(|thing| match thing.detail {
            Detail::Reminder { person, .. } => Some(person),
            Detail::None | Detail::File(_) => None,
        }))
    }

    fn all(&self) -> impl Iterator<Item = &Thing> {
        self.things.iter().flatten()
    }

    fn files(&self) -> impl Iterator<Item = (&Thing, &FileFacts)> {
        self.all().filter_map(|thing| Some((thing, thing.file()?)))
    }

    /// Whether that person subscribes to the memo.
    pub(in crate::memo_deletion) fn is_subscriber(&self, person: Uuid) -> bool {
        let people = self.rows(|source| matches!(source, Source::Links(_, Linked::Subscriber)));
        people.flat_map(|(_, people)| people).any(|one| one.is_linked && one.id == person)
    }

    /// The name of the recipient, if they are not active any more.
    pub(in crate::memo_deletion) fn inactive_recipient(&self) -> Option<String> {
        let recipient = self.people.get(&self.memo.recipient_id)?;
        (!recipient.active).then(|| recipient.full_name.clone())
    }

    /// How many future reminders other people have. Only active people who see the memo count.
    pub(in crate::memo_deletion) fn others_reminders(&self) -> u64 {
        count(self.all().filter(|thing| match thing.detail {
            // A reminder is visible to its own person alone.
            Detail::Reminder { person, is_to_come } => {
                is_to_come && !thing.is_visible && self.is_seen_by(person)
            }
            Detail::None | Detail::File(_) => false,
        }))
    }

    /// Whether that person is active and sees the memo.
    fn is_seen_by(&self, person: Uuid) -> bool {
        self.people.get(&person).is_some_and(|row| {
            let person = Viewer { id: person, role: row.role };
            let state = MemoState::of(&self.memo, person, self.is_subscriber(person.id));
            row.active && state.access().is_visible()
        })
    }

    /// The files that the memo has.
    pub(in crate::memo_deletion) fn file_ids(&self) -> impl Iterator<Item = Uuid> {
        self.files().map(|(thing, _)| thing.id)
    }

    /// Each file that goes, its content, and its size in bytes.
    pub(in crate::memo_deletion) fn going_files(&self) -> impl Iterator<Item = (Uuid, &str, i64)> {
        let going = self.files().filter(|(_, file)| file.kept_reason.is_none());
        going.map(|(thing, file)| (thing.id, file.content.as_str(), file.size))
    }

    /// Keeps those of the files that go which another memo of the selection has and keeps.
    pub(in crate::memo_deletion) fn keep_shared(&mut self, is_kept: impl Fn(Uuid) -> bool) {
        for thing in self.things.iter_mut().flatten() {
            if let Detail::File(file) = &mut thing.detail
                && file.kept_reason.is_none()
                && is_kept(thing.id)
            {
                file.kept_reason = Some(KeptReason::AttachedToAnotherMemo);
            }
        }
    }

    /// How many files go.
    pub(in crate::memo_deletion) fn files_that_go(&self) -> u64 {
        count(self.files().filter(|(_, file)| file.kept_reason.is_none()))
    }

    /// Whether another file has the content of a file that goes. Then `bytes_freed` needs to know
    /// how many.
    pub(in crate::memo_deletion) fn shares_contents(&self) -> bool {
        self.files().any(|(_, file)| file.is_shared && file.kept_reason.is_none())
    }

    /// How many bytes the purge will remove. The content of each file that goes counts once, unless
    /// another file has the same content and stays. `holders` counts the files that have the shared
    /// contents.
    pub(in crate::memo_deletion) fn bytes_freed(&self, holders: &Holders) -> i64 {
        let mut going: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for (_, file) in self.files().filter(|(_, file)| file.kept_reason.is_none()) {
            going.entry(&file.content).or_insert((file.size, 0)).1 += 1;
        }
        going
            .into_iter()
            .filter(|(content, (_, files))| holders.get(*content).is_none_or(|all| all == files))
            .map(|(_, (size, _))| size)
            .sum()
    }

    /// The files that stay and why, in the form in which the record stores it.
    ///
    /// # Errors
    /// [`crate::Error::Json`] in theory only, since the reasons are strings.
    pub(in crate::memo_deletion) fn kept_files(&self) -> Result<serde_json::Value> {
        let mut kept = serde_json::Map::new();
        for (thing, file) in self.files() {
            if let Some(reason) = file.kept_reason {
                kept.insert(thing.id.simple().to_string(), serde_json::to_value(reason)?);
            }
        }
        Ok(kept.into())
    }

    /// Takes the reasons why files stay from a record.
    fn keep(&mut self, kept_files: &serde_json::Value) -> Result<()> {
        for thing in self.things.iter_mut().flatten() {
            let reason = kept_files.get(thing.id.simple().to_string());
            if let Detail::File(file) = &mut thing.detail {
                file.kept_reason = reason.cloned().map(serde_json::from_value).transpose()?;
            }
        }
        Ok(())
    }
}

/// How many things there are.
pub(super) fn count<T>(things: impl IntoIterator<Item = T>) -> u64 {
    u64::try_from(things.into_iter().count()).unwrap_or(u64::MAX)
}

/// Reads a memo with its belongings. `None` if there is no such memo. The rules decide whether the
/// viewer may see it.
///
/// # Errors
/// Returns errors of the database.
pub(in crate::memo_deletion) async fn read<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    whose: Whose<'_>,
    now: DateTime<Utc>,
    comments: CommentsWindow,
) -> Result<Option<Belongings>> {
    let backend = connection.get_database_backend();
    let reads = match whose {
        Whose::Memo => Reads::Live,
        Whose::Record { .. } => Reads::Deleted,
        Whose::Erasure => Reads::Erased,
    };
    let values = values(memo_id.into(), viewer, now, comments);
    let row = connection.query_one_raw(belongings_statement(backend, reads, &values)).await?;
    services.sign_in.confirm(row.as_ref())?;
    let rows: Vec<QueryResult> = row.into_iter().collect();
    let mut found = belongings(connection, &services.directory, viewer, &rows).await?;
    let Some(mut belongings) = found.pop() else { return Ok(None) };
    if let Whose::Record { kept_files } = whose {
        belongings.keep(kept_files)?;
    }
    Ok(Some(belongings))
}

/// Reads several live memos with their belongings, ordered by id. Memos that do not exist are left
/// out. A file that only these memos have goes with each of them, until
/// [`Belongings::keep_shared`] keeps it. The rules decide which of the memos the viewer may see.
///
/// # Errors
/// Returns errors of the database.
pub(in crate::memo_deletion) async fn read_selection<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
    comments: CommentsWindow,
) -> Result<Vec<Belongings>> {
    let backend = connection.get_database_backend();
    let values = values(id_list(backend, memo_ids), viewer, now, comments);
    let asked = belongings_statement(backend, Reads::Selection, &values);
    let rows = connection.query_all_raw(asked).await?;
    services.sign_in.confirm(rows.first())?;
    let mut selection = belongings(connection, &services.directory, viewer, &rows).await?;
    selection.sort_unstable_by_key(|belongings| belongings.memo.id);
    Ok(selection)
}

/// The values of the statement's parameters.
fn values(
    memos: Value,
    viewer: Viewer,
    now: DateTime<Utc>,
    comments: CommentsWindow,
) -> [(&'static str, Value); 6] {
    [
        ("memo_id", memos),
        ("viewer", viewer.id.into()),
        ("is_chief", viewer.is_chief().into()),
        ("now", now.into()),
        ("after", comments.after.into()),
        ("limit", comments.limit.into()),
    ]
}

/// The belongings in rows of one statement. All names are looked up at once.
async fn belongings<C: ConnectionTrait>(
    connection: &C,
    directory: &Directory,
    viewer: Viewer,
    rows: &[QueryResult],
) -> Result<Vec<Belongings>> {
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let version = first.try_get("", "directory_version")?;
    let backend = connection.get_database_backend();
    let read = |row| Read { backend, viewer, row }.belongings();
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let known = Known::find(connection, directory, version, &found).await?;
    for belongings in &mut found {
        known.name(belongings);
    }
    Ok(found)
}

/// A row of the statement, as the viewer's.
struct Read<'a> {
    backend: DbBackend,
    viewer: Viewer,
    row: &'a QueryResult,
}

impl Read<'_> {
    /// The belongings. What the directory knows still lacks its names.
    fn belongings(&self) -> Result<Belongings> {
        let memo = memo::Model::from_query_result(self.row, "")?;
        let things = TABLE.iter().map(|row| self.things(row, &memo)).collect::<Result<_>>()?;
        Ok(Belongings { memo, things, people: Rows::default() })
    }

    /// The things of a row of the table. Those of the directory still lack their names.
    fn things(&self, belonging: &Belonging, memo: &memo::Model) -> Result<Vec<Thing>> {
        let name = belonging.name;
        let nameless = |id, is_visible| Thing::new(id, String::new(), is_visible);
        Ok(match belonging.source {
            Source::Itself => vec![Thing::new(memo.id, memo.name.clone(), true)],
            Source::Links(_, linked) => {
                let ids = ids_of(self.backend, self.row, name)?.into_iter();
                let is_visible = |id| linked != Linked::Unread || id == self.viewer.id;
                let links = ids.map(|id| nameless(id, is_visible(id)));
                let parties = [memo.author_id, memo.recipient_id].into_iter();
                let parties = parties.filter(|_| linked == Linked::Subscriber);
                links
                    .chain(parties.map(|id| Thing { is_linked: false, ..nameless(id, true) }))
                    .collect()
            }
            Source::Pointer(id, _) => id(memo).into_iter().map(|id| nameless(id, true)).collect(),
            Source::Work(id) => {
                let label: Option<String> = self.row.try_get("", &format!("{name}_name"))?;
                let sees: Option<bool> = self.row.try_get("", &format!("viewer_sees_{name}"))?;
                let work = id(memo).zip(label).into_iter();
                work.map(|(id, label)| Thing::new(id, label, sees == Some(true))).collect()
            }
            Source::Page(..) => self.parse(Parser::Comment, name)?,
            Source::Rows(_, parser) => self.parse(parser, name)?,
        })
    }

    fn parse(&self, parser: Parser, column: &str) -> Result<Vec<Thing>> {
        Ok(match parser {
            Parser::Comment => rows::<(Uuid, String)>(self.row, column)?
                .into_iter()
                .map(|(id, label)| Thing::new(id, label, true))
                .collect(),
            Parser::Reminder => rows::<(Uuid, String, Uuid, u8)>(self.row, column)?
                .into_iter()
                .map(|(id, label, person, to_come)| Thing {
                    detail: Detail::Reminder { person, is_to_come: to_come != 0 },
                    ..Thing::new(id, label, person == self.viewer.id)
                })
                .collect(),
            Parser::File => {
                rows::<(Uuid, String, Option<KeptReason>, String, i64, u8)>(self.row, column)?
                    .into_iter()
                    .map(|(id, label, kept_reason, content, size, shared)| Thing {
                        detail: Detail::File(FileFacts {
                            kept_reason,
                            content,
                            size,
                            is_shared: shared != 0,
                        }),
                        ..Thing::new(id, label, true)
                    })
                    .collect()
            }
        })
    }
}

/// A column's JSON array. An empty list if there are no rows.
fn rows<T: DeserializeOwned>(row: &QueryResult, column: &str) -> Result<Vec<T>> {
    match row.try_get::<Option<String>>("", column)? {
        Some(json) => Ok(serde_json::from_str(&json)?),
        None => Ok(Vec::new()),
    }
}

/// The rows of the directory to which the things of a memo refer.
struct Known {
    people: Rows<user::Model>,
    tags: Rows<tag::Model>,
    deals: Rows<deal::Model>,
    resolutions: Rows<resolution::Model>,
}

impl Known {
    async fn find<C: ConnectionTrait>(
        connection: &C,
        directory: &Directory,
        version: i64,
        found: &[Belongings],
    ) -> Result<Self> {
        let (mut people, mut tags) = (Vec::new(), Vec::new());
        for belongings in found {
            people.extend(belongings.people_ids());
            for (_, things) in
                belongings.rows(|source| matches!(source, Source::Links(_, Linked::Tag)))
            {
                tags.extend(things.iter().map(|thing| thing.id));
            }
        }
        let deals = found.iter().filter_map(|belongings| belongings.memo.deal_id);
        let resolutions = found.iter().filter_map(|belongings| belongings.memo.resolution_id);
        Ok(Self {
            people: directory.find::<user::Entity, C>(connection, version, people).await?,
            tags: directory.find::<tag::Entity, C>(connection, version, tags).await?,
            deals: directory.find::<deal::Entity, C>(connection, version, deals).await?,
            resolutions: directory
                .find::<resolution::Entity, C>(connection, version, resolutions)
                .await?,
        })
    }

    /// Gives the things their names. A thing that somebody has deleted since the statement is left
    /// out.
    fn name(&self, belongings: &mut Belongings) {
        let ids = belongings.people_ids();
        belongings.people =
            ids.filter_map(|id| Some((id, self.people.get(&id)?.clone()))).collect();
        for (belonging, things) in TABLE.iter().zip(&mut belongings.things) {
            if matches!(belonging.source, Source::Links(..) | Source::Pointer(..)) {
                things.retain_mut(|thing| {
                    self.name_of(belonging, thing.id).is_some_and(|name| {
                        thing.label.clone_from(name);
                        true
                    })
                });
            }
            // The author or recipient may subscribe too. They have a link then, so the linked entry
            // is kept.
            things.sort_unstable_by_key(|thing| (thing.id, !thing.is_linked));
            things.dedup_by_key(|thing| thing.id);
        }
    }

    fn name_of(&self, belonging: &Belonging, id: Uuid) -> Option<&String> {
        match belonging.source {
            Source::Links(_, Linked::Subscriber | Linked::Unread) => {
                Some(&self.people.get(&id)?.full_name)
            }
            Source::Links(_, Linked::Tag) => Some(&self.tags.get(&id)?.name),
            Source::Pointer(_, Pointer::Deal) => Some(&self.deals.get(&id)?.name),
            Source::Pointer(_, Pointer::Resolution) => Some(&self.resolutions.get(&id)?.name),
            Source::Itself | Source::Work(_) | Source::Rows(..) | Source::Page(..) => None,
        }
    }
}
