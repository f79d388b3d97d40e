//! Managing people, for administrators.

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
    super::deletion::ReassignMemos,
);

/// The refusal if the rules of people deny something, with a mutation's codes for them.
fn denied<C: ErrorCode>(denial: RevokeDenial, oneself: C, last_admin: C) -> MutationError<C> {
    let code = match denial {
        RevokeDenial::Oneself => oneself,
        RevokeDenial::LastAdmin => last_admin,
    };
    MutationError::at("userId", code, sentences::revoke_denial(denial))
}
