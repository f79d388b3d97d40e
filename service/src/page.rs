//! Pages of a list, by the key of the row before or after. So a deep page costs as much as the
//! first one.

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
}

impl<K> PageRequest<K> {
    /// The first `limit` rows.
    pub fn first(limit: u64) -> Self {
        Self { limit, from_end: false, after: None, before: None }
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

impl PageRequest<uuid::Uuid> {
    /// The statement for this page of a list with the newest ids first. It reads one row more than
    /// the page contains.
    pub fn newest_first<E, C>(&self, query: sea_orm::Select<E>, id: C) -> sea_orm::Select<E>
    where
        E: sea_orm::EntityTrait,
        C: sea_orm::ColumnTrait,
    {
        self.sorted(query, id, true)
    }

    /// The statement for this page of a list with the oldest ids first. It reads one row more than
    /// the page contains.
    pub fn oldest_first<E, C>(&self, query: sea_orm::Select<E>, id: C) -> sea_orm::Select<E>
    where
        E: sea_orm::EntityTrait,
        C: sea_orm::ColumnTrait,
    {
        self.sorted(query, id, false)
    }

    fn sorted<E, C>(
        &self,
        mut query: sea_orm::Select<E>,
        id: C,
        descending: bool,
    ) -> sea_orm::Select<E>
    where
        E: sea_orm::EntityTrait,
        C: sea_orm::ColumnTrait,
    {
        use sea_orm::{Order, QueryFilter, QueryOrder, QuerySelect};
        let later = |than| if descending { id.lt(than) } else { id.gt(than) };
        let earlier = |than| if descending { id.gt(than) } else { id.lt(than) };
        if let Some(after) = self.after {
            query = query.filter(later(after));
        }
        if let Some(before) = self.before {
            query = query.filter(earlier(before));
        }
        let order = if descending == self.from_end { Order::Asc } else { Order::Desc };
        query.order_by(id, order).limit(self.limit + 1)
    }
}

/// The position of a row in a list that is sorted by name: its name, then its id.
pub type NameKey = (String, uuid::Uuid);

/// Whether a database can search for this position. A client may have invented it.
pub fn is_searchable(key: &NameKey) -> bool {
    !key.0.contains('\0')
}

impl<V: Clone + Into<sea_orm::Value>> PageRequest<(V, uuid::Uuid)> {
    /// The statement for this page of a list that is sorted by a column, then by id, with the
    /// smallest value first. It reads one row more than the page contains.
    pub fn by_value<E, C>(
        &self,
        mut query: sea_orm::Select<E>,
        column: C,
        id: C,
    ) -> sea_orm::Select<E>
    where
        E: sea_orm::EntityTrait,
        C: sea_orm::ColumnTrait,
    {
        use sea_orm::{ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
        let place =
            || Expr::tuple([Expr::col(column.as_column_ref()), Expr::col(id.as_column_ref())]);
        let value = |(value, id): &(V, uuid::Uuid)| {
            Expr::tuple([Expr::value(value.clone()), Expr::value(*id)])
        };
        if let Some(after) = &self.after {
            query = query.filter(place().gt(value(after)));
        }
        if let Some(before) = &self.before {
            query = query.filter(place().lt(value(before)));
        }
        let order = if self.from_end { Order::Desc } else { Order::Asc };
        query.order_by(column, order.clone()).order_by(id, order).limit(self.limit + 1)
    }
}
