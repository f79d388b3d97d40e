//! Reads, in one statement, all that a preview or a deletion needs to know of a memo.

use super::{
    inventory::{self, Item, ItemCount, ItemKey, ItemKind, Whose, Window},
    policy::{Burden, Standing},
};
use crate::{
    Result, Viewer,
    access::sees_memo,
    database::sql::statement,
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::{Disposition, memo};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult};
use std::sync::OnceLock;
use uuid::Uuid;

/// What was read of a memo.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) memo: memo::Model,
    pub(super) standing: Standing,
    pub(super) burden: Burden,
    pub(super) counts: Vec<ItemCount>,
    pub(super) bytes_freed: i64,
    /// The files that stay and why, as the record stores it.
    pub(super) kept_files: serde_json::Value,
    /// The names of everything that stays.
    pub(super) kept_names: String,
    /// The beginning of the two lists, where asked for.
    pub(super) removed: Option<Page<Item>>,
    pub(super) kept: Option<Page<Item>>,
}

/// How many items of each list are read along; none where `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lists {
    /// Of what goes.
    pub removed: Option<u64>,
    /// Of what stays.
    pub kept: Option<u64>,
}

/// Reads the facts; `None` if there is no such memo. Whether the viewer may see it, the rules say.
pub(super) async fn read<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_id: Uuid,
    now: DateTime<Utc>,
    lists: Lists,
) -> Result<Option<Facts>> {
    let backend = connection.get_database_backend();
    let mut values = vec![memo_id.into(), viewer.id.into(), now.into()];
    if lists != Lists::default() {
        values.push(one_more(lists.removed));
        values.push(one_more(lists.kept));
    }
    let statement = statement(backend, facts_sql(backend, lists), values);
    match connection.query_one_raw(statement).await? {
        Some(row) => {
            let memo = memo::Model::from_query_result(&row, "")?;
            let own_comments = own_comments(connection, viewer, &memo).await?;
            from_row(&row, memo, viewer, own_comments, lists).map(Some)
        }
        None => Ok(None),
    }
}

/// How many comments the viewer wrote. Of author and recipient the memo's row says it.
async fn own_comments<C: ConnectionTrait>(connection: &C, viewer: Viewer, memo: &memo::Model) -> Result<i64> {
    if viewer.id == memo.author_id {
        return Ok(memo.author_comment_count);
    }
    if viewer.id == memo.recipient_id {
        return Ok(memo.recipient_comment_count);
    }
    if memo.comment_count == 0 {
        return Ok(0);
    }
    let sql = "SELECT count(*) AS n FROM comments c JOIN memos m ON m.id = c.memo_id \
        WHERE c.memo_id = $1 AND c.author_id = $2";
    let backend = connection.get_database_backend();
    let row = connection.query_one_raw(statement(backend, sql, [memo.id.into(), viewer.id.into()])).await?;
    Ok(row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default())
}

fn one_more(limit: Option<u64>) -> sea_orm::Value {
    i64::try_from(limit.unwrap_or_default() + 1).unwrap_or(i64::MAX).into()
}

fn from_row(
    row: &QueryResult,
    memo: memo::Model,
    viewer: Viewer,
    own_comments: i64,
    lists: Lists,
) -> Result<Facts> {
    let mut counts = Vec::new();
    for (rank, (disposition, kind)) in inventory::counted_kinds().enumerate() {
        let count = count(row, &format!("n{rank}"))?;
        if count > 0 {
            counts.push(ItemCount { disposition, kind, count });
        }
    }
    let standing = standing(&memo, viewer, row.try_get("", "is_subscriber")?);
    let burden = Burden {
        documents_task: memo.task_id.is_some(),
        documents_project: memo.project_id.is_some(),
        documents_deal: memo.deal_id.is_some(),
        files: counts
            .iter()
            .find(|c| c.disposition == Disposition::Removed && c.kind == ItemKind::File)
            .map_or(0, |c| c.count),
        others_comments: u64::try_from(memo.comment_count - own_comments).unwrap_or_default(),
        others_reminders: count(row, "others_reminders")?,
    };
    let attached = inventory::read_attached(&row.try_get::<String>("", "attached_files")?)?;
    Ok(Facts {
        standing,
        burden,
        counts,
        bytes_freed: attached.bytes_freed,
        kept_files: attached.kept,
        kept_names: row.try_get::<Option<String>>("", "kept_names")?.unwrap_or_default(),
        removed: first_page(row, "removed", lists.removed)?,
        kept: first_page(row, "kept", lists.kept)?,
        memo,
    })
}

