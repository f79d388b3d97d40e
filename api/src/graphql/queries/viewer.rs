//! `viewer`

use crate::graphql::{guard::CurrentPerson, objects::User};
use async_graphql::{Context, Object};

#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The person who is signed in; null for anonymous clients.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<User> {
        ctx.data_opt::<CurrentPerson>()?.0.clone().map(User)
    }
}
