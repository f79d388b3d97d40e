//! `deactivateUser`, `reactivateUser`, `deleteUser`

use super::denied;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::User,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    accounts::{self, DeactivatePersonError, ReactivatePersonError},
    people::{self, DeletePersonError},
};

#[derive(Default)]
pub struct UserLifecycleMutation;

/// The person to deactivate.
#[derive(InputObject)]
pub struct DeactivateUserInput {
    /// The person's global id.
    user_id: ID,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DeactivateUser(DeactivateUserErrorCode) or InvalidInput {
        /// The person does not exist.
        NotFound,
        /// Administrators cannot deactivate themselves.
        Oneself,
        /// The last active administrator cannot be deactivated.
        LastAdmin,
    }
}

done! {
    UserDeactivated(DeactivateUserErrorCode) {
        /// The person as they are now; null if the mutation was refused.
        user: Option<User>,
    }
}

impl From<DeactivatePersonError> for Stop<UserDeactivated> {
    fn from(error: DeactivatePersonError) -> Self {
        use DeactivateUserErrorCode as Code;
        match error {
            DeactivatePersonError::NotFound => {
                MutationError::at("userId", Code::NotFound, sentences::NO_SUCH_PERSON)
            }
            DeactivatePersonError::Denied(denial) => denied(denial, Code::Oneself, Code::LastAdmin),
            DeactivatePersonError::Failed(error) => return error.into(),
        }
        .into()
    }
}

/// The person to reactivate.
#[derive(InputObject)]
pub struct ReactivateUserInput {
    /// The person's global id.
    user_id: ID,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    ReactivateUser(ReactivateUserErrorCode) or InvalidInput {
        /// The person does not exist.
        NotFound,
        /// The person is erased, and does not come back.
        Erased,
    }
}

done! {
    UserReactivated(ReactivateUserErrorCode) {
        /// The person as they are now; null if the mutation was refused.
        user: Option<User>,
    }
}

impl From<ReactivatePersonError> for Stop<UserReactivated> {
    fn from(error: ReactivatePersonError) -> Self {
        use ReactivateUserErrorCode as Code;
        match error {
            ReactivatePersonError::NotFound => {
                MutationError::at("userId", Code::NotFound, sentences::NO_SUCH_PERSON)
            }
            ReactivatePersonError::Erased => {
                MutationError::at("userId", Code::Erased, sentences::PERSON_ERASED)
            }
            ReactivatePersonError::Failed(error) => return error.into(),
        }
        .into()
    }
}

/// The person to delete.
#[derive(InputObject)]
pub struct DeleteUserInput {
    /// The person's global id.
    user_id: ID,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DeleteUser(DeleteUserErrorCode) or InvalidInput {
        /// The person does not exist.
        NotFound,
        /// Administrators cannot delete themselves.
        Oneself,
        /// The last active administrator cannot be deleted.
        LastAdmin,
        /// Memos, tasks, projects, notifications or records refer to the person. Deactivate them
        /// instead.
        HasHistory,
    }
}

done! {
    UserDeleted(DeleteUserErrorCode) {
        /// The global id of the deleted person; null if the mutation was refused.
        deleted_user_id: Option<ID>,
    }
}

impl From<DeletePersonError> for Stop<UserDeleted> {
    fn from(error: DeletePersonError) -> Self {
        use DeleteUserErrorCode as Code;
        match error {
            DeletePersonError::NotFound => {
                MutationError::at("userId", Code::NotFound, sentences::NO_SUCH_PERSON)
            }
            DeletePersonError::Denied(denial) => denied(denial, Code::Oneself, Code::LastAdmin),
            DeletePersonError::HasHistory => {
                MutationError::at("userId", Code::HasHistory, sentences::HAS_HISTORY)
            }
            DeletePersonError::Failed(error) => return error.into(),
        }
        .into()
    }
}

#[Object]
impl UserLifecycleMutation {
    /// Deactivates a person: they cannot sign in any more, and their next request is refused. Their
    /// memos are kept. Repeating it changes nothing. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn deactivate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person to deactivate.")] input: DeactivateUserInput,
    ) -> ApiResult<Payload<UserDeactivated>> {
        respond(input.client_mutation_id, async {
            let id = Kind::User.parse("userId", &input.user_id)?;
            let person = accounts::deactivate(services(ctx)?, viewer(ctx)?, id).await?;
            Ok(UserDeactivated { user: Some(User::from(person)) })
        })
        .await
    }

    /// Reactivates a person: they can sign in again. Repeating it changes nothing. For
    /// administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn reactivate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person to reactivate.")] input: ReactivateUserInput,
    ) -> ApiResult<Payload<UserReactivated>> {
        respond(input.client_mutation_id, async {
            let id = Kind::User.parse("userId", &input.user_id)?;
            let person = accounts::reactivate(services(ctx)?, viewer(ctx)?, id).await?;
            Ok(UserReactivated { user: Some(User::from(person)) })
        })
        .await
    }

    /// Deletes a person to whom nothing refers, for example one who was added by mistake. For
    /// administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person to delete.")] input: DeleteUserInput,
    ) -> ApiResult<Payload<UserDeleted>> {
        respond(input.client_mutation_id, async {
            let id = Kind::User.parse("userId", &input.user_id)?;
            people::delete(services(ctx)?, viewer(ctx)?, id).await?;
            Ok(UserDeleted { deleted_user_id: Some(Kind::User.id(id)) })
        })
        .await
    }
}
