//! `createUser`

use super::refused;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth},
    loaders::services,
    mutations::answer::{Stop, answer},
    objects::User,
    words::UserRole,
};
use async_graphql::{Context, InputObject, Object};
use service::people::{self, NewPerson};

#[derive(Default)]
pub struct CreateUser;

/// The person to add.
#[derive(InputObject)]
pub struct CreateUserInput {
    /// The unique short name: 1 to 64 letters a–z, digits, dots, hyphens or underscores.
    username: String,
    /// The name to show, 1–250 characters.
    full_name: String,
    /// The unique address.
    email: String,
    /// What the person may do beside their own memos.
    role: UserRole,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why nobody was added.
    CreateUserUserError,
    /// The codes with which `createUser` refuses.
    CreateUserErrorCode {
        /// Somebody has that username.
        UsernameTaken = UsernameTaken,
        /// Somebody has that address.
        EmailTaken = EmailTaken,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    CreateUserPayload {
        /// The new person; null if it was refused.
        user: Option<User>,
    }
}

impl CreateUserInput {
    async fn run(self, ctx: &Context<'_>) -> Result<CreateUserPayload, Stop> {
        let new = NewPerson {
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            role: self.role.into(),
        };
        let added = people::add(services(ctx)?, &new).await?;
        let person = added.map_err(|refusal| refused(refusal.into()))?;
        Ok(CreateUserPayload { user: Some(User(person)), ..CreateUserPayload::default() })
    }
}

#[Object]
impl CreateUser {
    /// Adds a person, who can sign in from then on. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to add.")] input: CreateUserInput,
    ) -> ApiResult<CreateUserPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        CreateUserPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
