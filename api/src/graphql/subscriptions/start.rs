//! Where a subscription starts.

use crate::graphql::{
    error::{ApiError, ApiResult},
    guard::viewer,
    loaders::deletion_settings,
};
use async_graphql::{Context, ID};
use service::feed::{self, ListenRefusal, Sequence};

/// The argument for the last id that the client received.
const AFTER: &str = "after";

/// Where a subscription starts.
pub(super) struct Start {
    /// The position after which it starts; from now on if there is none.
    pub(super) position: Option<i64>,
    /// The argument or key that gave it.
    given_as: &'static str,
}

impl Start {
    /// Starts after the later of two ids: that of the argument `after`, and that of the connection
    /// with its key. A client that reconnects repeats its operations unchanged, so that the id of
    /// the connection is then the newer one. `what` names the row that has such an id, with its
    /// article.
    ///
    /// # Errors
    /// [`ApiError::BadUserInput`] if one is not the id of a row that the viewer received.
    pub(super) fn of(
        ctx: &Context<'_>,
        (sequence, what): (Sequence, &str),
        after: Option<&ID>,
        (key, last): (&'static str, Option<String>),
    ) -> ApiResult<Self> {
        let mut start = Self { position: None, given_as: AFTER };
        for (name, id) in [(AFTER, after.map(|id| id.0.clone())), (key, last)] {
            let Some(id) = id else { continue };
            let confirmation_key = &deletion_settings(ctx)?.confirmation_key;
            let position = feed::open_id(confirmation_key, sequence, viewer(ctx)?, &id);
            let position = position.ok_or_else(|| {
                let problem = format!("{name} is not the id of {what} that you received");
                ApiError::bad_input(name, format!("{problem}. Give the `id` of one."))
            })?;
            if start.position < Some(position) {
                start = Self { position: Some(position), given_as: name };
            }
        }
        Ok(start)
    }

    /// The error of a refused start.
    pub(super) fn refused(&self, refusal: ListenRefusal, what: &str) -> ApiError {
        let name = self.given_as;
        let problem = match refusal {
            ListenRefusal::Expired => {
                format!("{name}: some {what}s after this one are no longer kept")
            }
            ListenRefusal::Unknown => format!("{name}: there is no such {what}"),
        };
        ApiError::bad_input(
            name,
            format!("{problem}. Load the lists again, and listen without it."),
        )
    }
}
