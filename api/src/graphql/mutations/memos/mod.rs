//! Writing memos and acting on them.

pub(super) mod create;
pub(super) mod read_marks;
pub(super) mod send;
pub(super) mod stage;
pub(super) mod subscribers;
pub(super) mod tags;
pub(super) mod update;

pub use stage::StageMutation;

use async_graphql::MergedObject;

/// Writing memos.
#[derive(MergedObject, Default)]
pub struct MemosMutation(
    create::CreateMemo,
    update::UpdateMemo,
    send::SendMemo,
    create::CopyMemo,
    subscribers::MemoSubscribers,
    tags::MemoTags,
    read_marks::MarkMemos,
);
