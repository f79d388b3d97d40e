//! What a deletion removes and what it keeps: one table of sources. The preview's counts, its lists
//! and the record's lists are all made of it, out of what `belongings` reads. What was previewed is
//! what happens, because a deletion moves the memo's row and leaves everything else as it was
//! listed.

mod belongings;

pub(super) use belongings::{Belongings, CommentsWindow, REVISE_SHARING, Whose, read};

use crate::page::PageRequest;
use belongings::Thing;
use entity::{Disposition, memo};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The tables whose rows belong to one memo each, by their column `memo_id`. They go with the
/// memo's id.
pub(super) const BELONGINGS: [&str; 6] =
    ["memo_subscribers", "memo_tags", "memo_files", "comments", "reminders", "unread_marks"];

/// The kind of a thing that a deletion removes or keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemKind {
    /// The memo itself.
    Memo,
    /// The link to a subscriber.
    SubscriberLink,
    /// The link to a tag.
    TagLink,
    /// The link to the task.
    TaskLink,
    /// The link to the project.
    ProjectLink,
    /// The link to the deal.
    DealLink,
    /// The link to the resolution.
    ResolutionLink,
    /// A comment.
    Comment,
    /// A reminder.
    Reminder,
    /// That somebody has not read it.
    UnreadMark,
    /// The attachment of a file to the memo.
    Attachment,
    /// A file.
    File,
    /// A person.
    User,
    /// A task.
    Task,
    /// A project.
    Project,
    /// A deal.
    Deal,
    /// A tag.
    Tag,
    /// A resolution.
    Resolution,
}

/// Why something stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeptReason {
    /// People are never deleted with a memo.
    Person,
    /// Tasks and projects are never deleted with a memo.
    Work,
    /// Deals, tags and resolutions are never deleted with a memo.
    Shared,
    /// The file was transferred to a task.
    TransferredToTask,
    /// The file was transferred to a project.
    TransferredToProject,
    /// Another memo has the same file.
    AttachedToAnotherMemo,
}

type Things = fn(&Belongings) -> Vec<&Thing>;

/// Where one kind of items comes from.
#[derive(Clone, Copy)]
struct Source {
    disposition: Disposition,
    kind: ItemKind,
    /// Its things, in no particular order.
    things: Things,
    /// How many there are, where there may be many: then no more are read than a page holds.
    many: Option<fn(&memo::Model) -> i64>,
    /// Whether there may be some that the viewer does not see.
    hides: bool,
    /// Why they stay; `None` for files, each of which has a reason of its own.
    kept_reason: Option<KeptReason>,
    /// Under which kind a record notes that the thing was deleted later; `None` if it cannot be.
    missing: Option<ItemKind>,
}

const fn removed(kind: ItemKind, things: Things) -> Source {
    Source {
        disposition: Disposition::Removed,
        kind,
        things,
        many: None,
        hides: false,
        kept_reason: None,
        missing: Some(kind),
    }
}

/// A thing stays, and the link to it goes.
const fn kept(kind: ItemKind, link: ItemKind, reason: KeptReason, things: Things) -> Source {
    Source {
        disposition: Disposition::Kept,
        kept_reason: Some(reason),
        missing: Some(link),
        ..removed(kind, things)
    }
}

const fn hiding(source: Source) -> Source {
    Source { hides: true, ..source }
}

/// Every source, in the order of the lists.
const SOURCES: [Source; 19] = [
    Source { missing: None, ..removed(ItemKind::Memo, |b| vec![&b.itself]) },
    removed(ItemKind::SubscriberLink, |b| b.subscribers.iter().collect()),
    removed(ItemKind::TagLink, |b| b.tags.iter().collect()),
    hiding(removed(ItemKind::TaskLink, |b| b.task.iter().collect())),
    hiding(removed(ItemKind::ProjectLink, |b| b.project.iter().collect())),
    removed(ItemKind::DealLink, |b| b.deal.iter().collect()),
    removed(ItemKind::ResolutionLink, |b| b.resolution.iter().collect()),
    Source {
        many: Some(|memo| memo.comment_count),
        ..removed(ItemKind::Comment, |b| b.comments.iter().collect())
    },
    hiding(removed(ItemKind::Reminder, |b| {
        b.reminders.iter().map(|reminder| &reminder.thing).collect()
    })),
    hiding(removed(ItemKind::UnreadMark, |b| b.unread.iter().collect())),
    removed(ItemKind::Attachment, |b| b.files.iter().map(|file| &file.thing).collect()),
    removed(ItemKind::File, |b| {
        b.files.iter().map(|file| &file.thing).filter(|file| !file.stays()).collect()
    }),
    kept(ItemKind::User, ItemKind::SubscriberLink, KeptReason::Person, Belongings::people),
    hiding(kept(ItemKind::Task, ItemKind::TaskLink, KeptReason::Work, |b| b.task.iter().collect())),
    hiding(kept(ItemKind::Project, ItemKind::ProjectLink, KeptReason::Work, |b| {
        b.project.iter().collect()
    })),
    kept(ItemKind::Deal, ItemKind::DealLink, KeptReason::Shared, |b| b.deal.iter().collect()),
    kept(ItemKind::Tag, ItemKind::TagLink, KeptReason::Shared, |b| b.tags.iter().collect()),
    kept(ItemKind::Resolution, ItemKind::ResolutionLink, KeptReason::Shared, |b| {
        b.resolution.iter().collect()
    }),
    // A file cannot be deleted while an attachment of a deleted memo refers to it.
    Source {
        disposition: Disposition::Kept,
        missing: None,
        ..removed(ItemKind::File, |b| {
            b.files.iter().map(|file| &file.thing).filter(|file| file.stays()).collect()
        })
    },
];

