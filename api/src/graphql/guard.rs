//! Guards of fields, and the directive that shows them in the schema. A test proves that the two
//! agree.

use super::error::{ApiError, ApiResult};
use async_graphql::{Context, Enum, Guard, TypeDirective};
use async_trait::async_trait;
use entity::{UserRole, user};
use service::{Viewer, access::MemoAccess};
use std::sync::Arc;
use uuid::Uuid;

/// Who can use a field. Clients that are not signed in get the error UNAUTHENTICATED, except for
/// ANYBODY.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "AuthRequirement")]
pub enum Requirement {
    /// Everybody, signed in or not.
    Anybody,
    /// Everybody who is signed in.
    SignedIn,
    /// Administrators. Others get the error FORBIDDEN.
    Admin,
    /// Company management and administrators. Others get the error FORBIDDEN.
    ChiefOrAdmin,
    /// The person whom the object is about, and administrators. Others get the error FORBIDDEN.
    SelfOrAdmin,
    /// The author and the recipient of the memo. Others get the error FORBIDDEN.
    Participant,
}

/// Only the people that `requires` names can use the field. Others get null and an error.
#[TypeDirective(location = "FieldDefinition")]
pub fn auth(#[graphql(desc = "Who can use the field.")] requires: Requirement) {}

/// The person who sent the request; `None` for anonymous clients.
#[derive(Debug, Clone)]
pub struct CurrentPerson(pub Option<Arc<user::Model>>);

/// The session of the request, if it is one of this server's own.
#[derive(Debug, Clone, Copy)]
pub struct CurrentSession(pub Option<Uuid>);

/// The person who sent the request.
///
/// # Errors
/// [`ApiError::Unauthenticated`] for anonymous clients.
pub fn viewer(ctx: &Context<'_>) -> ApiResult<Viewer> {
    viewer_if_any(ctx).ok_or(ApiError::Unauthenticated)
}

/// The person who sent the request; `None` for anonymous clients.
pub fn viewer_if_any(ctx: &Context<'_>) -> Option<Viewer> {
    ctx.data_opt::<CurrentPerson>().and_then(|current| current.0.as_deref()).map(Viewer::from)
}

/// Everybody.
pub fn anybody() -> Open {
    Open
}

/// Everybody who is signed in.
pub fn signed_in() -> Require {
    Require { refusal: "", allows: |_, _| true, people: [Uuid::nil(); 2] }
}

/// Administrators.
pub fn admin() -> Require {
    Require {
        refusal: "This is for administrators. Ask one.",
        allows: |viewer, _| viewer.role == UserRole::Admin,
        people: [Uuid::nil(); 2],
    }
}

/// Company management and administrators.
pub fn chief_or_admin() -> Require {
    Require {
        refusal: "This is for company management and administrators. Ask one.",
        allows: |viewer, _| matches!(viewer.role, UserRole::Chief | UserRole::Admin),
        people: [Uuid::nil(); 2],
    }
}

/// This person, and administrators.
pub fn oneself_or_admin(person: Uuid) -> Require {
    Require {
        refusal: "Only the person and administrators may read this.",
        allows: |viewer, people| people.contains(&viewer.id) || viewer.role == UserRole::Admin,
        people: [person; 2],
    }
}

/// The author or the recipient of a memo.
pub fn participant(author: Uuid, recipient: Uuid) -> Require {
    Require {
        refusal: "Only the memo's author and recipient may read this.",
        allows: |viewer, [author, recipient]| {
            let (is_author, is_recipient) = (viewer.id == *author, viewer.id == *recipient);
            MemoAccess { is_author, is_recipient, ..MemoAccess::default() }.reads_conclusion()
        },
        people: [author, recipient],
    }
}

/// A guard that lets everybody through. It shows in the code that this is intended.
pub struct Open;

#[async_trait]
impl Guard for Open {
    async fn check(&self, _: &Context<'_>) -> async_graphql::Result<()> {
        Ok(())
    }
}

/// A guard for viewers who are signed in and allowed.
pub struct Require {
    refusal: &'static str,
    allows: fn(&Viewer, &[Uuid; 2]) -> bool,
    people: [Uuid; 2],
}

#[async_trait]
impl Guard for Require {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        let viewer = viewer(ctx)?;
        if (self.allows)(&viewer, &self.people) {
            Ok(())
        } else {
            Err(ApiError::Forbidden(self.refusal).into())
        }
    }
}
