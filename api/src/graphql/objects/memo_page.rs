//! A page of a list of memos.

use super::memo::Memo;
use crate::graphql::{
    at_hand::{Resolved, at_hand},
    connection::{AtHandPage, ListConnection, PageArguments, Scope, connection},
    counted::Counted,
    error::ApiResult,
    guard::viewer,
    loaders::{FilesOf, RemindersOf, loaders, services},
};
use async_graphql::{Context, Lookahead};
use service::memos::{self, WantedLinks};
use uuid::Uuid;

/// The cost of a list of memos below another object, in simple fields. It is a statement of its
/// own.
pub const COST_OF_LIST: usize = 50;

/// A page of memos, as JSON if all that is selected is at hand.
pub type MemoPage = Resolved<ListConnection<Memo>>;

/// The page of all memos that the viewer can see and that have what the filter says, the latest
/// first: for fields of what the memos have in common.
pub async fn memos_with(
    ctx: &Context<'_>,
    filter: memos::MemoFilter,
    arguments: &PageArguments,
) -> ApiResult<MemoPage> {
    let order = memos::MemoOrder::default();
    memo_page(ctx, memos::MemoBox::AllVisible, filter, order, arguments).await
}

/// A page of a box. It reads along what the selection asks of its memos.
pub async fn memo_page(
    ctx: &Context<'_>,
    memo_box: memos::MemoBox,
    filter: memos::MemoFilter,
    order: memos::MemoOrder,
    arguments: &PageArguments,
) -> ApiResult<MemoPage> {
    let scope = Scope::new("memos", (memo_box, &filter, order));
    let request = arguments.request_by(&scope, |key: &memos::MemoKey| order.field.fits(key))?;
    let (services, viewer, links) = (services(ctx)?, viewer(ctx)?, wanted_links(ctx));
    let page = memos::list(services, viewer, memo_box, &filter, order, &request, links).await?;
    let field = order.field;
    let page = page.map(|row| {
        let key = field.key(&row.memo, row.rank);
        (Memo::listed(row.memo, row.links), key)
    });
    let page_at_hand = AtHandPage {
        page: &page,
        scope: &scope,
        of: "Memo",
        key: |(_, key)| key.clone(),
        node: |(memo, _)| memo,
    };
    if let Some(written) = at_hand(ctx, |ctx, json| page_at_hand.write(ctx, json, |_, _, _| None)) {
        return Ok(written);
    }
    prefetch(ctx, page.rows.iter().map(|(memo, _)| memo.row().id)).await?;
    let counted = Counted::Memos(memo_box, Box::new(filter));
    let memos = connection(page, &scope, counted, |(_, key)| key.clone(), |(memo, _)| memo);
    Ok(Resolved::Itself(memos))
}

/// Whether the selection of a list asks its memos for a field.
fn asks_memos(list: &Lookahead<'_>, field: &str) -> bool {
    asks(&list.field("nodes"), field) || asks(&list.field("edges").field("node"), field)
}

/// What the list reads along, because the selection asks for it.
fn wanted_links(ctx: &Context<'_>) -> WantedLinks {
    let list = ctx.look_ahead();
    let asked = |field: &str| asks_memos(&list, field);
    WantedLinks {
        // The blockers' texts name a recipient who is not active any more.
        parties: asked("author") || asked("recipient") || asked("viewerDeletionBlockers"),
        subscribers: asked("subscribers"),
        tags: asked("tags"),
        task: asked("task"),
        project: asked("project"),
        deal: asked("deal"),
        resolution: asked("resolution"),
        subscribed: asked("viewerRoles"),
        unread: asked("unread"),
        losses: asked("viewerDeletionVerdict"),
    }
}

/// Fetches what the selection asks of every memo and the list has not read along. So the number of
/// statements depends only on the selection, and not on how the loaders form their batches.
async fn prefetch(ctx: &Context<'_>, memos: impl Iterator<Item = Uuid>) -> ApiResult<()> {
    let (list, loaders) = (ctx.look_ahead(), loaders(ctx)?);
    let memos: Vec<Uuid> = memos.collect();
    if asks_memos(&list, "files") {
        loaders.prefetch(memos.iter().copied().map(FilesOf)).await?;
    }
    if asks_memos(&list, "viewerReminders") {
        loaders.prefetch(memos.iter().copied().map(RemindersOf)).await?;
    }
    Ok(())
}

fn asks(node: &Lookahead<'_>, field: &str) -> bool {
    node.field(field).exists()
}
