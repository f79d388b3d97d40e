//! Guards of fields, and the directive that shows them in the schema. A test proves that the two
//! agree.

use super::error::{ApiError, ApiResult};
use async_graphql::{Context, Enum, Guard, TypeDirective};
use entity::{UserRole, user};
use service::{Viewer, access::MemoAccess};
use uuid::Uuid;

/// What a field asks of the person who reads it.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "AuthRequirement")]
pub enum Requirement {
    /// Nothing: whoever sends the request, signed in or not.
    Anybody,
    /// Anybody who is signed in; others get the error UNAUTHENTICATED.
    SignedIn,
    /// An administrator; others get the error FORBIDDEN.
    Admin,
    /// Company management, or an administrator; others get the error FORBIDDEN.
    ChiefOrAdmin,
    /// The person whom the object is about, or an administrator; others get the error FORBIDDEN.
    SelfOrAdmin,
    /// The author or the recipient of the memo; others get the error FORBIDDEN.
    Participant,
}

/// The field answers only to whom it requires; to others it is null, with an error that says why.
#[TypeDirective(location = "FieldDefinition")]
pub fn auth(#[graphql(desc = "What it asks of the viewer.")] requires: Requirement) {}

/// Who sent the request, if anybody signed in.
#[derive(Debug, Clone)]
pub struct CurrentPerson(pub Option<user::Model>);

/// The session in which they did, if it is one of this server's own.
#[derive(Debug, Clone, Copy)]
pub struct CurrentSession(pub Option<Uuid>);

/// The person who sent the request.
///
/// # Errors
/// [`ApiError::Unauthenticated`] if nobody signed in.
pub fn viewer(ctx: &Context<'_>) -> ApiResult<Viewer> {
    viewer_if_any(ctx).ok_or(ApiError::Unauthenticated)
}

/// The person who sent the request, if anybody signed in.
pub fn viewer_if_any(ctx: &Context<'_>) -> Option<Viewer> {
    ctx.data_opt::<CurrentPerson>().and_then(|current| current.0.as_ref()).map(Viewer::from)
}

/// Whoever it is.
pub fn anybody() -> Open {
    Open
}

/// Anybody who is signed in.
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

/// That person, and administrators.
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

/// A guard that lets everybody through: it is there to be seen.
pub struct Open;

impl Guard for Open {
    async fn check(&self, _: &Context<'_>) -> async_graphql::Result<()> {
        Ok(())
    }
}

/// A guard: the viewer must be signed in and allowed.
pub struct Require {
    refusal: &'static str,
    allows: fn(&Viewer, &[Uuid; 2]) -> bool,
    people: [Uuid; 2],
}

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
