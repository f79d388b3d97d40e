//! Pages of a list, by the key of the row before or after. So a deep page costs as much as the
//! first one.

use chrono::{Datelike, NaiveDate};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    Value,
    sea_query::{Expr, Func},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The maximum number of rows on a page.
pub const MAX_PAGE: u64 = 100;
/// The number of rows on a page if the client does not choose one.
pub const DEFAULT_PAGE: u64 = 20;

/// Which page of a list is requested. `K` is the sort key, which is unique in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest<K> {
    /// The number of rows, from 1 to [`MAX_PAGE`].
    pub limit: u64,
    /// Whether the last rows are requested instead of the first ones. The order of the rows is the
    /// same.
    pub from_end: bool,
    /// Only rows after this one.
    pub after: Option<K>,
    /// Only rows before this one.
    pub before: Option<K>,
    /// Whether the list is sorted the other way round.
    pub reversed: bool,
}

impl<K> PageRequest<K> {
    /// The first `limit` rows.
    pub fn first(limit: u64) -> Self {
        Self { limit, from_end: false, after: None, before: None, reversed: false }
    }
}

impl<K> Default for PageRequest<K> {
    fn default() -> Self {
        Self::first(DEFAULT_PAGE)
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows, in the list's order.
    pub rows: Vec<T>,
    /// Whether rows follow this page.
    pub has_next: bool,
    /// Whether rows precede this page.
    pub has_previous: bool,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), has_next: false, has_previous: false }
    }
}

impl<T> Page<T> {
    /// Makes a page of up to `limit + 1` rows that were read in the direction of the request. An
    /// extra row shows that there are more.
    pub fn of<K>(request: &PageRequest<K>, mut rows: Vec<T>) -> Self {
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if request.from_end {
            rows.reverse();
            Self { rows, has_next: request.before.is_some(), has_previous: more }
        } else {
            Self { rows, has_next: more, has_previous: request.after.is_some() }
        }
    }

    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(f).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

impl<K> PageRequest<K> {
    /// The statement for this page of a list that is sorted by these columns. `values` returns
    /// those of a position. It reads one row more than the page contains.
    fn select<E: EntityTrait>(
        &self,
        mut query: Select<E>,
        columns: &[Expr],
        values: impl Fn(&K) -> Vec<Expr>,
        descending: bool,
    ) -> Select<E> {
        let descending = descending != self.reversed;
        let place = || tuple(columns.to_vec());
        if let Some(after) = &self.after {
            let than = tuple(values(after));
            query = query.filter(if descending { place().lt(than) } else { place().gt(than) });
        }
        if let Some(before) = &self.before {
            let than = tuple(values(before));
            query = query.filter(if descending { place().gt(than) } else { place().lt(than) });
        }
        let order = if descending == self.from_end { Order::Asc } else { Order::Desc };
        for column in columns {
            query = query.order_by(column.clone(), order.clone());
        }
        query.limit(self.limit + 1)
    }
}

fn tuple(mut columns: Vec<Expr>) -> Expr {
    match columns.pop() {
        Some(only) if columns.is_empty() => only,
        last => Expr::tuple(columns.into_iter().chain(last)),
    }
}

fn column(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}

impl PageRequest<Uuid> {
    /// The statement for this page of a list with the newest ids first. It reads one row more than
    /// the page contains.
    pub fn newest_first<E: EntityTrait>(
        &self,
        query: Select<E>,
        id: impl ColumnTrait,
    ) -> Select<E> {
        self.select(query, &[column(id)], |id| vec![Expr::value(*id)], true)
    }

    /// The statement for this page of a list with the oldest ids first. It reads one row more than
    /// the page contains.
    pub fn oldest_first<E: EntityTrait>(
        &self,
        query: Select<E>,
        id: impl ColumnTrait,
    ) -> Select<E> {
        self.select(query, &[column(id)], |id| vec![Expr::value(*id)], false)
    }
}

impl<V: Clone + Into<Value>> PageRequest<(V, Uuid)> {
    /// The statement for this page of a list that is sorted by a column, then by id, with the
    /// smallest value first. It reads one row more than the page contains.
    pub fn by_value<E: EntityTrait, C: ColumnTrait>(
        &self,
        query: Select<E>,
        sorted_by: C,
        id: C,
    ) -> Select<E> {
        let values = |(value, id): &(V, Uuid)| vec![Expr::value(value.clone()), Expr::value(*id)];
        self.select(query, &[column(sorted_by), column(id)], values, false)
    }
}

/// What a list can be sorted by. Rows with equal values are sorted by their ids, and so by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// When it was created, the latest first.
    Age,
    /// Its name, alphabetically.
    Name,
    /// Its due date, the earliest first. Rows without one come last.
    DueDate,
}

/// The columns by which a list can be sorted.
#[derive(Debug, Clone, Copy)]
pub struct SortColumns<C> {
    /// The id, which contains the age.
    pub id: C,
    /// The name.
    pub name: C,
    /// The due date; `None` if the rows have no such column.
    pub due_date: Option<C>,
}

/// The position of a row in a list that can be sorted by several values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowKey {
    /// Sorted by age. The id contains it.
    Age(Uuid),
    /// Sorted by name.
    Name(String, Uuid),
    /// Sorted by a day.
    Day(NaiveDate, Uuid),
}

/// Stands for "no day". It is the last day that both databases write with four digits. The indexes
/// use the same day.
pub(crate) const NO_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a real day");

impl SortBy {
    /// The position of a row.
    pub fn key(self, id: Uuid, name: &str, due_date: Option<NaiveDate>) -> RowKey {
        match self {
            Self::Age => RowKey::Age(id),
            Self::Name => RowKey::Name(name.to_owned(), id),
            Self::DueDate => RowKey::Day(due_date.unwrap_or(NO_DAY), id),
        }
    }

    /// Whether the position belongs to a list with this order and the databases can search for it.
    /// A client may have made it up.
    pub fn fits(self, key: &RowKey) -> bool {
        match (self, key) {
            (Self::Age, RowKey::Age(_)) => true,
            (Self::Name, RowKey::Name(name, _)) => !name.contains('\0'),
            (Self::DueDate, RowKey::Day(day, _)) => has_four_digits(*day),
            _ => false,
        }
    }
}

/// Whether a day is in the years 1 to 9999. PostgreSQL stores no day before 4713 BC. SQLite
/// compares texts, in which a year has four digits.
pub(crate) fn has_four_digits(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

impl PageRequest<RowKey> {
    /// The statement for this page of a list that is sorted by one of the columns, then by id. It
    /// reads one row more than the page contains.
    pub fn sorted<E: EntityTrait, C: ColumnTrait>(
        &self,
        query: Select<E>,
        sort: SortBy,
        SortColumns { id, name, due_date }: SortColumns<C>,
    ) -> Select<E> {
        let columns = match (sort, due_date) {
            (SortBy::Age, _) => vec![column(id)],
            (SortBy::DueDate, Some(due_date)) => {
                // A bound value would not match the expression of the index.
                let day = Func::coalesce([column(due_date), Expr::cust("'9999-12-31'")]);
                vec![day.into(), column(id)]
            }
            (SortBy::Name | SortBy::DueDate, _) => vec![column(name), column(id)],
        };
        let values = |key: &RowKey| match key {
            RowKey::Age(id) => vec![Expr::value(*id)],
            RowKey::Name(name, id) => vec![Expr::value(name.clone()), Expr::value(*id)],
            RowKey::Day(day, id) => vec![Expr::value(*day), Expr::value(*id)],
        };
        self.select(query, &columns, values, sort == SortBy::Age)
    }
}
