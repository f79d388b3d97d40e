//! A refused attempt to delete a memo, or to erase a deleted one.

use super::user::{User, user_by_id};
use crate::graphql::{enums::RefusedMemoDeletionCode, error::ApiResult, id::Kind, scalars::Moment};
use async_graphql::{Context, ID, Object};
use entity::refused_deletion;

pub struct RefusedMemoDeletion(pub refused_deletion::Model);

/// A refused attempt to delete a memo, or to erase a deleted one, by a person who can see the memo
/// or its record. For administrators.
#[Object]
impl RefusedMemoDeletion {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::RefusedDeletion.id(self.0.id)
    }

    /// The global id of the memo, which may be deleted by now.
    async fn memo_id(&self) -> ID {
        Kind::Memo.id(self.0.memo_id)
    }

    /// Who tried.
    async fn user(&self, ctx: &Context<'_>) -> ApiResult<User> {
        user_by_id(ctx, self.0.user_id).await
    }

    /// The global id of the record that the person wanted to erase; null if they wanted to delete
    /// the memo.
    async fn deletion_id(&self) -> Option<ID> {
        self.0.deletion_id.map(|id| Kind::MemoDeletion.id(id))
    }

    /// Why it was refused.
    async fn codes(&self) -> Vec<RefusedMemoDeletionCode> {
        self.0.codes.split(' ').filter_map(RefusedMemoDeletionCode::of_text).collect()
    }

    /// When it was refused.
    async fn refused_at(&self) -> Moment {
        Moment(self.0.refused_at)
    }
}
