//! Queries, one file each.

mod memo;
mod memo_deletion_preview;
mod memo_deletions;
mod memo_holds;
mod memos;
mod node;
mod notifications;
mod refused_memo_deletions;
mod unread_memo_count;
mod viewer;

pub use memos::MemoConnectionFields;

use async_graphql::MergedObject;

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    viewer::ViewerQuery,
    node::NodeQuery,
    memo::MemoQuery,
    memos::MemosQuery,
    memo_deletion_preview::PreviewQuery,
    memo_deletions::DeletionsQuery,
    refused_memo_deletions::RefusedQuery,
    memo_holds::HoldsQuery,
    notifications::NotificationsQuery,
    unread_memo_count::UnreadMemoCountQuery,
);
