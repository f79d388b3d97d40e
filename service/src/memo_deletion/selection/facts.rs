//! Reads all facts about several memos: in one statement, but for the numbers that only some memos
//! need. The number of statements does not depend on the number of memos.

use super::policy::{self, Sharing};
use crate::{
    Result, Services, Viewer,
    access::MemoState,
    database::Parameters,
    memo_deletion::{
        facts::{self, Facts, Lists, counted_comments},
        inventory::{
            self, Belongings, CommentsWindow, Holders, Item, ItemCount, ItemKey, Selected,
        },
    },
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::Disposition;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// The facts about the memos of a selection.
#[derive(Debug, Clone)]
pub(super) struct SelectionFacts {
    /// The facts about each memo that the viewer sees, ordered by id.
    pub(super) members: Vec<Facts>,
    /// What goes and stays if all memos go that can be deleted.
    pub(super) counts: Vec<ItemCount>,
    /// How many files go.
    pub(super) files: u64,
    /// Their size in bytes. Each content counts once.
    pub(super) bytes_freed: i64,
    /// The first page of each list, if requested.
    pub(super) removed: Option<Page<Item>>,
    pub(super) kept: Option<Page<Item>>,
}

/// The belongings of a memo that the viewer sees.
struct Seen {
    state: MemoState,
    can_delete: bool,
    /// Its place in the selection.
    place: i64,
    belongings: Belongings,
}

/// Reads the facts. Memos that do not exist for the viewer are left out.
pub(super) async fn read<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
    lists: Lists,
) -> Result<SelectionFacts> {
    let comments = lists.removed.map_or(CommentsWindow::NONE, |limit| {
        inventory::comments_of(Disposition::Removed, &PageRequest::first(limit))
    });
    let seen = read_seen(connection, services, viewer, memo_ids, now, comments).await?;
    let own_comments = own_comments(connection, viewer, &seen).await?;
    let holders = if seen.iter().any(|seen| seen.belongings.shares_contents()) {
        let ids: Vec<Uuid> = seen.iter().map(|seen| seen.belongings.memo.id).collect();
        inventory::holders_of_selection(connection, viewer, &ids).await?
    } else {
        Holders::new()
    };
    of(seen, viewer, &own_comments, &holders, lists)
}

/// A page of one of the two lists of a selection.
pub(super) async fn read_items<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let comments = inventory::comments_of(disposition, page);
    let seen = read_seen(connection, services, viewer, memo_ids, now, comments).await?;
    Ok(Page::of(page, inventory::selection_list(&that_go(&seen), disposition, page)))
}

/// Reads the memos that the viewer sees. Of their files, those go that no memo keeps.
async fn read_seen<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
    comments: CommentsWindow,
) -> Result<Vec<Seen>> {
    let mut ids = memo_ids.to_vec();
    ids.sort_unstable();
    let read = inventory::read_selection(connection, services, viewer, &ids, now, comments).await?;
    let mut all: Vec<Seen> = read
        .into_iter()
        .map(|belongings| {
            let memo = &belongings.memo;
            let state = MemoState::of(memo, viewer, belongings.is_subscriber(viewer.id));
            let place = ids.binary_search(&memo.id).unwrap_or_default();
            Seen {
                can_delete: policy::can_delete(&state),
                place: i64::try_from(place).unwrap_or(i64::MAX),
                state,
                belongings,
            }
        })
        .collect();
    let mut sharing: HashMap<Uuid, Sharing> = HashMap::new();
    for seen in &all {
        for file in seen.belongings.file_ids() {
            let sharing = sharing.entry(file).or_default();
            sharing.memos += 1;
            sharing.deletable += u64::from(seen.can_delete);
        }
    }
    // A memo that the viewer does not see keeps its files too, as if it were not in the selection.
    for Seen { belongings, can_delete, .. } in &mut all {
        let is_kept = |file| sharing.get(&file).is_some_and(|shared| shared.keeps(*can_delete));
        belongings.keep_shared(is_kept);
    }
    all.retain(|seen| seen.state.access().is_visible());
    Ok(all)
}

