//! What remains of a deleted memo.

use super::memo_deletion::MemoDeletion;
use crate::graphql::id::Kind;
use async_graphql::{ID, Object};
use entity::memo_deletion;

pub struct DeletedMemo(pub memo_deletion::Model);

/// What remains of a deleted memo. `node` returns it for the id of the memo and for its own id: to
/// the memo's author and recipient and to administrators; for a draft, only to the author.
#[Object]
impl DeletedMemo {
    /// The global id. It differs from the memo's id, so that a client can store both.
    pub async fn id(&self) -> ID {
        Kind::DeletedMemo.id(self.0.memo_id)
    }

    /// The global id of the memo.
    async fn memo_id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// The record of the deletion.
    async fn deletion(&self) -> MemoDeletion {
        MemoDeletion(self.0.clone())
    }
}
