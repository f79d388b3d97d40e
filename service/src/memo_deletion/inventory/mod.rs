//! What a deletion removes and what it keeps. The preview's counts, its lists and the record's
//! lists all come from one table (`table`) and one statement (`statement`). A deletion moves the
//! memo's row and changes nothing else that is listed. Therefore the preview shows what happens.

mod belongings;
mod contents;
mod read;
mod select;
mod selection;
mod statement;
mod table;

pub(super) use belongings::Belongings;
pub(super) use contents::{Holders, holders, holders_of_selection};
pub(super) use read::{CommentsWindow, Whose, read, read_selection};
pub(super) use selection::{Selected, selection_counts, selection_list};
pub use table::{ItemKind, KeptReason};

use crate::page::PageRequest;
use belongings::Thing;
use entity::Disposition;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use table::{Belonging, OtherEnd, Source, TABLE};
use uuid::Uuid;

/// Raises the revision of every other memo that has a file of the memo `:memo_id`. A deletion or
/// restore of that memo changes whether the shared file goes with the others.
pub(super) const REVISE_SHARING: &str = "\
UPDATE memos SET revision = revision + 1 WHERE id IN
    (SELECT o.memo_id FROM memo_files x JOIN memo_files o ON o.file_id = x.file_id
     WHERE x.memo_id = :memo_id AND o.memo_id <> :memo_id)";

/// The tables whose rows belong to one memo each, by their column `memo_id`. These rows go with the
/// memo's id.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter_map(|belonging| belonging.table)
}

/// How many things of a kind go or stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCount {
    /// Whether these things go or stay.
    pub disposition: Disposition,
    /// Their kind.
    pub kind: ItemKind,
    /// How many.
    pub count: u64,
}

/// The position of an item in a list: its source, then its number or its id. Some sources contain
/// things that the viewer may not see. They use numbers, since a cursor must not name hidden
/// things.
pub type ItemKey = (i64, i64, Uuid);

/// A thing that goes or stays, as one person may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its position.
    pub key: ItemKey,
    /// Its kind.
    pub kind: ItemKind,
    /// The thing itself, or the other end of a removed link. `None` if the person may not see it.
    pub node: Option<Uuid>,
    /// Its name, or the beginning of its text. `None` if the person may not see it, or after the
    /// purge.
    pub label: Option<String>,
    /// Why it stays.
    pub kept_reason: Option<KeptReason>,
}

/// A thing that a record lists but that somebody has deleted since. A restore cannot bring it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingThing {
    /// Its kind.
    pub kind: ItemKind,
    /// The former name of its other end, or the beginning of the thing's text. `None` if the person
    /// could not see it.
    pub label: Option<String>,
}

/// Items of one kind in one of the two lists.
#[derive(Clone, Copy)]
struct Group {
    disposition: Disposition,
    kind: ItemKind,
    /// Index of the row of the table from which it is made, and that row.
    belonging: &'static Belonging,
    row: usize,
    /// Which things of that row are in it.
    has: fn(&Thing) -> bool,
    /// Why they stay. `None` for files, each of which has its own reason.
    kept_reason: Option<KeptReason>,
    /// The kind under which a record notes a later deletion. `None` if such a deletion is
    /// impossible.
    noted_as: Option<ItemKind>,
}

/// The groups of both lists. What goes is in the order of the table. What stays is in the order of
/// the kinds, with files last. Cursors contain the index of an item's group in this list.
static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let mut groups: Vec<Group> =
        TABLE.iter().enumerate().flat_map(|(row, belonging)| groups_of(row, belonging)).collect();
    groups.sort_by_key(|group| match group.disposition {
        Disposition::Removed => (false, false, ItemKind::Memo),
        Disposition::Kept => (true, group.noted_as.is_none(), group.kind),
    });
    groups
});

/// The groups that come from a row of the table: what goes, and what happens to the other end.
fn groups_of(row: usize, belonging: &'static Belonging) -> impl Iterator<Item = Group> {
    let group = |disposition, kind, has| Group {
        disposition,
        kind,
        belonging,
        row,
        has,
        kept_reason: None,
        noted_as: Some(kind).filter(|_| disposition == Disposition::Removed),
    };
    let goes: fn(&Thing) -> bool = |thing| thing.kept_reason().is_none();
    let other_end = match belonging.other_end {
        OtherEnd::None => [None, None],
        OtherEnd::Stays(kind, reason) => {
            let stays = group(Disposition::Kept, kind, |_| true);
            // A record notes the link to it.
            let noted_as = Some(belonging.removes);
            [Some(Group { kept_reason: Some(reason), noted_as, ..stays }), None]
        }
        // A file that stays cannot be deleted while the memo refers to it.
        OtherEnd::MayStay(kind) => [
            Some(group(Disposition::Removed, kind, goes)),
            Some(group(Disposition::Kept, kind, |thing| thing.kept_reason().is_some())),
        ],
    };
    let removed = group(Disposition::Removed, belonging.removes, |thing| thing.is_linked);
    [Some(removed)].into_iter().chain(other_end).flatten()
}

