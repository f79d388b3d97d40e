//! `memoranda user link`

use super::{erased, existing, open_services};
use crate::{
    cli::{Failure, demo_args::DemoArgs, help_with},
    settings::{Group, Row, Scope, SettingArgs, table::sign_in::OIDC_ISSUER},
};
use service::accounts::{self, LinkError};

const LINK_EXAMPLES: &str =
    "  memoranda user link ada 248289761001 --oidc-issuer https://login.example.org";

/// Link a person to their account at the OpenID Connect provider. From then on, they sign in there
#[derive(clap::Args)]
#[command(after_help = help_with(LINK_EXAMPLES))]
pub(super) struct Link {
    /// The person's username
    username: String,
    /// The `sub` of the person's tokens
    subject: String,
    #[command(flatten)]
    demo: DemoArgs,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Link {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
    const SINGLE: &'static [&'static Row] = &[&OIDC_ISSUER.row];
}

impl Link {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        let issuer = values.get(&OIDC_ISSUER)?;
        let services = open_services(values, self.demo).await?;
        let person = existing(&services, &self.username).await?;
        let linked = match accounts::link(&services, &person, &issuer, &self.subject).await {
            Ok(()) => Ok(()),
            Err(LinkError::AlreadyLinked) => Err(Failure::failed(
                "the person is already linked to another subject, or the subject to another person",
            )),
            Err(LinkError::Erased) => Err(erased()),
            Err(LinkError::Failed(error)) => return Err(error.into()),
        };
        services.database.close().await?;
        linked
    }
}
