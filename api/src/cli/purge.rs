//! `memoranda purge`

use super::{Failure, help_with, logging, open, output};
use crate::settings::{
    Given, Group, Scope,
    groups::{COMMON, CONNECTIONS, DATABASE, FILES},
};
use service::memo_deletion::purge;

const EXAMPLES: &str = "  memoranda purge";

/// Erase now what can no longer be restored, and the bytes of files that nothing uses; the server does so on a schedule
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Purge {
    #[command(flatten)]
    settings: Given<Self>,
}

impl Scope for Purge {
    const SETTINGS: &'static [Group] = &[DATABASE, CONNECTIONS, FILES, COMMON];
}

impl Purge {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let database = open::connect_to_migrated(&values, "apply them with `memoranda migrate`").await?;
        let services = open::services_without_deletion(database, open::file_store(&values)?);
        let purged = purge(&services).await?;
        services.database.close().await?;
        output::print(&format!(
            "erased: deletion records {}, stored contents {}",
            purged.records, purged.blobs
        ))
    }
}
