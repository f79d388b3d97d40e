//! Finding memos that exist for a viewer, by id and in lists.

mod bulk;
mod create;
mod errors;
mod fields;
pub(crate) mod links;
mod list;
pub(crate) mod losses;
pub mod policy;
mod problems;
pub(crate) mod read_marks;
mod references;
mod send;
mod sheet;
pub(crate) mod stage;
mod subscribers;
mod tags;
mod update;
pub(crate) mod word_index;
pub(crate) mod write;

pub use bulk::BulkInsert;
pub use create::{NewMemo, blank, copy, create};
pub use errors::{
    AddSubscribersError, AddTagsError, CopyMemoError, CreateMemoError, FieldPath, Invalid,
    PostponeMemoError, RemoveSubscribersError, RemoveTagsError, ReviewMemoError, SendMemoError,
    UpdateMemoError,
};
pub use fields::{Change, MemoChanges, MemoField};
pub use list::{
    ListedMemo, MemoBox, MemoFilter, MemoKey, MemoLinks, MemoOrder, MemoOrderField, SearchText,
    WantedLinks, count, is_searchable, list,
};
pub use losses::{Losses, losses};
pub use problems::{FieldDenial, InputProblem, PersonProblem, Reference, UpdateProblem};
pub use read_marks::{MAX_MARKED, count_unread, mark, unread};
pub use send::{SentMemo, send};
pub use sheet::{SheetRow, sheet_page, sheet_rows};
pub use stage::{postpone, review};
pub use subscribers::{add_subscribers, remove_subscribers};
pub use tags::{add_tags, remove_tags};
pub use update::{UpdateDenial, may_update, updatable, update};
pub(crate) use word_index::merge_index;
pub use word_index::{index_all, index_stale, index_stale_portion};

use crate::{
    Result, Services, Viewer,
    access::visible_memos,
    database::{
        Parameters,
        sql::{column_names, is_one_of, linked},
    },
};
use entity::{memo, memo_subscriber, tag, user};
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Statement,
    sea_query::Expr,
};
use uuid::Uuid;

/// The condition that a column `memo_id` refers to a live memo. The belongings of a deleted memo
/// stay in their tables, but nobody may read them.
pub(crate) fn is_live(memo_id: impl ColumnTrait) -> Expr {
    memo_id.in_subquery(memo::Entity::find().select_only().column(memo::Column::Id).into_query())
}

/// Those of the memos with these ids that the viewer sees.
///
/// # Errors
/// Returns errors of the database.
pub async fn by_ids(services: &Services, viewer: Viewer, ids: &[Uuid]) -> Result<Vec<memo::Model>> {
    Ok(memo::Entity::find()
        .filter(is_one_of(services.database.backend(), memo::Column::Id, ids))
        .filter(visible_memos(viewer))
        .all(services.database.connection())
        .await?)
}

/// Those of the memos to which the viewer subscribes.
///
/// # Errors
/// Returns errors of the database.
pub async fn subscribed(
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    Ok(memo_subscriber::Entity::find()
        .select_only()
        .column(memo_subscriber::Column::MemoId)
        .filter(is_one_of(services.database.backend(), memo_subscriber::Column::MemoId, memo_ids))
        .filter(memo_subscriber::Column::UserId.eq(viewer.id))
        .filter(is_live(memo_subscriber::Column::MemoId))
        .into_tuple()
        .all(services.database.connection())
        .await?)
}

/// The subscribers of each of the memos. The viewer sees these memos.
///
/// # Errors
/// Returns errors of the database.
pub async fn subscribers(
    services: &Services,
    memo_ids: &[Uuid],
) -> Result<Vec<(Uuid, user::Model)>> {
    let database = &services.database;
    linked(database, memo_subscribers_statement(database.backend(), memo_ids)).await
}

fn memo_subscribers_statement(backend: DbBackend, memo_ids: &[Uuid]) -> Statement {
    let columns = column_names::<user::Entity>("t.");
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).statement(&format!(
        "SELECT l.memo_id AS linked_to, {columns}
        FROM memo_subscribers l
        JOIN memos m ON m.id = l.memo_id
        JOIN users t ON t.id = l.user_id
        WHERE l.memo_id IN :memo_ids
        ORDER BY t.id"
    ))
}

/// The tags of each of the memos, by name. The viewer sees these memos.
///
/// # Errors
/// Returns errors of the database.
pub async fn tags(services: &Services, memo_ids: &[Uuid]) -> Result<Vec<(Uuid, tag::Model)>> {
    let database = &services.database;
    linked(database, memo_tags_statement(database.backend(), memo_ids)).await
}

fn memo_tags_statement(backend: DbBackend, memo_ids: &[Uuid]) -> Statement {
    let columns = column_names::<tag::Entity>("t.");
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).statement(&format!(
        "SELECT l.memo_id AS linked_to, {columns}
        FROM memo_tags l
        JOIN memos m ON m.id = l.memo_id
        JOIN tags t ON t.id = l.tag_id
        WHERE l.memo_id IN :memo_ids
        ORDER BY t.name"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let memos = [Uuid::nil()];
        assert_statement("memo_subscribers", |backend| memo_subscribers_statement(backend, &memos));
        assert_statement("memo_tags", |backend| memo_tags_statement(backend, &memos));
    }
}
