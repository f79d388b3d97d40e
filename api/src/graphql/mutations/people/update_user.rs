//! `updateUser`

use super::refused;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::answer::{Stop, answer, present},
    objects::User,
    words::UserRole,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use service::people::{self, PersonChanges};

#[derive(Default)]
pub struct UpdateUser;

/// What to change of a person. What is left out stays as it is; nothing can be null.
#[derive(InputObject)]
pub struct UpdateUserInput {
    /// The person's global id.
    user_id: ID,
    /// The unique short name: 1 to 64 letters a–z, digits, dots, hyphens or underscores.
    username: MaybeUndefined<String>,
    /// The name to show, 1–250 characters.
    full_name: MaybeUndefined<String>,
    /// The unique address.
    email: MaybeUndefined<String>,
    /// What the person may do beside their own memos.
    role: MaybeUndefined<UserRole>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why a person stayed as they were.
    UpdateUserUserError,
    /// The codes with which `updateUser` refuses.
    UpdateUserErrorCode {
        /// There is no such person.
        NotFound = NotFound,
        /// Somebody else has that username.
        UsernameTaken = UsernameTaken,
        /// Somebody else has that address.
        EmailTaken = EmailTaken,
        /// An administrator does not take the role from themselves.
        Oneself = Oneself,
        /// The last active administrator stays one.
        LastAdmin = LastAdmin,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    UpdateUserPayload {
        /// The person as they are now; null if it was refused.
        user: Option<User>,
    }
}

impl UpdateUserInput {
    async fn run(self, ctx: &Context<'_>) -> Result<UpdateUserPayload, Stop> {
        let id = Kind::User.parse("userId", &self.user_id)?;
        let changes = PersonChanges {
            username: present("username", self.username)?,
            full_name: present("fullName", self.full_name)?,
            email: present("email", self.email)?,
            role: present("role", self.role)?.map(Into::into),
        };
        let changed = people::update(services(ctx)?, viewer(ctx)?, id, &changes).await?;
        let person = changed.map_err(refused)?;
        Ok(UpdateUserPayload { user: Some(User(person)), ..UpdateUserPayload::default() })
    }
}

#[Object]
impl UpdateUser {
    /// Changes a person's names, address or role. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateUserInput,
    ) -> ApiResult<UpdateUserPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        UpdateUserPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
