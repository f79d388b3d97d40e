//! Managing people, for administrators.

pub(super) mod erase;
pub(super) mod lifecycle;
pub(super) mod profiles;

use super::respond::{ErrorCode, MutationError};
use crate::graphql::sentences;
use async_graphql::MergedObject;
use service::people::policy::RevokeDenial;

/// People.
#[derive(MergedObject, Default)]
pub struct PeopleMutation(
    profiles::UserProfileMutation,
    lifecycle::UserLifecycleMutation,
    erase::ErasePerson,
    super::deletion::ReassignMemos,
);

/// The error for a denial by the rules of people, with the mutation's codes for it.
fn denied<C: ErrorCode>(denial: RevokeDenial, oneself: C, last_admin: C) -> MutationError<C> {
    let code = match denial {
        RevokeDenial::Oneself => oneself,
        RevokeDenial::LastAdmin => last_admin,
    };
    MutationError::at("userId", code, sentences::revoke_denial(denial))
}
