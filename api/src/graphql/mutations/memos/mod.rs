//! Writing memos and acting on them.

mod create;
mod read_marks;
mod send;
mod stage;
mod subscribers;
mod tags;
mod update;

pub use stage::StageMutation;

use async_graphql::MergedObject;

/// Writing memos.
#[derive(MergedObject, Default)]
pub struct MemosMutation(
    create::CreateMemo,
    update::UpdateMemo,
    send::SendMemo,
    subscribers::MemoSubscribers,
    tags::MemoTags,
    read_marks::MarkMemos,
);
