//! Whether the installation is backed up.

use super::finding::Finding;
use crate::{
    cli::backup::moment,
    settings::{Values, sqlite_file, table::database::DATABASE_URL},
};
use service::{
    clock::{Clock, SystemClock},
    database::Database,
    health, installation, observed_time,
};

/// When the last backup began. The database knows it only on SQLite.
pub(super) async fn check(values: &Values, database: Option<&Database>) -> Option<Finding> {
    let (database, _) = (database?, sqlite_file(&values.get(&DATABASE_URL).ok()?)?);
    let known = installation::last_backup(database).await;
    Some(match known {
        Ok(Some(began)) => Finding::ok(
            "backup",
            format!(
                "the last one began at {}, {} ago",
                moment(began),
                observed_time::days(SystemClock.now() - began)
            ),
        ),
        Ok(None) if health::has_memos(database).await.unwrap_or(true) => Finding::warning(
            "backup",
            "there has been none: make one with `memoranda backup FILE`, every day. If you back up \
             by other means, nothing is wrong",
        ),
        Ok(None) => Finding::ok("backup", "there has been none, and there is no memo yet"),
        Err(error) => {
            Finding::fail("backup", format!("the last one cannot be read ({error}): try again"))
        }
    })
}