impl Group {
    /// Its things, ordered by id.
    fn things<'a>(&self, belongings: &'a Belongings) -> impl Iterator<Item = &'a Thing> + use<'a> {
        let has = self.has;
        belongings.of_row(self.row).iter().filter(move |thing| has(thing))
    }

    fn count(&self, belongings: &Belongings) -> u64 {
        match self.belonging.source {
            Source::Page(_, count) => u64::try_from(count(&belongings.memo)).unwrap_or_default(),
            Source::Itself
            | Source::Links(..)
            | Source::Pointer(..)
            | Source::Work(_)
            | Source::Rows(..) => {
                u64::try_from(self.things(belongings).count()).unwrap_or(u64::MAX)
            }
        }
    }

    /// The thing as the viewer may see it. `number` is its position in its group, from 1.
    fn item(&self, rank: i64, number: i64, thing: &Thing) -> Item {
        let own_reason = || thing.kept_reason().filter(|_| self.disposition == Disposition::Kept);
        Item {
            key: if self.belonging.hides {
                (rank, number, Uuid::nil())
            } else {
                (rank, 0, thing.id)
            },
            kind: self.kind,
            node: thing.is_visible.then_some(thing.id),
            label: thing.is_visible.then(|| thing.label.clone()),
            kept_reason: self.kept_reason.or_else(own_reason),
        }
    }
}

/// The groups of a list, each with its index.
fn groups(disposition: Disposition) -> impl Iterator<Item = (i64, &'static Group)> {
    (0..).zip(GROUPS.iter()).filter(move |(_, group)| group.disposition == disposition)
}

/// How many things of each kind go and stay. Kinds without things are left out.
pub(super) fn counts(belongings: &Belongings) -> Vec<ItemCount> {
    counts_by(|group| group.count(belongings))
}

fn counts_by(count: impl Fn(&Group) -> u64) -> Vec<ItemCount> {
    let counts = GROUPS.iter().map(|group| ItemCount {
        disposition: group.disposition,
        kind: group.kind,
        count: count(group),
    });
    counts.filter(|count| count.count > 0).collect()
}

/// A page of one of the two lists, with one extra item if there are more. The `missing` things
/// follow the rest of their group.
pub(super) fn list(
    belongings: &Belongings,
    missing: &[MissingThing],
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Vec<Item> {
    let wanted = usize::try_from(page.limit + 1).unwrap_or(usize::MAX);
    let begin = page.after.unwrap_or((-1, 0, Uuid::nil()));
    groups(disposition)
        .flat_map(|(rank, group)| {
            let things = (1..).zip(group.things(belongings));
            let items = things.map(move |(number, thing)| group.item(rank, number, thing));
            let gone = missing.iter().filter(move |thing| Some(thing.kind) == group.noted_as);
            items.chain((1..).zip(gone).map(move |(number, thing)| Item {
                key: (rank, AFTER_THE_REST + number, Uuid::nil()),
                kind: group.kind,
                node: None,
                label: thing.label.clone(),
                kept_reason: group.kept_reason,
            }))
        })
        .filter(|item| item.key > begin)
        .take(wanted)
        .collect()
}

/// A number larger than the number of any other thing in a group.
const AFTER_THE_REST: i64 = 1_000_000_000;

/// Which comments a page of a list needs. What stays includes no comments.
pub(super) fn comments_of(disposition: Disposition, page: &PageRequest<ItemKey>) -> CommentsWindow {
    let rank = groups(disposition)
        .find(|(_, group)| matches!(group.belonging.source, Source::Page(..)))
        .map(|(rank, _)| rank);
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

/// The names of everything that stays, in one text. A confirmation is bound to this text.
pub(super) fn kept_names(belongings: &Belongings) -> String {
    names_of(groups(Disposition::Kept), belongings)
}

/// The names of everything that goes and stays, except comments, in one text. The confirmation of
/// an erasure is bound to this text. Nobody can change a comment of a deleted memo.
pub(super) fn names(belongings: &Belongings) -> String {
    names_of((0..).zip(GROUPS.iter()), belongings)
}

/// The names in these groups, each with the index of its group.
fn names_of(
    groups: impl Iterator<Item = (i64, &'static Group)>,
    belongings: &Belongings,
) -> String {
    let names: Vec<(i64, Uuid, &str)> = groups
        .flat_map(|(rank, group)| {
            let things = group.things(belongings);
            things.map(move |thing| (rank, thing.id, thing.label.as_str()))
        })
        .collect();
    format!("{names:?}")
}

/// Why a kind of things stays. `None` for files, each of which has its own reason.
pub(super) fn reason_of(kind: ItemKind) -> Option<KeptReason> {
    groups(Disposition::Kept).find(|(_, group)| group.kind == kind)?.1.kept_reason
}
