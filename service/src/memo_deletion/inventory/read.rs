//! Reads memos with their belongings. One statement reads what the database has of them; people,
//! tags, deals and resolutions come from the directory.

use super::{
    belongings::{Belongings, Detail, FileFacts, Thing},
    select::Reads,
    statement::belongings_statement,
    table::{Belonging, KeptReason, Linked, Parser, Pointer, Source, TABLE},
};
use crate::{
    Result, Services, Viewer,
    database::{FromColumns, id_list, sql::ids_of},
    directory::{Directory, Rows},
};
use chrono::{DateTime, Utc};
use entity::{deal, memo, resolution, tag, user};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::de::DeserializeOwned;
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
    let read = |row| Read { viewer, row }.belongings();
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let known = Known::find(connection, directory, version, &found).await?;
    for belongings in &mut found {
        known.name(belongings);
    }
    Ok(found)
}

/// A row of the statement, as the viewer's.
struct Read<'a> {
    viewer: Viewer,
    row: &'a QueryResult,
}

impl Read<'_> {
    /// The belongings. What the directory knows still lacks its names.
    fn belongings(&self) -> Result<Belongings> {
        let memo = memo::Model::read(self.row, "")?;
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
                let ids = ids_of(self.row, name)?.into_iter();
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
