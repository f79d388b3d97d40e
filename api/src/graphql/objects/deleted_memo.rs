//! What remains of a deleted memo.

use super::memo_deletion::MemoDeletion;
use crate::graphql::id::Kind;
use async_graphql::{ID, Object};
use entity::memo_deletion;

pub struct DeletedMemo(pub memo_deletion::Model);

/// What remains of a deleted memo. It has the id of the memo. `node` returns it to the memo's
/// author and recipient and to administrators. For a draft, `node` returns it only to the author.
#[Object]
impl DeletedMemo {
    /// The global id of the memo.
    pub async fn id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// The record of the deletion.
    async fn deletion(&self) -> MemoDeletion {
        MemoDeletion(self.0.clone())
    }
}
