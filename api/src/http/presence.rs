//! When somebody who listens may do so no longer.

use super::App;
use crate::auth::SignedIn;
use service::accounts::Presence;
use std::sync::Arc;

/// Somebody who is signed in and stays for a while.
pub(super) struct Here {
    pub(super) authorization: Option<Vec<u8>>,
    pub(super) signed_in: SignedIn,
    pub(super) presence: Presence,
}

impl Here {
    /// Completes when the token has expired, or the person, their role or their session is no longer what it was.
    pub(super) async fn end(self, app: Arc<App>) {
        let Self { authorization, signed_in, presence } = self;
        let expires = tokio::time::sleep(signed_in.expires_in(app.services.now()));
        let mut expires = std::pin::pin!(expires);
        loop {
            tokio::select! {
                () = &mut expires => return,
                () = presence.doubted() => {}
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