impl Source {
    /// Its things in the order of the lists.
    fn sorted<'a>(&self, belongings: &'a Belongings) -> Vec<&'a Thing> {
        let mut things = (self.things)(belongings);
        things.sort_unstable_by_key(|thing| thing.id);
        things
    }

    fn count(&self, belongings: &Belongings) -> u64 {
        match self.many {
            Some(count) => u64::try_from(count(&belongings.memo)).unwrap_or_default(),
            None => u64::try_from((self.things)(belongings).len()).unwrap_or(u64::MAX),
        }
    }

    /// The thing as the viewer may see it, `number` in its source from 1.
    fn item(&self, rank: i64, number: i64, thing: &Thing) -> Item {
        Item {
            key: if self.hides { (rank, number, Uuid::nil()) } else { (rank, 0, thing.id) },
            kind: self.kind,
            node: thing.is_visible.then_some(thing.id),
            label: thing.is_visible.then(|| thing.label.clone()),
            kept_reason: self.reason(thing),
        }
    }

    fn reason(&self, thing: &Thing) -> Option<KeptReason> {
        match self.disposition {
            Disposition::Removed => None,
            Disposition::Kept => self.kept_reason.or(thing.kept_reason),
        }
    }
}

fn sources(disposition: Disposition) -> impl Iterator<Item = (i64, &'static Source)> {
    (0..).zip(&SOURCES).filter(move |(_, source)| source.disposition == disposition)
}

/// How many things of a kind go or stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCount {
    /// Whether they go or stay.
    pub disposition: Disposition,
    /// Their kind.
    pub kind: ItemKind,
    /// How many.
    pub count: u64,
}

/// The place of an item in a list: its source, then its number or its node. A source whose things
/// the viewer may not see all counts them, since a cursor must not name what the list hides.
pub type ItemKey = (i64, i64, Uuid);

/// A thing that goes or stays, as one person may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its place.
    pub key: ItemKey,
    /// Its kind.
    pub kind: ItemKind,
    /// The thing itself, or the other end of a removed link; `None` if the person may not see it.
    pub node: Option<Uuid>,
    /// Its name or beginning; `None` if the person may not see it, or after the purge.
    pub label: Option<String>,
    /// Why it stays.
    pub kept_reason: Option<KeptReason>,
}

/// What a record listed and somebody deleted afterwards: a restore cannot bring it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingThing {
    /// Its kind.
    pub kind: ItemKind,
    /// The name of its other end, or the thing's beginning, as it was; `None` if the person could
    /// not see it.
    pub label: Option<String>,
}

/// How many things of each kind go and stay, without those of which there are none.
pub(super) fn counts(belongings: &Belongings) -> Vec<ItemCount> {
    SOURCES
        .iter()
        .map(|source| ItemCount {
            disposition: source.disposition,
            kind: source.kind,
            count: source.count(belongings),
        })
        .filter(|count| count.count > 0)
        .collect()
}

/// A page of one of the two lists, with one item more than it holds if there are more. What is
/// `missing` follows the rest of its source.
pub(super) fn list(
    belongings: &Belongings,
    missing: &[MissingThing],
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Vec<Item> {
    let wanted = usize::try_from(page.limit + 1).unwrap_or(usize::MAX);
    let begin = page.after.unwrap_or((-1, 0, Uuid::nil()));
    sources(disposition)
        .flat_map(|(rank, source)| {
            let things = (1..).zip(source.sorted(belongings));
            let items = things.map(move |(number, thing)| source.item(rank, number, thing));
            let gone = missing.iter().filter(|thing| Some(thing.kind) == source.missing);
            items.chain((1..).zip(gone).map(move |(number, thing)| Item {
                key: (rank, AFTER_THE_REST + number, Uuid::nil()),
                kind: source.kind,
                node: None,
                label: thing.label.clone(),
                kept_reason: source.kept_reason,
            }))
        })
        .filter(|item| item.key > begin)
        .take(wanted)
        .collect()
}

/// A number above those of all things of a source.
const AFTER_THE_REST: i64 = 1_000_000_000;

/// Which comments a page of a list needs: after this one, and how many; none of what stays.
pub(super) fn comments_of(disposition: Disposition, page: &PageRequest<ItemKey>) -> CommentsWindow {
    let rank = sources(disposition).find(|(_, source)| source.many.is_some()).map(|(rank, _)| rank);
    let limit = i64::try_from(page.limit + 1).unwrap_or(i64::MAX);
    match (rank, page.after) {
        (None, _) => CommentsWindow::NONE,
        (Some(rank), Some((after, _, comment))) if after == rank => {
            CommentsWindow { after: comment, limit }
        }
        (Some(rank), Some((after, ..))) if after > rank => CommentsWindow::NONE,
        (Some(_), _) => CommentsWindow { after: Uuid::nil(), limit },
    }
}

/// The names of everything that stays, in one text: part of what a confirmation is bound to.
pub(super) fn kept_names(belongings: &Belongings) -> String {
    let names: Vec<(i64, Uuid, &str)> = sources(Disposition::Kept)
        .flat_map(|(rank, source)| {
            source
                .sorted(belongings)
                .into_iter()
                .map(move |thing| (rank, thing.id, thing.label.as_str()))
        })
        .collect();
    format!("{names:?}")
}

/// Why a kind of things stays; `None` for files, each of which has a reason of its own.
pub(super) fn reason_of(kind: ItemKind) -> Option<KeptReason> {
    sources(Disposition::Kept).find(|(_, source)| source.kind == kind)?.1.kept_reason
}
