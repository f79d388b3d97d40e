//! `user`, `users`

use super::catalogue::search_text;
use crate::graphql::{
    connection::{COST_OF_COUNT, PageArguments, Scope, connection_with, weight},
    enums::UserRole,
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    id::Kind,
    loaders::{UserById, loaders, services},
    objects::User,
};
use async_graphql::{Context, ID, Object, connection::Connection};
use service::{
    page::is_searchable,
    people::{self, PeopleFilter},
};

#[derive(Default)]
pub struct UsersQuery;

pub struct UserConnectionFields(PeopleFilter);

/// The additional fields of a connection of people.
#[Object]
impl UserConnectionFields {
    /// The number of items in the whole list.
    #[graphql(complexity = "COST_OF_COUNT")]
    async fn total_count(&self, ctx: &Context<'_>) -> ApiResult<u64> {
        Ok(people::count(services(ctx)?, &self.0).await?)
    }
}

#[Object]
impl UsersQuery {
    /// The person with this id. Null if there is none.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person's global id.")] id: ID,
    ) -> ApiResult<Option<User>> {
        let id = Kind::User.parse("id", &id)?;
        Ok(loaders(ctx)?.load(UserById(id)).await?.map(User::from))
    }

    /// The people, sorted by full name, for example to choose a recipient.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "A part of the full name or the username that starts with a word; at most\n\
                250 characters. Case is ignored."
        )]
        search: Option<String>,
        #[graphql(desc = "Only people with this role; all if left out.")] role: Option<UserRole>,
        #[graphql(
            desc = "Only active (true) or inactive (false) people; null for both.",
            default_with = "Some(true)"
        )]
        active: Option<bool>,
        #[graphql(desc = "How many from the start, 1–100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<Connection<String, User, UserConnectionFields>> {
        let search = search_text(search.as_deref())?;
        let filter = PeopleFilter { search, role: role.map(Into::into), active };
        let scope = Scope::new("users", &filter);
        let request =
            PageArguments { first, after, last, before }.request_by(&scope, is_searchable)?;
        let page = people::list(services(ctx)?, &filter, &request).await?;
        let key = |person: &entity::user::Model| (person.full_name.clone(), person.id);
        Ok(connection_with(page, &scope, UserConnectionFields(filter), key, User::from))
    }
}
