//! A memo and its belongings, as one person may see them.

use super::{
    contents::Holders,
    table::{Belonging, KeptReason, Linked, Source, TABLE},
};
use crate::{Result, Viewer, access::MemoState, directory::Rows};
use entity::{memo, user};
use std::collections::BTreeMap;
use uuid::Uuid;

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
    pub(super) detail: Detail,
}

/// What is known of things of some kinds only.
#[derive(Debug, Clone)]
pub(super) enum Detail {
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
pub(super) struct FileFacts {
    /// Why it stays; `None` if it goes.
    pub(super) kept_reason: Option<KeptReason>,
    /// The content.
    pub(super) content: String,
    /// In bytes.
    pub(super) size: i64,
    /// Whether another file has the same content.
    pub(super) is_shared: bool,
}

impl Thing {
    pub(super) fn new(id: Uuid, label: String, is_visible: bool) -> Self {
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
    pub(super) things: Vec<Vec<Thing>>,
    /// All people among them, and those whom reminders remind.
    pub(super) people: Rows<user::Model>,
}

impl Belongings {
    /// The things of a row of the table.
    pub(super) fn of_row(&self, row: usize) -> &[Thing] {
        self.things.get(row).map_or(&[], Vec::as_slice)
    }

    /// The rows of the table with those sources, each with its things.
    pub(super) fn rows(
        &self,
        wanted: fn(&Source) -> bool,
    ) -> impl Iterator<Item = (&'static Belonging, &Vec<Thing>)> {
        TABLE.iter().zip(&self.things).filter(move |(row, _)| wanted(&row.source))
    }

    /// All people whom the directory must know: those among the things, and those whom reminders
    /// remind.
    pub(super) fn people_ids(&self) -> impl Iterator<Item = Uuid> {
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
    pub(super) fn keep(&mut self, kept_files: &serde_json::Value) -> Result<()> {
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
