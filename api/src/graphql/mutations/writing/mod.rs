//! Writing memos: creating, changing, sending, copying; who reads along, tags, and who has read what.

mod add_memo_subscribers;
mod add_memo_tags;
mod copy_memo;
mod create_memo;
mod input;
mod mark_memos_read;
mod mark_memos_unread;
mod refusals;
mod remove_memo_subscribers;
mod remove_memo_tags;
mod send_memo;
mod update_memo;

use async_graphql::MergedObject;

/// Writing memos.
#[derive(MergedObject, Default)]
pub struct WritingMutation(
    create_memo::CreateMemo,
    update_memo::UpdateMemo,
    send_memo::SendMemo,
    copy_memo::CopyMemo,
    add_memo_subscribers::AddMemoSubscribers,
    remove_memo_subscribers::RemoveMemoSubscribers,
    add_memo_tags::AddMemoTags,
    remove_memo_tags::RemoveMemoTags,
    mark_memos_read::MarkMemosRead,
    mark_memos_unread::MarkMemosUnread,
);
