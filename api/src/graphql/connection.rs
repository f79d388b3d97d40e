//! Relay connections: converts arguments into page requests, and pages into connections.

use super::{
    at_hand::{AtHand, write_object},
    counted::Counted,
    error::{ApiError, ApiResult},
};
use crate::document::write_list;
use async_graphql::{
    Context, ObjectType, OutputType,
    connection::{Connection, Edge},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use service::page::{DEFAULT_PAGE, MAX_PAGE, Page, PageRequest};
use sha2::{Digest, Sha256};

/// The arguments `first`, `after`, `last` and `before` as the client sent them.
#[derive(Debug, Clone, Default)]
pub struct PageArguments {
    /// How many items from the start.
    pub first: Option<i32>,
    /// After this cursor.
    pub after: Option<String>,
    /// How many items from the end.
    pub last: Option<i32>,
    /// Before this cursor.
    pub before: Option<String>,
}

/// A page of a list, with the number of items in the whole list.
pub type ListConnection<Node> = Connection<String, Node, Counted>;

/// How many bytes of a digest a cursor has: enough to tell lists apart.
const SCOPE_BYTES: usize = 8;

/// The list that a cursor belongs to, with everything that determines its order and content.
#[derive(Debug, Clone)]
pub struct Scope(String);

impl Scope {
    /// The list with this name and these properties.
    pub fn new(list: &str, properties: impl std::fmt::Debug) -> Self {
        // The standard library's hash may change with the compiler, and invalidate all cursors.
        let digest = Sha256::digest(format!("{list}\0{properties:?}"));
        Self(URL_SAFE_NO_PAD.encode(digest.get(..SCOPE_BYTES).unwrap_or_default()))
    }

    fn encode<K: Serialize>(&self, key: &K) -> String {
        // A key consists of ids, numbers, times and texts, which always have a JSON form.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(&self.0, key)).unwrap_or_default())
    }

    fn decode<K: DeserializeOwned>(&self, argument: &str, cursor: &str) -> ApiResult<K> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| garbled(argument))?;
        let (scope, key): (String, serde_json::Value) =
            serde_json::from_slice(&bytes).map_err(|_| garbled(argument))?;
        if scope != self.0 {
            return Err(ApiError::bad_input(
                argument,
                format!(
                    "{argument} is a cursor of another list, or of the same list with another \
                     order or filter: give one of this list."
                ),
            ));
        }
        serde_json::from_value(key).map_err(|_| garbled(argument))
    }
}

fn garbled(argument: &str) -> ApiError {
    ApiError::bad_input(
        argument,
        format!("{argument} is not a cursor of this API. Give one that the API returned."),
    )
}

impl PageArguments {
    /// The arguments of a field that has all four. The default of `first` does not count besides
    /// `last` or `before`, with which a client turns pages backwards.
    pub fn of(
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Self {
        let given = || ctx.param_value::<Option<i32>>("first", None).ok()?.1;
        let first = if last.is_none() && before.is_none() { first } else { given() };
        Self { first, after, last, before }
    }

    /// The page that the client asks for.
    ///
    /// # Errors
    /// [`ApiError::BadUserInput`] for a length outside 1–100, for both directions at once, and for
    /// a cursor of another list.
    pub fn request<K: DeserializeOwned>(&self, scope: &Scope) -> ApiResult<PageRequest<K>> {
        self.request_by(scope, |_| true)
    }

    /// The page that the client asks for. The keys of its cursors must satisfy `fits`, since a
    /// client may have made up a cursor.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub fn request_by<K: DeserializeOwned>(
        &self,
        scope: &Scope,
        fits: impl Fn(&K) -> bool,
    ) -> ApiResult<PageRequest<K>> {
        let (name, limit, from_end) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(ApiError::bad_input("last", "Give either first or last, not both."));
            }
            (Some(first), None) => ("first", Some(first), false),
            (None, Some(last)) => ("last", Some(last), true),
            (None, None) => ("first", None, self.before.is_some()),
        };
        let limit = match limit {
            None => DEFAULT_PAGE,
            Some(limit) => u64::try_from(limit)
                .ok()
                .filter(|limit| (1..=MAX_PAGE).contains(limit))
                .ok_or_else(|| {
                    ApiError::bad_input(name, format!("{name} is {limit}: give 1 to {MAX_PAGE}."))
                })?,
        };
        let key = |argument: &str, cursor: &Option<String>| {
            let key = cursor.as_deref().map(|cursor| scope.decode(argument, cursor)).transpose()?;
            if key.as_ref().is_none_or(&fits) { Ok(key) } else { Err(garbled(argument)) }
        };
        Ok(PageRequest {
            limit,
            from_end,
            after: key("after", &self.after)?,
            before: key("before", &self.before)?,
            reversed: false,
        })
    }
}

