//! `memoranda purge`

use super::{Failure, help_with, logging, open, output};
use crate::settings::{
    Group, Row, Scope, SettingArgs,
    table::schedule::{RESTORABLE_DAYS, UPLOAD_HOURS},
};
use service::{files, memo_deletion::purge, observed_time::TimeObserver, person_erasure};

const EXAMPLES: &str = "  memoranda purge";

/// Erase deleted memos that can no longer be restored, and files and bytes that nothing uses. A
/// running server does this on a schedule
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Purge {
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Purge {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Files, Group::Common];
    const SINGLE: &'static [&'static Row] = &[&RESTORABLE_DAYS.row];
}

impl Purge {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let (uploads_kept_for, restorable_for) =
            (values.get(&UPLOAD_HOURS)?, values.get(&RESTORABLE_DAYS)?);
        let database =
            open::connect_to_migrated(&values, "apply them with `memoranda migrate`").await?;
        let file_store = open::file_store(&values, &database).await?;
        let services = open::services(database);
        let observed = TimeObserver::new(restorable_for).observe(&services).await?;
        // Uploads go first, so that the same run removes their bytes.
        let uploads = files::purge(&services, &file_store, observed, uploads_kept_for).await?;
        let purged = purge(&services, &file_store, observed).await?;
        person_erasure::purge(&services).await?;
        services.database.close().await?;
        output::print(&format!(
            "erased: deletion records {}, unused uploads {}, stored contents {}",
            purged.records,
            uploads.files + uploads.interrupted,
            purged.blobs
        ))
    }
}
