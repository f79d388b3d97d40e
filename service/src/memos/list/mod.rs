//! Lists of memos: a box, a filter, an order, a page.
//!
//! Each list is one statement that starts at a position of an index, so a deep page costs as much
//! as the first one. A box with one range of an index is read in the order of the list. A box with
//! several ranges reads a page of each and joins these pages. A search starts with the results of
//! the text index.

mod boxes;
mod filter;
mod links;
mod order;
mod search;

pub use boxes::MemoBox;
pub use filter::MemoFilter;
pub use links::{MemoLinks, WantedLinks};
pub use order::{MemoKey, MemoOrder, MemoOrderField, is_searchable};
pub use search::SearchText;

use order::PlaceNames;

use crate::{
    Result, Services, Viewer,
    access::{IndexRange, reads_conclusion},
    database::{FromColumns, NamedText, Parameters, sql::column_names},
    page::{Page, PageRequest},
};
use chrono::NaiveDate;
use entity::memo;
use foldhash::fast::RandomState;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};
use uuid::Uuid;

/// A memo in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMemo {
    /// Its row.
    pub memo: memo::Model,
    /// How well it matches the searched text. 2: by its name; 1: by name and description; 0: only
    /// together with the conclusion, or without a search.
    pub rank: i32,
    /// What was read along with it.
    pub links: MemoLinks,
}

/// A page of a box.
///
/// # Errors
/// Returns errors of the database.
pub async fn list(
    services: &Services,
    viewer: Viewer,
    memo_box: MemoBox,
    filter: &MemoFilter,
    order: MemoOrder,
    page: &PageRequest<MemoKey>,
    links: WantedLinks,
) -> Result<Page<ListedMemo>> {
    let database = &services.database;
    let today = services.now().date_naive();
    let mut listed = Query::new(database.backend(), viewer, memo_box, filter, today);
    if links.losses {
        listed.parameters.bind("now", services.now());
    }
    let statement = match FirstPage::of(database.backend(), viewer, memo_box, order, page, links) {
        Some(first) if listed.is_whole_box() => {
            let text = first.text(|| listed.page_text(viewer, order, page, links));
            listed.parameters.statement_of(&text)
        }
        _ => listed.memos_page_statement(viewer, order, page, links),
    };
    let mut rows = database.connection().query_all_raw(statement).await?;
    services.sign_in.confirm(rows.first())?;
    if let [row] = rows.as_slice()
        && row.try_get::<Option<Uuid>>("", "id")?.is_none()
    {
        rows.clear();
    }
    let memo = |row| memo::Model::read(row, "");
    let memos = rows.iter().map(memo).collect::<Result<Vec<memo::Model>>>()?;
    let links = links.read(services, &rows, &memos.iter().collect::<Vec<_>>()).await?;
    let listed = rows.iter().zip(memos).zip(links).map(|((row, memo), links)| {
        let rank = if filter.text.is_some() { row.try_get("", "rank")? } else { 0 };
        Ok(ListedMemo { memo, rank, links })
    });
    Ok(Page::of(page, listed.collect::<Result<_>>()?))
}

