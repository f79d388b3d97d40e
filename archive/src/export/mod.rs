//! Writes an archive.

mod contents;
mod rows;
mod target;

pub use target::Target;

use crate::{
    Error, Result, layout,
    manifest::{Manifest, MissingContent},
    snapshot::Snapshot,
    tables::TABLES,
};
use service::{
    Services,
    blobs::{self, FileStore, StoreState},
    mail,
    progress::{Progress, Unit},
};
use std::io::Write;

/// What an export has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The number of rows of all tables.
    pub rows: u64,
    /// The number of contents of files.
    pub contents: u64,
    /// The contents that are not in the archive, because the file store lacks them.
    pub missing: Vec<MissingContent>,
    /// How many mails wait to be sent. No archive has them.
    pub waiting_mails: u64,
}

/// Writes everything that the database and the file store have at one moment. Servers may run
/// meanwhile. The database is migrated by this version.
///
/// The bytes of a file may go after that moment, if a purge erases its memo. Then they are in
/// [`Exported::missing`], as bytes that were lost before are, and everything else is in the
/// archive.
///
/// # Errors
/// Returns errors of database, file store and target. The target has no manifest then, and no
/// import takes it.
pub async fn export(
    services: &Services,
    store: &FileStore,
    mut target: Target,
    progress: &dyn Progress,
) -> Result<Exported> {
    if blobs::inspect(&services.database, store).await? == StoreState::Lost {
        return Err(Error::refused(
            "the file store is not the one in which this database's files are: mount it, or \
             correct file-store",
        ));
    }
    let mut manifest = Manifest::new();
    let snapshot = Snapshot::begin(&services.database).await?;
    let mut rows = 0;
    for table in TABLES {
        rows += snapshot.count(table).await?;
    }
    // The bytes come first, because they are the only thing that may go meanwhile.
    contents::write(&snapshot, store, &mut target, &mut manifest, progress).await?;
    progress.begin("exporting rows", Some(rows), Unit::Rows);
    for table in TABLES {
        let file = rows::write(&snapshot, table, &mut target, progress).await?;
        manifest.tables.push(file);
    }
    progress.end();
    manifest.sequences = snapshot.sequences().await?;
    snapshot.end().await?;
    let mut draft = target.drafts().begin()?;
    draft.write_all(manifest.text()?.as_bytes()).map_err(|error| draft.failure(error))?;
    target.keep(draft, layout::MANIFEST)?;
    target.finish()?;
    let waiting = mail::waiting(services).await?.mails;
    Ok(Exported {
        rows: manifest.tables.iter().map(|file| file.rows).sum(),
        contents: manifest.contents.count,
        missing: manifest.missing,
        waiting_mails: u64::try_from(waiting).unwrap_or_default(),
    })
}
