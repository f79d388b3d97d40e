//! Ends the stream of a person who may no longer use it.

use super::{App, rates::Exceeded};
use crate::auth::SignedIn;
use service::accounts::{Epoch, Presence};
use std::sync::Arc;

/// After how many seconds a person with too many streams may try again.
const AGAIN: u64 = 5;

/// A person who is signed in and has a stream open.
pub(super) struct StreamSession {
    authorization: Option<Vec<u8>>,
    signed_in: SignedIn,
    presence: Presence,
}

/// Registers a stream of that person.
///
/// # Errors
/// The person already has as many streams as allowed.
pub(super) fn enter(app: &App, epoch: Epoch, signed_in: &SignedIn) -> Result<Presence, Exceeded> {
    let most = app.limits.max_streams_per_person;
    app.registry.enter(epoch, &signed_in.person, signed_in.session, most).ok_or_else(|| Exceeded {
        message: format!(
            "You have too many streams: at most {most} WebSockets and event streams of a person \
            are allowed at a time. Close others."
        ),
        retry_after: AGAIN,
    })
}

impl StreamSession {
    /// Registers the stream.
    ///
    /// # Errors
    /// As for [`enter`].
    pub(super) fn enter(
        app: &App,
        epoch: Epoch,
        authorization: Option<Vec<u8>>,
        signed_in: SignedIn,
    ) -> Result<Self, Exceeded> {
        let presence = enter(app, epoch, &signed_in)?;
        Ok(Self { authorization, signed_in, presence })
    }

    /// Completes when the token has expired, or when the person, their role or their session has
    /// changed.
    pub(super) async fn end(self, app: Arc<App>) {
        let Self { authorization, signed_in, presence } = self;
        let expires = tokio::time::sleep(signed_in.expires_in(app.services.now()));
        let mut expires = std::pin::pin!(expires);
        loop {
            tokio::select! {
                () = &mut expires => return,
                () = presence.invalidated() => {}
            }
            match app.sign_in.sign_in(&app.services, authorization.as_deref()).await {
                Ok(Some(again)) if again.person.role == signed_in.person.role => {}
                Ok(_) => return,
                Err(problem) => {
                    tracing::info!(%problem, "no longer signed in: the stream ends");
                    return;
                }
            }
        }
    }
}