/// How many memos a box holds.
///
/// # Errors
/// Returns errors of the database.
pub async fn count(
    services: &Services,
    viewer: Viewer,
    memo_box: MemoBox,
    filter: &MemoFilter,
) -> Result<u64> {
    let database = &services.database;
    let today = services.now().date_naive();
    let listed = Query::new(database.backend(), viewer, memo_box, filter, today);
    let row = database.connection().query_one_raw(listed.memos_count_statement()).await?;
    let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The placeholder of the viewer's id.
const VIEWER: &str = ":viewer";

/// The placeholder of the current time. Only the losses need it.
const NOW: &str = ":now";

/// The columns of a memo's row.
static COLUMNS: LazyLock<String> = LazyLock::new(|| column_names::<memo::Entity>("memos."));

/// What all statements of a list have in common.
struct Query {
    ranges: &'static [IndexRange],
    /// The conditions of the filter. Each follows an `AND`.
    filter: String,
    /// The rows that match the searched text, if there is one.
    found: Option<&'static str>,
    parameters: Parameters,
}

impl Query {
    fn new(
        backend: DbBackend,
        viewer: Viewer,
        memo_box: MemoBox,
        filter: &MemoFilter,
        today: NaiveDate,
    ) -> Self {
        let mut parameters = Parameters::new(backend);
        parameters.bind("viewer", viewer.id);
        Self {
            ranges: memo_box.ranges(viewer.is_chief()),
            filter: filter.conditions(today, &mut parameters),
            found: filter.text.as_ref().map(|text| text.found(&mut parameters)),
            parameters,
        }
    }

    /// Whether it has no filter.
    fn is_whole_box(&self) -> bool {
        self.filter.is_empty() && self.found.is_none()
    }

    /// Reads one row more than the page contains, in the direction of the page.
    fn memos_page_statement(
        mut self,
        viewer: Viewer,
        order: MemoOrder,
        page: &PageRequest<MemoKey>,
        links: WantedLinks,
    ) -> Statement {
        let text = self.page_text(viewer, order, page, links);
        self.parameters.statement(&text)
    }

    /// The text of that statement. Binds the position of the page.
    fn page_text(
        &mut self,
        viewer: Viewer,
        order: MemoOrder,
        page: &PageRequest<MemoKey>,
        links: WantedLinks,
    ) -> String {
        let places = [
            (&page.after, PlaceNames::AFTER, !order.descending),
            (&page.before, PlaceNames::BEFORE, order.descending),
        ];
        for (key, names, _) in &places {
            if let Some(key) = key {
                names.bind(key, &mut self.parameters);
            }
        }
        let place = |id: &str| -> String {
            let given = places.iter().filter(|(key, ..)| key.is_some());
            given
                .map(|(_, names, greater)| format!(" AND {}", order.beyond(names, *greater, id)))
                .collect()
        };
        // The number is part of the text and not a parameter, because PostgreSQL uses it for the
        // plan. With an unknown limit, PostgreSQL assumes a tenth of all rows.
        let limit = page.limit + 1;
        let direction = if order.descending == page.from_end { "ASC" } else { "DESC" };
        let sorted = |id: &str| format!("ORDER BY {} LIMIT {limit}", order.columns(id, direction));
        let end = |id: &str| format!("{}{} {}", self.filter, place(id), sorted(id));
        let columns: &str = &COLUMNS;
        let text = if let Some(found) = self.found() {
            format!("SELECT {columns}, found.rank AS rank {found}{}", end("memos.id"))
        } else if let [range] = self.ranges {
            format!("SELECT {columns} {}{}", range.rows(VIEWER), end(range.id()))
        } else {
            let pages = self.ranges.iter().enumerate().map(|(n, range)| {
                let (rows, id) = (range.rows(VIEWER), range.id());
                format!("SELECT id FROM (SELECT {id} AS id {rows}{}) AS part{n}", end(id))
            });
            let ids = pages.collect::<Vec<_>>().join(" UNION ");
            format!("SELECT {columns} FROM memos WHERE memos.id IN ({ids}) {}", sorted("memos.id"))
        };
        let backend = self.parameters.backend();
        let order = order.columns_of_page(direction);
        links.around(backend, viewer, [VIEWER, NOW], &text, &order)
    }

    fn memos_count_statement(mut self) -> Statement {
        let filter = &self.filter;
        let text = if let Some(found) = self.found() {
            format!("SELECT count(*) AS n {found}{filter}")
        } else if let [range] = self.ranges {
            format!("SELECT count(*) AS n {}{filter}", range.rows(VIEWER))
        } else {
            let ids = self
                .ranges
                .iter()
                .map(|range| format!("SELECT {} AS id {}{filter}", range.id(), range.rows(VIEWER)));
            let ids = ids.collect::<Vec<_>>().join(" UNION ");
            format!("SELECT count(*) AS n FROM ({ids}) AS listed")
        };
        self.parameters.statement(&text)
    }

    /// The `FROM` and `WHERE` clauses for memos that match the searched text. If only the
    /// conclusion makes a memo match, only author and recipient find it.
    fn found(&self) -> Option<String> {
        let found = self.found?;
        // SQLite keeps the order of a CROSS JOIN. Without it, SQLite may read all memos of a box
        // and compare each one with all results.
        let is_postgres = self.parameters.backend() == DbBackend::Postgres;
        let join = if is_postgres { "JOIN" } else { "CROSS JOIN" };
        let ranges = self.ranges.iter().map(|range| range.condition(VIEWER));
        let in_ranges = ranges.collect::<Vec<_>>().join(" OR ");
        let reads_conclusion = reads_conclusion("memos", VIEWER);
        Some(format!(
            "FROM ({found}) AS found
            {join} memos ON memos.id = found.memo_id
            WHERE ({in_ranges}) AND (found.rank > 0 OR {reads_conclusion})"
        ))
    }
}

/// How many texts of first pages are kept. Each takes about 4 KB.
const MAX_TEXTS: usize = 200;

/// A page without a filter at the beginning or end of a box. Most pages are such pages, and putting
/// their text together costs more than sending it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct FirstPage {
    is_postgres: bool,
    is_chief: bool,
    memo_box: MemoBox,
    order: MemoOrder,
    limit: u64,
    from_end: bool,
    links: WantedLinks,
}

