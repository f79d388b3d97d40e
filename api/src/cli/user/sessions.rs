//! `memoranda user sessions` and `memoranda user sign-out`

use super::Whom;
use crate::cli::{
    Failure, help_with,
    table::{Format, Tabular, moment},
};
use chrono::{DateTime, Utc};
use entity::session;
use serde::Serialize;
use service::{accounts, ids};

const SESSIONS_EXAMPLES: &str = "  memoranda user sessions ada";

/// List a person's sessions: the devices on which they are signed in with their password
#[derive(clap::Args)]
#[command(after_help = help_with(SESSIONS_EXAMPLES))]
pub(super) struct Sessions {
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    format: Format,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    id: String,
    created_at: DateTime<Utc>,
    refreshed_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    user_agent: Option<String>,
}

impl From<session::Model> for Session {
    fn from(session: session::Model) -> Self {
        Self {
            id: ids::session(session.id).to_string(),
            created_at: session.created_at,
            refreshed_at: session.refreshed_at,
            expires_at: session.expires_at,
            user_agent: session.user_agent,
        }
    }
}

impl Tabular for Session {
    const HEADINGS: &'static [&'static str] =
        &["SIGNED IN", "LAST SEEN", "EXPIRES", "DEVICE", "ID"];

    fn cells(&self) -> Vec<String> {
        vec![
            moment(self.created_at),
            moment(self.refreshed_at),
            moment(self.expires_at),
            self.user_agent.clone().unwrap_or_default(),
            self.id.clone(),
        ]
    }
}

impl Sessions {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (services, person) = self.whom.find().await?;
        let sessions = accounts::sessions_of(&services, person.id).await?;
        services.database.close().await?;
        self.format.list(&sessions.into_iter().map(Session::from).collect::<Vec<_>>())
    }
}

const SIGN_OUT_EXAMPLES: &str = "  memoranda user sign-out ada";

/// End all sessions of a person. Tokens of `memoranda token` and of a provider remain valid
#[derive(clap::Args)]
#[command(after_help = help_with(SIGN_OUT_EXAMPLES))]
pub(super) struct SignOut {
    #[command(flatten)]
    whom: Whom,
}

impl SignOut {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (services, person) = self.whom.find().await?;
        accounts::end_all_of(&services, person.id).await?;
        Ok(services.database.close().await?)
    }
}