/// The memos that go.
fn that_go(seen: &[Seen]) -> Vec<Selected<'_>> {
    let going = seen.iter().filter(|seen| seen.can_delete);
    going.map(|seen| Selected { place: seen.place, belongings: &seen.belongings }).collect()
}

/// How many comments the viewer wrote on those memos whose row does not say it.
async fn own_comments<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    seen: &[Seen],
) -> Result<HashMap<Uuid, i64>> {
    let memos = seen.iter().map(|seen| &seen.belongings.memo);
    let uncounted = memos.filter(|memo| counted_comments(memo, viewer).is_none());
    let uncounted: Vec<Uuid> = uncounted.map(|memo| memo.id).collect();
    if uncounted.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = connection.get_database_backend();
    let own = own_comments_of_each_statement(backend, &uncounted, viewer.id);
    let rows = connection.query_all_raw(own).await?;
    rows.iter().map(|row| Ok((row.try_get("", "memo_id")?, row.try_get("", "n")?))).collect()
}

fn own_comments_of_each_statement(
    backend: DbBackend,
    memo_ids: &[Uuid],
    viewer: Uuid,
) -> Statement {
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).bind("viewer", viewer).statement(
        "SELECT c.memo_id, count(*) AS n
        FROM comments c
        JOIN memos m ON m.id = c.memo_id
        WHERE c.memo_id IN :memo_ids AND c.author_id = :viewer
        GROUP BY c.memo_id",
    )
}

fn of(
    seen: Vec<Seen>,
    viewer: Viewer,
    own_comments: &HashMap<Uuid, i64>,
    holders: &Holders,
    lists: Lists,
) -> Result<SelectionFacts> {
    let going = that_go(&seen);
    let first_page = |disposition, limit: Option<u64>| {
        let page = PageRequest::<ItemKey>::first(limit?);
        Some(Page::of(&page, inventory::selection_list(&going, disposition, &page)))
    };
    let freed = freed_contents(&going, holders);
    let files: HashSet<Uuid> = going.iter().flat_map(|of| files_of(of)).collect();
    let mut facts = SelectionFacts {
        counts: inventory::selection_counts(&going),
        files: u64::try_from(files.len()).unwrap_or(u64::MAX),
        bytes_freed: freed.values().sum(),
        removed: first_page(Disposition::Removed, lists.removed),
        kept: first_page(Disposition::Kept, lists.kept),
        members: Vec::with_capacity(seen.len()),
    };
    for Seen { belongings, can_delete, .. } in seen {
        let memo = &belongings.memo;
        let own = counted_comments(memo, viewer)
            .or_else(|| own_comments.get(&memo.id).copied())
            .unwrap_or_default();
        // The contents that go with the memo. Those that it shares with others count for each.
        let contents: HashSet<String> =
            belongings.going_files().map(|(_, content, _)| content.to_owned()).collect();
        let mut member = facts::of(belongings, viewer, own, holders, Lists::default())?;
        if can_delete {
            member.bytes_freed = contents.iter().filter_map(|content| freed.get(content)).sum();
        }
        facts.members.push(member);
    }
    Ok(facts)
}

fn files_of(selected: &Selected<'_>) -> impl Iterator<Item = Uuid> {
    selected.belongings.going_files().map(|(file, ..)| file)
}

/// The contents that the purge will remove, each with its size in bytes: those of which all files
/// go. `holders` counts the files that have contents that other files have too.
fn freed_contents(going: &[Selected<'_>], holders: &Holders) -> BTreeMap<String, i64> {
    let mut contents: BTreeMap<&str, (i64, HashSet<Uuid>)> = BTreeMap::new();
    for (file, content, size) in going.iter().flat_map(|of| of.belongings.going_files()) {
        contents.entry(content).or_insert((size, HashSet::new())).1.insert(file);
    }
    let all_go = |content: &str, files: &HashSet<Uuid>| {
        let number = i64::try_from(files.len()).unwrap_or(i64::MAX);
        holders.get(content).is_none_or(|all| *all == number)
    };
    contents
        .into_iter()
        .filter(|(content, (_, files))| all_go(content, files))
        .map(|(content, (size, _))| (content.to_owned(), size))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("own_comments_of_each", |backend| {
            own_comments_of_each_statement(backend, &[Uuid::nil()], Uuid::max())
        });
    }
}
