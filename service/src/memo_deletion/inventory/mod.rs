//! What a deletion removes and what it keeps. The preview's counts, its lists and the record's
//! lists are all made of one table (`table`), out of one statement (`statement`). What was
//! previewed is what happens, because a deletion moves the memo's row and leaves everything else as
//! it was listed.

mod belongings;
mod select;
mod statement;
mod table;

pub(super) use belongings::{Belongings, CommentsWindow, Whose, read};
pub use table::{ItemKind, KeptReason};

use crate::page::PageRequest;
use belongings::Thing;
use entity::Disposition;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use table::{Belonging, OtherEnd, Source, TABLE};
use uuid::Uuid;

/// Raises the revision of every other memo that has a file of the memo `:memo_id`: when that one is
/// deleted or restored, the deletion of the others takes the file along, or does not any more.
pub(super) const REVISE_SHARING: &str = "\
UPDATE memos SET revision = revision + 1 WHERE id IN
    (SELECT o.memo_id FROM memo_files x JOIN memo_files o ON o.file_id = x.file_id
     WHERE x.memo_id = :memo_id AND o.memo_id <> :memo_id)";

/// The tables whose rows belong to one memo each, by their column `memo_id`. They go with the
/// memo's id.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter_map(|belonging| belonging.table)
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

/// Items of one kind in one of the two lists.
#[derive(Clone, Copy)]
struct Group {
    disposition: Disposition,
    kind: ItemKind,
    /// The row of the table of which it is made, and that row's place.
    belonging: &'static Belonging,
    row: usize,
    /// Which of the things of that row are in it.
    has: fn(&Thing) -> bool,
    /// Why they stay; `None` for files, each of which has a reason of its own.
    kept_reason: Option<KeptReason>,
    /// Under which kind a record notes that one was deleted later; `None` if it cannot be.
    noted_as: Option<ItemKind>,
}

/// The groups of both lists: what goes in the table's order, then what stays in the order of the
/// kinds, files last. A group's place here is its items' place in cursors.
static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let mut groups: Vec<Group> =
        TABLE.iter().enumerate().flat_map(|(row, belonging)| groups_of(row, belonging)).collect();
    groups.sort_by_key(|group| match group.disposition {
        Disposition::Removed => (false, false, ItemKind::Memo),
        Disposition::Kept => (true, group.noted_as.is_none(), group.kind),
    });
    groups
});

/// What is made of a row of the table: what goes, and what becomes of the other end.
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
            // The link to it is noted.
            let noted_as = Some(belonging.removes);
            [Some(Group { kept_reason: Some(reason), noted_as, ..stays }), None]
        }
        // What stays of them cannot be deleted while the memo refers to it.
        OtherEnd::MayStay(kind) => [
            Some(group(Disposition::Removed, kind, goes)),
            Some(group(Disposition::Kept, kind, |thing| thing.kept_reason().is_some())),
        ],
    };
    let removed = group(Disposition::Removed, belonging.removes, |thing| thing.is_linked);
    [Some(removed)].into_iter().chain(other_end).flatten()
}

impl Group {
    /// Its things, by their ids.
    fn things<'a>(&self, belongings: &'a Belongings) -> impl Iterator<Item = &'a Thing> + use<'a> {
        let has = self.has;
        belongings.of_row(self.row).iter().filter(move |thing| has(thing))
    }

    fn count(&self, belongings: &Belongings) -> u64 {
        match self.belonging.source {
            Source::Page(_, count) => u64::try_from(count(&belongings.memo)).unwrap_or_default(),
            Source::Itself | Source::Column(..) => {
                u64::try_from(self.things(belongings).count()).unwrap_or(u64::MAX)
            }
        }
    }

    /// The thing as the viewer may see it, `number` in its group from 1.
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

/// The groups of a list, each with its place.
fn groups(disposition: Disposition) -> impl Iterator<Item = (i64, &'static Group)> {
    (0..).zip(GROUPS.iter()).filter(move |(_, group)| group.disposition == disposition)
}

/// How many things of each kind go and stay, without those of which there are none.
pub(super) fn counts(belongings: &Belongings) -> Vec<ItemCount> {
    GROUPS
        .iter()
        .map(|group| ItemCount {
            disposition: group.disposition,
            kind: group.kind,
            count: group.count(belongings),
        })
        .filter(|count| count.count > 0)
        .collect()
}

/// A page of one of the two lists, with one item more than it holds if there are more. What is
/// `missing` follows the rest of its group.
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

/// A number above those of all things of a group.
const AFTER_THE_REST: i64 = 1_000_000_000;

/// Which comments a page of a list needs: after this one, and how many; none of what stays.
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

/// The names of everything that stays, in one text: part of what a confirmation is bound to.
pub(super) fn kept_names(belongings: &Belongings) -> String {
    let names: Vec<(i64, Uuid, &str)> = groups(Disposition::Kept)
        .flat_map(|(rank, group)| {
            let things = group.things(belongings);
            things.map(move |thing| (rank, thing.id, thing.label.as_str()))
        })
        .collect();
    format!("{names:?}")
}

/// Why a kind of things stays; `None` for files, each of which has a reason of its own.
pub(super) fn reason_of(kind: ItemKind) -> Option<KeptReason> {
    groups(Disposition::Kept).find(|(_, group)| group.kind == kind)?.1.kept_reason
}