/// How many rows a connection may return, for computing the cost of a query before it runs.
pub fn weight(first: Option<i32>, last: Option<i32>) -> usize {
    last.or(first)
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(usize::try_from(DEFAULT_PAGE).unwrap_or(20))
        .clamp(1, 100)
}

/// The connection of a page. `fields` are its further fields: in most lists the number of all
/// items.
pub fn connection<T, N, F, K>(
    page: Page<T>,
    scope: &Scope,
    fields: F,
    key: impl Fn(&T) -> K,
    node: impl Fn(T) -> N,
) -> Connection<String, N, F>
where
    N: OutputType,
    F: ObjectType,
    K: Serialize,
{
    let mut connection =
        Connection::with_additional_fields(page.has_previous, page.has_next, fields);
    connection.edges.extend(page.rows.into_iter().map(|row| {
        let cursor = scope.encode(&key(&row));
        Edge::new(cursor, node(row))
    }));
    connection
}

/// A page that may be at hand, as a connection.
pub struct AtHandPage<'a, T, K, N> {
    /// The page.
    pub page: &'a Page<T>,
    /// Its list.
    pub scope: &'a Scope,
    /// The name of the type of its nodes.
    pub of: &'static str,
    /// The position of a row.
    pub key: fn(&T) -> K,
    /// The node of a row.
    pub node: fn(&T) -> &N,
}

impl<T, K: Serialize, N: AtHand> AtHandPage<'_, T, K, N> {
    /// Writes the connection. `further` writes a field that connections do not have in common.
    pub fn write(
        &self,
        ctx: &Context<'_>,
        json: &mut Vec<u8>,
        mut further: impl FnMut(&str, &Context<'_>, &mut Vec<u8>) -> Option<()>,
    ) -> Option<()> {
        let Self { page, of, node, .. } = self;
        let name = format!("{of}Connection");
        write_object(ctx, json, &name, |field, ctx, json| match field {
            "nodes" => write_list(&page.rows, json, |row, json| node(row).write(ctx, json)),
            "edges" => write_list(&page.rows, json, |row, json| self.edge(row, ctx, json)),
            "pageInfo" => write_object(ctx, json, "PageInfo", |field, ctx, json| match field {
                "hasPreviousPage" => page.has_previous.write(ctx, json),
                "hasNextPage" => page.has_next.write(ctx, json),
                "startCursor" => self.cursor(page.rows.first()).write(ctx, json),
                "endCursor" => self.cursor(page.rows.last()).write(ctx, json),
                _ => None,
            }),
            other => further(other, ctx, json),
        })
    }

    fn edge(&self, row: &T, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        write_object(ctx, json, &format!("{}Edge", self.of), |field, ctx, json| match field {
            "node" => (self.node)(row).write(ctx, json),
            "cursor" => self.cursor(Some(row)).write(ctx, json),
            _ => None,
        })
    }

    fn cursor(&self, row: Option<&T>) -> Option<String> {
        Some(self.scope.encode(&(self.key)(row?)))
    }
}
