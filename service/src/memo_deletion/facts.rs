//! Reads all facts about a memo that a preview or a deletion needs: in one statement, but for the
//! numbers that only some memos need.

use super::{
    inventory::{self, Belongings, CommentsWindow, Holders, Item, ItemCount, ItemKey, Whose},
    policy::DeletionImpact,
};
use crate::{
    Result, Services, Viewer,
    access::MemoState,
    database::Parameters,
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::{Disposition, memo};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

/// The facts about a memo.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) memo: memo::Model,
    pub(super) state: MemoState,
    pub(super) impact: DeletionImpact,
    pub(super) counts: Vec<ItemCount>,
    pub(super) bytes_freed: i64,
    /// The files that stay and why, in the form in which the record stores it.
    pub(super) kept_files: serde_json::Value,
    /// The names of everything that stays.
    pub(super) kept_names: String,
    /// The name of the recipient, if they are not active any more.
    pub(super) inactive_recipient: Option<String>,
    /// The first page of each list, if requested.
    pub(super) removed: Option<Page<Item>>,
    pub(super) kept: Option<Page<Item>>,
}

/// How many items of each list are read with the facts. `None`: no items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lists {
    /// How many items of what goes.
    pub removed: Option<u64>,
    /// How many items of what stays.
    pub kept: Option<u64>,
}

/// Reads the facts. `None` if there is no such memo. The rules decide whether the viewer may see
/// it.
pub(super) async fn read<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    now: DateTime<Utc>,
    lists: Lists,
) -> Result<Option<Facts>> {
    let comments = lists.removed.map_or(CommentsWindow::NONE, |limit| {
        inventory::comments_of(Disposition::Removed, &PageRequest::first(limit))
    });
    match inventory::read(connection, services, viewer, memo_id, Whose::Memo, now, comments).await?
    {
        Some(belongings) => {
            let own_comments = own_comments(connection, viewer, &belongings.memo).await?;
            let holders = if belongings.shares_contents() {
                inventory::holders(connection, viewer, memo_id, false).await?
            } else {
                Holders::new()
            };
            of(belongings, viewer, own_comments, &holders, lists).map(Some)
        }
        None => Ok(None),
    }
}

/// How many comments the viewer wrote, if the memo's row says it: for author and recipient, and if
/// there are none.
pub(super) fn counted_comments(memo: &memo::Model, viewer: Viewer) -> Option<i64> {
    if viewer.id == memo.author_id {
        Some(memo.author_comment_count)
    } else if viewer.id == memo.recipient_id {
        Some(memo.recipient_comment_count)
    } else {
        (memo.comment_count == 0).then_some(0)
    }
}

/// How many comments the viewer wrote.
async fn own_comments<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo: &memo::Model,
) -> Result<i64> {
    if let Some(counted) = counted_comments(memo, viewer) {
        return Ok(counted);
    }
    let own = own_comments_statement(connection.get_database_backend(), memo.id, viewer.id);
    let row = connection.query_one_raw(own).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default())
}

fn own_comments_statement(backend: DbBackend, memo_id: Uuid, viewer: Uuid) -> Statement {
    Parameters::new(backend).bind("memo_id", memo_id).bind("viewer", viewer).statement(
        "SELECT count(*) AS n
        FROM comments c
        JOIN memos m ON m.id = c.memo_id
        WHERE c.memo_id = :memo_id AND c.author_id = :viewer",
    )
}

/// What a deletion would remove that somebody may miss: what the memo's row says, and the numbers
/// of files that go and of others' future reminders.
pub(super) fn impact(
    memo: &memo::Model,
    own_comments: i64,
    files: u64,
    others_reminders: u64,
) -> DeletionImpact {
    DeletionImpact {
        documents_task: memo.task_id.is_some(),
        documents_project: memo.project_id.is_some(),
        documents_deal: memo.deal_id.is_some(),
        files,
        others_comments: u64::try_from(memo.comment_count - own_comments).unwrap_or_default(),
        others_reminders,
    }
}

/// The facts about a memo with these belongings.
pub(super) fn of(
    belongings: Belongings,
    viewer: Viewer,
    own_comments: i64,
    holders: &Holders,
    lists: Lists,
) -> Result<Facts> {
    let memo = &belongings.memo;
    let first_page = |disposition, limit: Option<u64>| {
        let page = PageRequest::<ItemKey>::first(limit?);
        Some(Page::of(&page, inventory::list(&belongings, &[], disposition, &page)))
    };
    Ok(Facts {
        state: MemoState::of(memo, viewer, belongings.is_subscriber(viewer.id)),
        impact: impact(
            memo,
            own_comments,
            belongings.files_that_go(),
            belongings.others_reminders(),
        ),
        counts: inventory::counts(&belongings),
        bytes_freed: belongings.bytes_freed(holders),
        kept_files: belongings.kept_files()?,
        kept_names: inventory::kept_names(&belongings),
        removed: first_page(Disposition::Removed, lists.removed),
        kept: first_page(Disposition::Kept, lists.kept),
        inactive_recipient: belongings.inactive_recipient(),
        memo: belongings.memo,
    })
}

/// A page of one of the two lists of a memo.
pub(super) async fn read_items<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    now: DateTime<Utc>,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let comments = inventory::comments_of(disposition, page);
    let belongings =
        inventory::read(connection, services, viewer, memo_id, Whose::Memo, now, comments).await?;
    Ok(belongings.map_or_else(Page::default, |belongings| {
        Page::of(page, inventory::list(&belongings, &[], disposition, page))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("own_comments", |backend| {
            own_comments_statement(backend, Uuid::nil(), Uuid::max())
        });
    }
}