/// What the rules need to know of a memo's row.
pub fn standing(memo: &memo::Model, viewer: Viewer, viewer_is_subscriber: bool) -> Standing {
    Standing {
        viewer: viewer.id,
        viewer_is_chief: viewer.is_chief(),
        viewer_is_subscriber,
        author: memo.author_id,
        recipient: memo.recipient_id,
        draft: memo.draft,
        stage: memo.stage,
        first_act: memo.acted_stage.zip(memo.acted_at),
        on_hold: memo.on_hold,
    }
}

fn count(row: &QueryResult, column: &str) -> Result<u64, DbErr> {
    Ok(u64::try_from(row.try_get::<i64>("", column)?).unwrap_or_default())
}

fn first_page(row: &QueryResult, column: &str, limit: Option<u64>) -> Result<Option<Page<Item>>> {
    let Some(limit) = limit else { return Ok(None) };
    let items = inventory::read_list(&row.try_get::<String>("", column)?)?;
    Ok(Some(Page::of::<ItemKey>(&PageRequest::first(limit), items)))
}

/// How many reminders there are, and how many of other people are still to come: of those who are
/// active and see the memo.
fn reminded() -> String {
    format!(
        "reminded AS MATERIALIZED (SELECT count(*) AS n, \
            count(*) FILTER (WHERE r.user_id <> $2 AND r.due_at > $3 AND r.dismissed_at IS NULL AND u.active \
                AND {}) AS others \
            FROM m JOIN reminders r ON r.memo_id = m.id JOIN users u ON u.id = r.user_id)",
        sees_memo("m", "u.id", "u.role = 'CHIEF'")
    )
}

/// The statement: `$1` the memo, `$2` the viewer, `$3` the present moment, `$4` and `$5` the lengths
/// of the lists.
fn facts_sql(backend: DbBackend, lists: Lists) -> &'static str {
    static TEXTS: [OnceLock<String>; 8] = [const { OnceLock::new() }; 8];
    let (removed, kept) = (lists.removed.is_some(), lists.kept.is_some());
    let index =
        usize::from(backend == DbBackend::Postgres) | usize::from(removed) << 1 | usize::from(kept) << 2;
    let build = || {
        let mut columns = vec![
            "m.*".to_owned(),
            "EXISTS (SELECT 1 FROM subscriber s WHERE s.node = $2) AS is_subscriber".to_owned(),
            "(SELECT others FROM reminded) AS others_reminders".to_owned(),
            inventory::counts_sql(),
            format!("{} AS attached_files", inventory::attached_sql(backend)),
            format!("{} AS kept_names", inventory::kept_names_sql(backend)),
        ];
        if removed || kept {
            // Both parameters must stand in the text, whichever lists are asked for.
            columns.push("CAST($4 AS bigint) + CAST($5 AS bigint) AS wanted".to_owned());
        }
        for (wanted, disposition, limit, name) in
            [(removed, Disposition::Removed, "$4", "removed"), (kept, Disposition::Kept, "$5", "kept")]
        {
            if wanted {
                let window = Window { limit, after: None };
                let list = inventory::list_sql(backend, Whose::Memo, disposition, &window);
                columns.push(format!("{list} AS {name}"));
            }
        }
        format!(
            "WITH {}, {} SELECT {} FROM m",
            inventory::belongings(backend, Whose::Memo),
            reminded(),
            columns.join(", ")
        )
    };
    TEXTS.get(index).map_or("", |text| text.get_or_init(build))
}

/// A page of one of the two lists, of a memo or of the record of a deleted one.
pub(super) async fn read_items<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_id: Uuid,
    record_id: Option<Uuid>,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let backend = connection.get_database_backend();
    let (rank, number, node) = page.after.unwrap_or((-1, 0, Uuid::nil()));
    let whose = if record_id.is_some() { Whose::Record } else { Whose::Memo };
    let window = Window { limit: "$4", after: Some(("CAST($5 AS bigint)", "CAST($6 AS bigint)", "$7")) };
    let list = inventory::list_sql(backend, whose, disposition, &window);
    // Every parameter must stand in the text: `$3` names the record, of which a memo has none.
    let sql = format!(
        "WITH {} SELECT {list} AS items, CAST($3 AS uuid) AS record FROM m",
        inventory::belongings(backend, whose)
    );
    let values = [
        memo_id.into(),
        viewer.id.into(),
        record_id.into(),
        one_more(Some(page.limit)),
        rank.into(),
        number.into(),
        node.into(),
    ];
    let row = connection.query_one_raw(statement(backend, sql, values)).await?;
    let items = match row {
        Some(row) => inventory::read_list(&row.try_get::<String>("", "items")?)?,
        None => Vec::new(),
    };
    Ok(Page::of(page, items))
}
