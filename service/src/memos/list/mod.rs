//! Lists of memos: a box, a filter, an order, a page.
//!
//! Each list is one statement, which begins where an index does: a box that is one range of an
//! index is read in the list's order; a list of several boxes takes a page of each and joins them;
//! a search begins with what the text index finds. So a deep page costs what the first one costs.

mod boxes;
mod filter;
mod order;
mod search;

pub use boxes::MemoBox;
pub use filter::MemoFilter;
pub use order::{MemoKey, MemoOrder, MemoOrderField, is_searchable};
pub use search::SearchText;

use crate::{
    Result, Services, Viewer,
    access::{IndexRange, reads_conclusion},
    database::sql::{Parameters, statement},
    page::{Page, PageRequest},
};
use entity::memo;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};

/// A memo of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMemo {
    /// Its row.
    pub memo: memo::Model,
    /// How well it fits the text that was searched: 2 by its name, 1 by name and description, 0
    /// only together with the conclusion. 0 where none was.
    pub rank: i32,
}

/// A page of a box.
///
/// # Errors
/// What the database answers.
pub async fn list(
    services: &Services,
    viewer: Viewer,
    memo_box: MemoBox,
    filter: &MemoFilter,
    order: MemoOrder,
    page: &PageRequest<MemoKey>,
) -> Result<Page<ListedMemo>> {
    let backend = services.database.backend();
    let mut parameters = Parameters::default();
    let query = Query::new(services, viewer, memo_box, filter, &mut parameters);
    let sql = query.page(order, page, &mut parameters);
    let rows = services
        .database
        .connection()
        .query_all_raw(statement(backend, sql, parameters.0))
        .await?
        .iter()
        .map(|row| {
            let rank = if filter.text.is_some() { row.try_get("", "rank")? } else { 0 };
            Ok(ListedMemo { memo: memo::Model::from_query_result(row, "")?, rank })
        })
        .collect::<Result<Vec<ListedMemo>>>()?;
    Ok(Page::of(page, rows))
}

/// How many memos a box holds.
///
/// # Errors
/// What the database answers.
pub async fn count(
    services: &Services,
    viewer: Viewer,
    memo_box: MemoBox,
    filter: &MemoFilter,
) -> Result<u64> {
    let mut parameters = Parameters::default();
    let sql = Query::new(services, viewer, memo_box, filter, &mut parameters).count();
    let row = services
        .database
        .connection()
        .query_one_raw(statement(services.database.backend(), sql, parameters.0))
        .await?;
    let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or_default())
}

/// What all statements of a list have in common.
struct Query {
    ranges: &'static [IndexRange],
    /// The viewer's placeholder.
    me: String,
    /// What the filter demands, each condition after an `AND`.
    filter: String,
    /// The rows that fit the text, if one is searched.
    found: Option<String>,
    backend: DbBackend,
}

impl Query {
    fn new(
        services: &Services,
        viewer: Viewer,
        memo_box: MemoBox,
        filter: &MemoFilter,
        parameters: &mut Parameters,
    ) -> Self {
        let backend: DbBackend = services.database.backend();
        let me = parameters.bind(viewer.id);
        Self {
            ranges: memo_box.ranges(viewer.is_chief()),
            filter: filter.conditions(&me, services.now().date_naive(), parameters),
            found: filter.text.as_ref().map(|text| text.found(backend, parameters)),
            me,
            backend,
        }
    }

    /// One row more than the page holds, in the direction in which the page is read.
    fn page(
        &self,
        order: MemoOrder,
        page: &PageRequest<MemoKey>,
        parameters: &mut Parameters,
    ) -> String {
        let after = page.after.as_ref().map(|key| order.beyond(key, !order.descending, parameters));
        let before =
            page.before.as_ref().map(|key| order.beyond(key, order.descending, parameters));
        // A number in the text, not a parameter: PostgreSQL plans for it, and would take an unknown
        // one for a tenth of all rows.
        let limit = page.limit + 1;
        let direction = if order.descending == page.from_end { "ASC" } else { "DESC" };
        let place = |id: &str| -> String {
            [&after, &before]
                .into_iter()
                .flatten()
                .map(|place| format!(" AND {}", place(id)))
                .collect()
        };
        let sorted = |id: &str| format!("ORDER BY {} LIMIT {limit}", order.columns(id, direction));
        let end = |id: &str| format!("{}{} {}", self.filter, place(id), sorted(id));
        if let Some(found) = self.found() {
            return format!("SELECT memos.*, found.rank AS rank {found}{}", end("memos.id"));
        }
        if let [range] = self.ranges {
            return format!("SELECT memos.* {}{}", range.rows(&self.me), end(range.id()));
        }
        let pages: Vec<String> = self
            .ranges
            .iter()
            .enumerate()
            .map(|(n, range)| {
                let (rows, id) = (range.rows(&self.me), range.id());
                format!("SELECT id FROM (SELECT {id} AS id {rows}{}) AS part{n}", end(id))
            })
            .collect();
        let ids = pages.join(" UNION ");
        format!("SELECT memos.* FROM memos WHERE memos.id IN ({ids}) {}", sorted("memos.id"))
    }

    fn count(&self) -> String {
        if let Some(found) = self.found() {
            return format!("SELECT count(*) AS n {found}{}", self.filter);
        }
        if let [range] = self.ranges {
            return format!("SELECT count(*) AS n {}{}", range.rows(&self.me), self.filter);
        }
        let ids: Vec<String> = self
            .ranges
            .iter()
            .map(|range| {
                format!("SELECT {} AS id {}{}", range.id(), range.rows(&self.me), self.filter)
            })
            .collect();
        format!("SELECT count(*) AS n FROM ({}) AS listed", ids.join(" UNION "))
    }

    /// From where and under which condition memos that fit the text are read. The conclusion is for
    /// author and recipient: where only it makes a memo fit, nobody else finds it.
    fn found(&self) -> Option<String> {
        let found = self.found.as_ref()?;
        // SQLite keeps the order of a CROSS JOIN. Left to itself it may go through the memos of a
        // box, and for each of them through all that was found.
        let join = if self.backend == DbBackend::Postgres { "JOIN" } else { "CROSS JOIN" };
        let me = &self.me;
        let ranges: Vec<String> = self.ranges.iter().map(|range| range.condition(me)).collect();
        Some(format!(
            "FROM ({found}) AS found {join} memos ON memos.id = found.memo_id WHERE ({}) \
             AND (found.rank > 0 OR {})",
            ranges.join(" OR "),
            reads_conclusion("memos", me)
        ))
    }
}
