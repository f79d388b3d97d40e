//! A person.

use super::memo_page::{COST_OF_LIST, MemoPage, memos_with};
use crate::{
    at_hand,
    graphql::{
        connection::{PageArguments, weight},
        enums::UserRole,
        error::{ApiError, ApiResult},
        guard::{Requirement, auth, oneself_or_admin},
        id::Kind,
        loaders::{UserById, loaders},
        scalars::Moment,
    },
};
use async_graphql::{Context, ID, Object};
use entity::user;
use service::memos::MemoFilter;
use std::sync::Arc;
use uuid::Uuid;

pub struct User(pub Arc<user::Model>);

/// A person who uses the system, as author, recipient or subscriber of memos.
#[Object]
impl User {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::User.id(self.0.id)
    }

    /// The unique short name.
    async fn username(&self) -> &str {
        &self.0.username
    }

    /// The name to show.
    async fn full_name(&self) -> &str {
        &self.0.full_name
    }

    /// The email address. Only the person and administrators can read it.
    #[graphql(
        guard = "oneself_or_admin(self.0.id)",
        directive = auth::apply(Requirement::SelfOrAdmin)
    )]
    async fn email(&self) -> Option<&str> {
        Some(&self.0.email)
    }

    /// What the person can do besides working with their own memos.
    async fn role(&self) -> UserRole {
        self.0.role.into()
    }

    /// Whether the person can sign in. The memos of inactive people are kept.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// When the person was added.
    async fn created_at(&self) -> Moment {
        Moment(self.0.created_at)
    }

    /// When the person was erased; null for all others. Since then, the names are a pseudonym.
    async fn erased_at(&self) -> Option<Moment> {
        self.0.erased_at.map(Moment)
    }

    /// The memos that the person wrote, received or subscribes to, and that the viewer can see too;
    /// the latest first.
    #[graphql(complexity = "COST_OF_LIST + weight(first, last) * child_complexity")]
    async fn memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<MemoPage> {
        let filter = MemoFilter { person_id: Some(self.0.id), ..MemoFilter::default() };
        memos_with(ctx, filter, &PageArguments::of(ctx, first, after, last, before)).await
    }
}

at_hand!(User {
    "id" => id,
    "username" => username,
    "fullName" => full_name,
    "role" => role,
    "active" => active,
    "createdAt" => created_at,
});

impl From<user::Model> for User {
    fn from(row: user::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A person who must exist, since a foreign key guarantees it.
///
/// # Errors
/// What went wrong inside.
pub async fn user_by_id(ctx: &Context<'_>, id: Uuid) -> ApiResult<User> {
    match loaders(ctx)?.load(UserById(id)).await? {
        Some(user) => Ok(user.into()),
        None => Err(ApiError::from(service::Error::Inconsistent(format!("there is no user {id}")))),
    }
}