impl FirstPage {
    /// `None` if the page begins or ends at a memo.
    fn of(
        backend: DbBackend,
        viewer: Viewer,
        memo_box: MemoBox,
        order: MemoOrder,
        page: &PageRequest<MemoKey>,
        links: WantedLinks,
    ) -> Option<Self> {
        (page.after.is_none() && page.before.is_none()).then(|| Self {
            is_postgres: backend == DbBackend::Postgres,
            is_chief: viewer.is_chief(),
            memo_box,
            order,
            limit: page.limit,
            from_end: page.from_end,
            links,
        })
    }

    /// Its text. `write` writes it the first time.
    fn text(self, write: impl FnOnce() -> String) -> Arc<NamedText> {
        static TEXTS: LazyLock<Mutex<HashMap<FirstPage, Arc<NamedText>, RandomState>>> =
            LazyLock::new(Mutex::default);
        let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = texts.get(&self) {
            return text.clone();
        }
        let backend = if self.is_postgres { DbBackend::Postgres } else { DbBackend::Sqlite };
        let text = Arc::new(NamedText::new(backend, &write(), ["viewer", "now"]));
        if texts.len() >= MAX_TEXTS {
            texts.clear();
        }
        texts.insert(self, text.clone());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use chrono::DateTime;
    use entity::{MemoStage, UserRole};

    #[test]
    fn statements_are_the_committed_ones() {
        let (now, day) = (DateTime::UNIX_EPOCH, NaiveDate::MIN);
        let viewer = Viewer { id: Uuid::nil(), role: UserRole::Member };
        let chief = Viewer { role: UserRole::Chief, ..viewer };
        let id = Some(Uuid::max());
        let found = |text| SearchText::parse(text).ok();
        let whole = MemoFilter::default();
        let searched = MemoFilter { text: found("oak"), ..MemoFilter::default() };
        let filtered = MemoFilter {
            stages: Some(vec![MemoStage::Pending]),
            author_id: id,
            recipient_id: id,
            person_id: id,
            tag_id: id,
            deal_id: id,
            created_from: Some(now),
            created_before: Some(now),
            sent_from: Some(now),
            sent_before: Some(now),
            review_from: Some(day),
            review_until: Some(day),
            has_task: Some(true),
            has_project: Some(false),
            has_files: Some(true),
            overdue: Some(true),
            unread: Some(true),
            text: None,
        };
        let first = PageRequest::first(20);
        let by_name = MemoOrder { field: MemoOrderField::Name, descending: false };
        let by_rank = MemoOrder { field: MemoOrderField::Relevance, descending: true };
        let deep = PageRequest {
            after: Some(MemoKey::Text("Oak".to_owned(), Uuid::nil())),
            before: Some(MemoKey::Text("Pine".to_owned(), Uuid::nil())),
            ..PageRequest::first(20)
        };
        use MemoBox::{AllVisible, Drafts, Inbox, Sent, Subscribed};
        let none = WantedLinks::default();
        let all = WantedLinks {
            parties: true,
            subscribers: true,
            tags: true,
            task: true,
            project: true,
            deal: true,
            resolution: true,
            subscribed: true,
            unread: true,
            losses: true,
        };
        for (name, viewer, memo_box, filter, order, page) in [
            ("inbox", viewer, Inbox, &whole, MemoOrder::default(), &first),
            ("inbox.filtered", viewer, Inbox, &filtered, MemoOrder::default(), &first),
            ("inbox.deep", viewer, Inbox, &whole, by_name, &deep),
            ("sent", viewer, Sent, &whole, MemoOrder::default(), &first),
            ("drafts", viewer, Drafts, &whole, MemoOrder::default(), &first),
            ("subscribed", viewer, Subscribed, &whole, MemoOrder::default(), &first),
            ("all_visible.member", viewer, AllVisible, &whole, by_name, &deep),
            ("all_visible.chief", chief, AllVisible, &whole, MemoOrder::default(), &first),
            ("all_visible.searched", viewer, AllVisible, &searched, by_rank, &first),
        ] {
            let query = |backend| Query::new(backend, viewer, memo_box, filter, day);
            assert_statement(&format!("memos_page.{name}"), |backend| {
                query(backend).memos_page_statement(viewer, order, page, none)
            });
            assert_statement(&format!("memos_page.{name}.linked"), |backend| {
                let mut query = query(backend);
                query.parameters.bind("now", now);
                query.memos_page_statement(viewer, order, page, all)
            });
            assert_statement(&format!("memos_count.{name}"), |backend| {
                query(backend).memos_count_statement()
            });
        }
    }
}
