//! Something that a deletion removes or keeps.

use super::{
    file_attachment::FileAttachment,
    node::{Node, find_node},
};
use crate::{
    at_hand,
    graphql::{
        at_hand::{AtHand, write_object},
        connection::{AtHandPage, Scope, connection},
        enums::{DeletionItemKind, DeletionKeptReason},
        error::ApiResult,
        loaders::{AttachmentsOf, loaders},
    },
};
use async_graphql::{Context, Lookahead, Object, SimpleObject, connection::Connection};
use entity::Disposition;
use service::{
    attachments::Attachment,
    memo_deletion::{Item, ItemCount, ItemKind},
    page::Page,
};
use std::sync::Arc;
use uuid::Uuid;

/// An item, and the memos whose deletion removes or keeps it.
pub struct DeletionItem(Item, Going);

/// The memos that a deletion is about.
#[derive(Clone)]
pub enum Going {
    /// One memo.
    Memo(Uuid),
    /// The memos of a selection that can be deleted.
    Memos(Arc<[Uuid]>),
}

impl Going {
    fn has(&self, memo_id: Uuid) -> bool {
        match self {
            Self::Memo(id) => *id == memo_id,
            Self::Memos(ids) => ids.contains(&memo_id),
        }
    }
}

impl From<Uuid> for Going {
    fn from(memo_id: Uuid) -> Self {
        Self::Memo(memo_id)
    }
}

/// Something that a deletion removes or keeps.
#[Object]
impl DeletionItem {
    /// The kind of the item.
    async fn kind(&self) -> DeletionItemKind {
        self.0.kind.into()
    }

    /// The name, or the beginning of the text. Null if the viewer cannot see it, and after it is
    /// erased.
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// Why it is kept; null if it is removed.
    async fn reason(&self) -> Option<DeletionKeptReason> {
        self.0.kept_reason.map(Into::into)
    }

    /// What keeps a file, the oldest attachment first: tasks and projects that have it, and other
    /// memos. Of objects that the viewer cannot see, only the kind is shown. Empty for everything
    /// but kept files, and if nothing has the file any more.
    #[graphql(complexity = "5 + 2 * child_complexity")]
    async fn kept_by(&self, ctx: &Context<'_>) -> ApiResult<Vec<FileAttachment>> {
        let Self(item, going) = self;
        let (ItemKind::File, Some(_), Some(file)) = (item.kind, item.kept_reason, item.node) else {
            return Ok(Vec::new());
        };
        let all = loaders(ctx)?.load(AttachmentsOf(file)).await?.unwrap_or_default();
        let stays = |attachment: &Attachment| !attachment.target.is_some_and(|id| going.has(id));
        Ok(all.into_iter().filter(stays).map(FileAttachment).collect())
    }

    /// The object itself, or the object at the other end of a removed link. Null if it is deleted
    /// or the viewer cannot see it.
    async fn node(&self, ctx: &Context<'_>) -> ApiResult<Option<Node>> {
        match (DeletionItemKind::from(self.0.kind).node(), self.0.node) {
            (Some(kind), Some(id)) => find_node(ctx, kind, id).await,
            _ => Ok(None),
        }
    }
}

/// How many items of a kind there are.
#[derive(SimpleObject)]
pub struct DeletionItemCount {
    /// The kind of the items.
    kind: DeletionItemKind,
    /// The number of items.
    count: u64,
}

/// The additional fields of a connection of items.
#[derive(SimpleObject)]
pub struct DeletionItemConnectionFields {
    /// The number of all items, including those that the viewer cannot see.
    total_count: u64,
    /// The number of items of each kind. Kinds without items are left out.
    counts: Vec<DeletionItemCount>,
}

/// A connection of items.
pub type DeletionItemConnection = Connection<String, DeletionItem, DeletionItemConnectionFields>;

/// Builds the connection of one of the two lists of a memo or of a selection.
pub fn item_connection(
    going: impl Into<Going>,
    page: Page<Item>,
    scope: &Scope,
    counts: &[ItemCount],
    disposition: Disposition,
) -> DeletionItemConnection {
    let (going, fields) = (going.into(), fields(counts, disposition));
    connection(page, scope, fields, |item| item.key, |item| DeletionItem(item, going.clone()))
}

/// Writes the same connection.
pub fn write_item_connection(
    going: impl Into<Going>,
    page: Page<Item>,
    scope: &Scope,
    counts: &[ItemCount],
    disposition: Disposition,
    ctx: &Context<'_>,
    json: &mut Vec<u8>,
) -> Option<()> {
    let (going, fields) = (going.into(), fields(counts, disposition));
    let page = page.map(|item| DeletionItem(item, going.clone()));
    let page = AtHandPage {
        page: &page,
        scope,
        of: "DeletionItem",
        key: |item: &DeletionItem| item.0.key,
        node: |item| item,
    };
    page.write(ctx, json, |field, ctx, json| match field {
        "totalCount" => fields.total_count.write(ctx, json),
        "counts" => fields.counts.write(ctx, json),
        _ => None,
    })
}

fn fields(counts: &[ItemCount], disposition: Disposition) -> DeletionItemConnectionFields {
    let counts: Vec<DeletionItemCount> = counts
        .iter()
        .filter(|count| count.disposition == disposition)
        .map(|count| DeletionItemCount { kind: count.kind.into(), count: count.count })
        .collect();
    let total_count = counts.iter().map(|count| count.count).sum();
    DeletionItemConnectionFields { total_count, counts }
}

at_hand!(DeletionItem { "kind" => kind, "label" => label, "reason" => reason });

impl AtHand for DeletionItemCount {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        write_object(ctx, json, "DeletionItemCount", |field, ctx, json| match field {
            "kind" => self.kind.write(ctx, json),
            "count" => self.count.write(ctx, json),
            _ => None,
        })
    }
}

/// Whether a selection asks a connection for rows, and not only for counts.
pub fn selects_rows(connection: &Lookahead<'_>) -> bool {
    ["nodes", "edges", "pageInfo"].iter().any(|field| connection.field(field).exists())
}
