//! A thing that a deletion removes or keeps.

use super::node::{Node, find_node};
use crate::graphql::{
    connection::Scope,
    enums::{DeletionItemKind, DeletionKeptReason},
    error::ApiResult,
};
use async_graphql::{Context, Lookahead, Object, SimpleObject, connection::Connection};
use entity::Disposition;
use service::{
    memo_deletion::{Item, ItemCount},
    page::Page,
};

pub struct DeletionItem(pub Item);

/// A thing that a deletion removes or keeps.
#[Object]
impl DeletionItem {
    /// Its kind.
    async fn kind(&self) -> DeletionItemKind {
        self.0.kind.into()
    }

    /// Its name, or the beginning of its text. Null if the viewer may not see it, and after the
    /// purge.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Why it stays; null for what is removed.
    async fn reason(&self) -> Option<DeletionKeptReason> {
        self.0.kept_reason.map(Into::into)
    }

    /// The thing itself, or the other end of a removed link. Null if the viewer may not see it, or
    /// if it is gone.
    async fn node(&self, ctx: &Context<'_>) -> ApiResult<Option<Node>> {
        let Some(id) = self.0.node else { return Ok(None) };
        find_node(ctx, DeletionItemKind::from(self.0.kind).node(), id).await
    }
}

/// How many things of a kind.
#[derive(SimpleObject)]
pub struct DeletionItemCount {
    /// Their kind.
    kind: DeletionItemKind,
    /// How many.
    count: u64,
}

/// What a list of items says beside its page.
#[derive(SimpleObject)]
pub struct DeletionItemConnectionFields {
    /// How many things there are in all, those that the viewer may not see included.
    total_count: u64,
    /// How many of each kind; kinds without any are left out.
    counts: Vec<DeletionItemCount>,
}

/// A connection of items.
pub type DeletionItemConnection = Connection<String, DeletionItem, DeletionItemConnectionFields>;

/// Makes the connection of one of the two lists.
pub fn item_connection(
    page: Page<Item>,
    scope: &Scope,
    counts: &[ItemCount],
    disposition: Disposition,
) -> DeletionItemConnection {
    let counts: Vec<DeletionItemCount> = counts
        .iter()
        .filter(|count| count.disposition == disposition)
        .map(|count| DeletionItemCount { kind: count.kind.into(), count: count.count })
        .collect();
    let fields = DeletionItemConnectionFields {
        total_count: counts.iter().map(|count| count.count).sum(),
        counts,
    };
    crate::graphql::connection::connection_with(page, scope, fields, |item| item.key, DeletionItem)
}

/// Whether a connection is asked for rows, and not for its counts alone.
pub fn selects_rows(connection: &Lookahead<'_>) -> bool {
    ["nodes", "edges", "pageInfo"].iter().any(|field| connection.field(field).exists())
}
