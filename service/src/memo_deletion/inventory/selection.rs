//! What the deletion of several memos as one removes and keeps. Each link is one of a memo, so it
//! counts for each memo. What is at the other end of links counts once.

use super::{
    Belongings, Group, Item, ItemCount, ItemKey, Source, Thing, belongings, counts_by, groups,
};
use crate::page::PageRequest;
use entity::Disposition;
use uuid::Uuid;

/// The belongings of a memo of a selection, and the memo's place in the selection. Cursors contain
/// the places, so they must not depend on what happens to other memos.
#[derive(Clone, Copy)]
pub(in crate::memo_deletion) struct Selected<'a> {
    pub(in crate::memo_deletion) place: i64,
    pub(in crate::memo_deletion) belongings: &'a Belongings,
}

/// How many things of each kind go and stay. Kinds without things are left out.
pub(in crate::memo_deletion) fn selection_counts(selection: &[Selected<'_>]) -> Vec<ItemCount> {
    counts_by(|group| group.count_of(selection))
}

/// A page of one of the two lists, with one extra item if there are more.
pub(in crate::memo_deletion) fn selection_list(
    selection: &[Selected<'_>],
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Vec<Item> {
    let wanted = usize::try_from(page.limit + 1).unwrap_or(usize::MAX);
    let begin = page.after.unwrap_or((-1, 0, Uuid::nil()));
    groups(disposition)
        .flat_map(|(rank, group)| {
            let things = (1..).zip(group.things_of(selection));
            things.map(move |(number, (place, thing))| {
                let mut item = group.item(rank, number, thing);
                if !group.belonging.hides {
                    item.key.1 = place;
                }
                item
            })
        })
        .filter(|item| item.key > begin)
        .take(wanted)
        .collect()
}

impl Group {
    /// Whether two memos can have the same thing in this group, as a thing of its own for each of
    /// them. The ids of comments are unique, and all memos' comments are paged by them.
    fn is_per_memo(&self) -> bool {
        self.kind == self.belonging.removes && !matches!(self.belonging.source, Source::Page(..))
    }

    /// The things of all memos, each with the place of its memo, in the order of their keys. What
    /// is not one of each memo occurs once, with place 0.
    fn things_of<'a>(&self, selection: &[Selected<'a>]) -> Vec<(i64, &'a Thing)> {
        let is_per_memo = self.is_per_memo();
        let mut things: Vec<(i64, &Thing)> = Vec::new();
        for Selected { place, belongings } in selection {
            let place = if is_per_memo { *place } else { 0 };
            things.extend(self.things(belongings).map(|thing| (place, thing)));
        }
        things.sort_by_key(|(place, thing)| (*place, thing.id));
        things.dedup_by_key(|(place, thing)| (*place, thing.id));
        things
    }

    fn count_of(&self, selection: &[Selected<'_>]) -> u64 {
        match self.belonging.source {
            Source::Page(..) => {
                selection.iter().map(|selected| self.count(selected.belongings)).sum()
            }
            Source::Itself
            | Source::Links(..)
            | Source::Pointer(..)
            | Source::Work(_)
            | Source::Rows(..) => belongings::count(self.things_of(selection)),
        }
    }
}
