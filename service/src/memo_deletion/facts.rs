//! Reads, in one statement, all that a preview or a deletion needs to know of a memo.

use super::{
    inventory::{self, Item, ItemCount, ItemKey, ItemKind, Purpose, Window},
    policy::{Burden, Standing},
};
use crate::{
    Error, Result, Viewer,
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
    /// The names of everything that stays.
    pub(super) kept_names: String,
    /// The beginning of the two lists, where asked for.
    pub(super) removed: Option<Page<Item>>,
    pub(super) kept: Option<Page<Item>>,
}

/// How the facts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// For a preview, with the first items of each list, as many as given; none where `None`.
    Preview { removed: Option<u64>, kept: Option<u64> },
    /// For a deletion: the memo's row stays locked until the transaction ends.
    Locked,
}

/// Reads the facts; `None` if there is no such memo. Whether the viewer may see it, the rules say.
pub(super) async fn read<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_id: Uuid,
    now: DateTime<Utc>,
    how: Read,
) -> Result<Option<Facts>> {
    let (removed, kept) = match how {
        Read::Preview { removed, kept } => (removed, kept),
        Read::Locked => (None, None),
    };
    let backend = connection.get_database_backend();
    let sql = facts_sql(backend, how == Read::Locked, removed.is_some(), kept.is_some());
    let mut values = vec![memo_id.into(), viewer.id.into(), now.into()];
    if removed.is_some() || kept.is_some() {
        values.push(one_more(removed));
        values.push(one_more(kept));
    }
    // A statement that had to wait for the lock sees the memo's row as it is now, but everything else as it was before it waited. It shows
    // by the revision, and the second reading, which need not wait, sees all as it is.
    for _ in 0..2 {
        let Some(row) = connection.query_one_raw(statement(backend, sql, values.clone())).await? else {
            return Ok(None);
        };
        let memo = memo::Model::from_query_result(&row, "")?;
        if how == Read::Locked && row.try_get::<i64>("", "seen_revision")? != memo.revision {
            continue;
        }
        return from_row(&row, memo, viewer, removed, kept).map(Some);
    }
    Err(Error::Inconsistent(format!("memo {memo_id} changed while its row was locked")))
}

fn one_more(limit: Option<u64>) -> sea_orm::Value {
    i64::try_from(limit.unwrap_or_default() + 1).unwrap_or(i64::MAX).into()
}

fn from_row(
    row: &QueryResult,
    memo: memo::Model,
    viewer: Viewer,
    removed: Option<u64>,
    kept: Option<u64>,
) -> Result<Facts> {
    let mut counts = Vec::new();
    for (rank, (disposition, kind)) in inventory::counted_kinds().enumerate() {
        let count = count(row, &format!("n{rank}"))?;
        if count > 0 {
            counts.push(ItemCount { disposition, kind, count });
        }
    }
    let standing = standing(&memo, viewer, row.try_get("", "is_subscriber")?);
    let own_comments = if viewer.id == memo.author_id {
        memo.author_comment_count
    } else if viewer.id == memo.recipient_id {
        memo.recipient_comment_count
    } else {
        0
    };
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
    Ok(Facts {
        standing,
        burden,
        counts,
        bytes_freed: row.try_get("", "bytes_freed")?,
        kept_names: row.try_get::<Option<String>>("", "kept_names")?.unwrap_or_default(),
        removed: first_page(row, "removed", removed)?,
        kept: first_page(row, "kept", kept)?,
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

/// How many reminders there are, and how many of other people are still to come.
const REMINDED: &str = "reminded AS MATERIALIZED (SELECT count(*) AS n, \
    count(*) FILTER (WHERE user_id <> $2 AND due_at > $3 AND dismissed_at IS NULL) AS others FROM reminders WHERE memo_id = $1)";

/// The statement: `$1` the memo, `$2` the viewer, `$3` the present moment, `$4` and `$5` the lengths of the lists.
fn facts_sql(backend: DbBackend, locked: bool, removed: bool, kept: bool) -> &'static str {
    static TEXTS: [OnceLock<String>; 16] = [const { OnceLock::new() }; 16];
    let index = usize::from(backend == DbBackend::Postgres)
        | usize::from(locked) << 1
        | usize::from(removed) << 2
        | usize::from(kept) << 3;
    let build = || {
        let purpose = if locked { Purpose::ShowLocked } else { Purpose::Show };
        let mut columns = vec![
            "m.*".to_owned(),
            "EXISTS (SELECT 1 FROM subscriber s WHERE s.node = $2) AS is_subscriber".to_owned(),
            "(SELECT others FROM reminded) AS others_reminders".to_owned(),
            inventory::counts_sql(),
            format!("{} AS bytes_freed", inventory::BYTES_FREED),
            format!("{} AS kept_names", inventory::kept_names_sql(backend)),
        ];
        if locked {
            columns.push("(SELECT o.revision FROM memos o WHERE o.id = $1) AS seen_revision".to_owned());
        }
        if removed || kept {
            // Both parameters must stand in the text, whichever lists are asked for.
            columns.push("CAST($4 AS bigint) + CAST($5 AS bigint) AS wanted".to_owned());
        }
        for (wanted, disposition, limit, name) in
            [(removed, Disposition::Removed, "$4", "removed"), (kept, Disposition::Kept, "$5", "kept")]
        {
            if wanted {
                let list = inventory::list_sql(backend, disposition, &Window { limit, after: None });
                columns.push(format!("{list} AS {name}"));
            }
        }
        format!(
            "WITH {}, {REMINDED} SELECT {} FROM m",
            inventory::belongings(backend, purpose),
            columns.join(", ")
        )
    };
    TEXTS.get(index).map_or("", |text| text.get_or_init(build))
}

/// A page of one of the two lists of a memo that the viewer sees.
pub(super) async fn read_items<C: ConnectionTrait>(
    connection: &C,
    viewer: Viewer,
    memo_id: Uuid,
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let backend = connection.get_database_backend();
    let (rank, node) = page.after.unwrap_or((-1, Uuid::nil()));
    let list = inventory::list_sql(
        backend,
        disposition,
        &Window { limit: "$3", after: Some(("CAST($4 AS bigint)", "$5")) },
    );
    let sql = format!("WITH {} SELECT {list} AS items", inventory::belongings(backend, Purpose::Show));
    let values = [memo_id.into(), viewer.id.into(), one_more(Some(page.limit)), rank.into(), node.into()];
    let row = connection.query_one_raw(statement(backend, sql, values)).await?;
    let items = match row {
        Some(row) => inventory::read_list(&row.try_get::<String>("", "items")?)?,
        None => Vec::new(),
    };
    Ok(Page::of(page, items))
}
