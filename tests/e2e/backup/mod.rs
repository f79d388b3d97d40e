//! Backups of an installation on SQLite, and their restore. `api/tests/backup.rs` tests the
//! commands. PostgreSQL has its own tools for this.

mod load;
mod places;
mod refused;

use backup::{Created, FilePlace, NewBackup, Places, Restored};
use chrono::{DateTime, Utc};
use entity::{blob, file};
use memoranda_tests::{Actor, Office, Options, TestDatabase};
use sea_orm::EntityTrait;
use service::{
    clock::{ManualClock, SystemRandomness},
    progress::{Progress, Silent, Unit},
};
use sha2::{Digest, Sha256};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Calls a function when a step begins.
struct OnStep<F>(F);

impl<F: Fn(&str) + Send + Sync> Progress for OnStep<F> {
    fn begin(&self, step: &str, _: Option<u64>, _: Unit) {
        (self.0)(step);
    }
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

/// A backup of the office, to be written in its folder.
fn new_backup(office: &Office) -> NewBackup {
    NewBackup {
        path: office.database().folder.join("office.backup"),
        overwrite: false,
        accept_lost_files: false,
        version: "0.0.0".to_owned(),
        now: office.services.now(),
    }
}

async fn back_up_with(
    office: &Office,
    new: &NewBackup,
    progress: &dyn Progress,
) -> backup::Result<Created> {
    backup::create(&office.services.database, &office.backend.file_store, new, progress).await
}

/// Makes a backup that must succeed.
async fn back_up(office: &Office) -> PathBuf {
    let new = new_backup(office);
    back_up_with(office, &new, &Silent).await.unwrap();
    new.path
}

/// The places of an office in that folder.
fn places(folder: &Path) -> Places {
    Places { database: folder.join("test.db"), files: FilePlace::Folder(folder.join("files")) }
}

async fn restore(
    backup: &Path,
    places: &Places,
    replace: bool,
    now: DateTime<Utc>,
) -> backup::Result<Restored> {
    let clock = (Arc::new(ManualClock::new(now)) as _, Arc::new(SystemRandomness) as _);
    backup::restore(backup, places, replace, clock, &Silent).await
}

/// An office in another place, restored from that backup.
async fn restored(backup: &Path, now: DateTime<Utc>) -> (Office, Restored) {
    let database = TestDatabase::create().await;
    let restored = restore(backup, &places(&database.folder), false, now).await.unwrap();
    (Office::open_in(database, now, Options::default()).await, restored)
}

/// Asserts that each file has its bytes. Returns the number of files.
async fn every_file_has_its_bytes(office: &Office) -> usize {
    let connection = office.services.database.connection();
    let files = file::Entity::find().all(connection).await.unwrap();
    for file in &files {
        let blob = blob::Entity::find_by_id(&file.blob_sha256).one(connection).await.unwrap();
        let bytes = office.backend.file_store.get(&blob.unwrap().location).await;
        let bytes = bytes.unwrap_or_else(|error| panic!("{}: {error}", file.name));
        assert_eq!(hex::encode(Sha256::digest(&bytes)), file.blob_sha256, "{}", file.name);
    }
    files.len()
}

/// The content of a file as a person downloads it.
async fn download(person: &Actor, file: &str) -> String {
    let address = format!("{}/files/{file}", person.address);
    let request = reqwest::Client::new().get(address).bearer_auth(person.token());
    request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap()
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
