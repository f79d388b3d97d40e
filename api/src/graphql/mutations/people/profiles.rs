//! `createUser`, `updateUser`

use super::denied;
use crate::graphql::{
    enums::UserRole,
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::{
        idempotency::create,
        input::present,
        respond::{ErrorCode, MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    },
    objects::User,
    sentences,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use service::{
    idempotency::Created,
    people::{
        self, AddPersonError, NewPerson, PersonChanges, PersonProblem, Taken, UpdatePersonError,
    },
};

#[derive(Default)]
pub struct UserProfileMutation;

/// The person to add.
#[derive(InputObject)]
pub struct CreateUserInput {
    /// The short name, which must be unique: 1–64 letters a–z, digits, dots, hyphens or
    /// underscores.
    username: String,
    /// The name to show, 1–250 characters.
    full_name: String,
    /// The email address, which must be unique.
    email: String,
    /// What the person can do besides working with their own memos.
    role: UserRole,
    /// A key for this request, 1–128 characters. Repeating the request with the same key
    /// within 24 hours creates nothing again.
    idempotency_key: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    CreateUser(CreateUserErrorCode) creates {
        /// Somebody else has this username.
        UsernameTaken,
        /// Somebody else has this email address.
        EmailTaken,
    }
}

done! {
    UserCreated(CreateUserErrorCode) creates {
        /// The new person; null if the mutation was refused.
        user: Option<User>,
    }
}

impl From<AddPersonError> for Stop<UserCreated> {
    fn from(error: AddPersonError) -> Self {
        use CreateUserErrorCode as Code;
        match error {
            AddPersonError::Invalid(problem) => invalid(&problem).into(),
            AddPersonError::Taken(which) => {
                taken(&which, Code::UsernameTaken, Code::EmailTaken).into()
            }
            AddPersonError::Failed(error) => error.into(),
        }
    }
}

/// The changes to a person. A field that is left out stays as it is. No field can be null.
#[derive(InputObject)]
pub struct UpdateUserInput {
    /// The person's global id.
    user_id: ID,
    /// The short name, which must be unique: 1–64 letters a–z, digits, dots, hyphens or
    /// underscores.
    username: MaybeUndefined<String>,
    /// The name to show, 1–250 characters.
    full_name: MaybeUndefined<String>,
    /// The email address, which must be unique.
    email: MaybeUndefined<String>,
    /// What the person can do besides working with their own memos.
    role: MaybeUndefined<UserRole>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    UpdateUser(UpdateUserErrorCode) or InvalidInput {
        /// The person does not exist.
        NotFound,
        /// Somebody else has this username.
        UsernameTaken,
        /// Somebody else has this email address.
        EmailTaken,
        /// Administrators cannot remove their own role.
        Oneself,
        /// The last active administrator must keep this role.
        LastAdmin,
        /// The person is erased, and does not come back.
        Erased,
    }
}

done! {
    UserUpdated(UpdateUserErrorCode) {
        /// The person as they are now; null if the mutation was refused.
        user: Option<User>,
    }
}

impl From<UpdatePersonError> for Stop<UserUpdated> {
    fn from(error: UpdatePersonError) -> Self {
        use UpdateUserErrorCode as Code;
        match error {
            UpdatePersonError::NotFound => {
                MutationError::at("userId", Code::NotFound, sentences::NO_SUCH_PERSON)
            }
            UpdatePersonError::Invalid(problem) => invalid(&problem),
            UpdatePersonError::Taken(which) => taken(&which, Code::UsernameTaken, Code::EmailTaken),
            UpdatePersonError::Denied(denial) => denied(denial, Code::Oneself, Code::LastAdmin),
            UpdatePersonError::Erased => {
                MutationError::at("userId", Code::Erased, sentences::PERSON_ERASED)
            }
            UpdatePersonError::Failed(error) => return error.into(),
        }
        .into()
    }
}

/// A name or an address is invalid.
fn invalid<C: RefusesInput>(problem: &PersonProblem) -> MutationError<C> {
    let field = match problem {
        PersonProblem::Username(_) => "username",
        PersonProblem::FullName(_) => "fullName",
        PersonProblem::Email(_) => "email",
    };
    MutationError::input(field, sentences::person_problem(problem))
}

/// The error for a name or an address that somebody else has, with the mutation's codes for it.
fn taken<C: ErrorCode>(which: &Taken, username: C, email: C) -> MutationError<C> {
    let (field, code) = match which {
        Taken::Username(_) => ("username", username),
        Taken::Email(_) => ("email", email),
    };
    MutationError::at(field, code, sentences::taken(which))
}

#[Object]
impl UserProfileMutation {
    /// Adds a person, who can then sign in. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person to add.")] input: CreateUserInput,
    ) -> ApiResult<Payload<UserCreated>> {
        create(ctx, input, async |input: CreateUserInput, key| {
            let new = NewPerson {
                username: input.username,
                full_name: input.full_name,
                email: input.email,
                role: input.role.into(),
            };
            let Created { thing, replayed } =
                people::add_once(services(ctx)?, key.as_ref(), &new).await?;
            Ok(UserCreated { user: Some(User::from(thing)), replayed })
        })
        .await
    }

    /// Changes a person's names, email address or role. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes to the person.")] input: UpdateUserInput,
    ) -> ApiResult<Payload<UserUpdated>> {
        respond(input.client_mutation_id, async {
            let id = Kind::User.parse("userId", &input.user_id)?;
            let changes = PersonChanges {
                username: present("username", input.username)?,
                full_name: present("fullName", input.full_name)?,
                email: present("email", input.email)?,
                role: present("role", input.role)?.map(Into::into),
            };
            let person = people::update(services(ctx)?, viewer(ctx)?, id, &changes).await?;
            Ok(UserUpdated { user: Some(User::from(person)) })
        })
        .await
    }
}
