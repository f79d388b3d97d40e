//! `user`, `users`

use super::catalogue::search_text;
use crate::graphql::{
    connection::{ListConnection, PageArguments, Scope, connection, weight},
    counted::Counted,
    enums::{UserRole, UserState},
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    id::Kind,
    loaders::{UserById, loaders, services},
    objects::User,
    order::{ListOrder, UserOrderField},
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::user;
use service::{
    page::SortBy,
    people::{self, PeopleFilter},
};

#[derive(Default)]
pub struct UsersQuery;

/// Selects people. A person must meet all conditions. A condition that is left out or null is
/// ignored, except for `states`.
#[derive(InputObject, Debug)]
pub struct UserFilter {
    /// A part of the full name or the username that starts with a word; at most 250 characters.
    /// Case is ignored.
    text: Option<String>,
    /// The person has one of these roles.
    roles: Option<Vec<UserRole>>,
    /// The person is in one of these states.
    #[graphql(default_with = "vec![UserState::Active]")]
    states: Vec<UserState>,
}

impl Default for UserFilter {
    fn default() -> Self {
        Self { text: None, roles: None, states: vec![UserState::Active] }
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

    /// The people, for example to choose a recipient.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + weight(first, last) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Conditions for the people; all active people if left out.")]
        filter: Option<UserFilter>,
        #[graphql(desc = "The order.", default)] order_by: ListOrder<UserOrderField>,
        #[graphql(desc = "How many from the start, 1–100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1–100; not with `first`.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> ApiResult<ListConnection<User>> {
        let filter = filter.unwrap_or_default();
        let filter = PeopleFilter {
            search: search_text(filter.text.as_deref())?,
            roles: filter.roles.map(|roles| roles.into_iter().map(Into::into).collect()),
            active: Some(filter.states.iter().map(|state| *state == UserState::Active).collect()),
        };
        let sort = SortBy::from(order_by.field);
        let scope = Scope::new("users", (&filter, order_by));
        let request = PageArguments::of(ctx, first, after, last, before)
            .request_by(&scope, |key| sort.fits(key))?;
        let page = people::list(services(ctx)?, &filter, sort, &order_by.apply(request)).await?;
        let key = |person: &user::Model| sort.key(person.id, &person.full_name, None);
        Ok(connection(page, &scope, Counted::Users(filter), key, User::from))
    }
}
